/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a DNS answer: its MX hosts are sorted and printable, and no more
 * than fit in it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/mx.h"

#include "fuzz.h"

enum {
	RECORD_MIN = 12 /* bytes of an MX record: the shortest possible */
};

/* A dot that belongs to the last label is escaped. */
static void
check_name(const char *name)
{
	size_t len = strlen(name);

	require(len > 0 && len < 1025);
	check_text(name);
	require(name[len - 1] != '.' || (len > 1 && name[len - 2] == '\\'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct mx_list list;
	struct error err;
	/* What is read after its end is found. */
	unsigned char *exact = malloc(len > 0 ? len : 1);
	int result;

	require(exact != NULL);
	memcpy(exact, data, len);
	mx_list_init(&list);
	result = mx_parse(&list, exact, len, "example.org", &err);
	if (result == -1) {
		require(err.code == ERROR_TEMPORARY);
		check_text(err.message);
	}
	require(list.count <= len / RECORD_MIN);
	for (size_t i = 0; i < list.count; i++) {
		check_name(list.host[i].name);
		require(result == -1 || i == 0 ||
		    list.host[i - 1].preference <= list.host[i].preference);
	}
	mx_list_done(&list);
	free(exact);
	return 0;
}
