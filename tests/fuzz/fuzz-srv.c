/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a DNS answer: its SRV targets are sorted host names with a port,
 * and no more than fit in it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/srv.h"

#include "fuzz.h"

enum {
	RECORD_MIN = 18 /* bytes of an SRV record: the shortest possible */
};

static void
check_order(const struct srv_target *before, const struct srv_target *target)
{
	require(before->priority <= target->priority);
	require(before->priority < target->priority ||
	    before->weight >= target->weight);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct srv_list list;
	struct error err;
	/* What is read after its end is found. */
	unsigned char *exact = malloc(len > 0 ? len : 1);
	int result;

	require(exact != NULL);
	memcpy(exact, data, len);
	srv_list_init(&list);
	result = srv_parse(&list, exact, len, "example.org", &err);
	if (result == -1) {
		require(err.code == ERROR_TEMPORARY);
		check_text(err.message);
	}
	require(list.count <= len / RECORD_MIN);
	for (size_t i = 0; i < list.count; i++) {
		const struct srv_target *target = &list.target[i];

		require(target->port != 0);
		require(*target->host != '\0' && strlen(target->host) <= 253);
		require(strpbrk(target->host, " \"\\\n=%{}") == NULL);
		check_text(target->host);
		if (result == 0 && i > 0)
			check_order(&list.target[i - 1], target);
	}
	srv_list_done(&list);
	free(exact);
	return 0;
}
