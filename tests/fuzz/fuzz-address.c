/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an address list: what is accepted can stand in a command, and is
 * read again as itself.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/address.h"

#include "fuzz.h"

static void
check_bytes(const char *address)
{
	size_t len = strlen(address);

	require(len > 0 && len <= 998);
	require(text_is_utf8(address, len));
	for (size_t i = 0; i < len; i++)
		require((unsigned char)address[i] >= ' ' && address[i] != 0x7F);
}

static void
check_reads_as_itself(const char *address)
{
	struct address_list list;
	struct error err;

	address_list_init(&list);
	require(address_list_parse(&list, address, strlen(address), "address",
		    &err) == 0);
	require(list.count == 1);
	require(strcmp(list.address[0], address) == 0);
	address_list_done(&list);
}

static void
check_envelope(const char *address)
{
	struct error err;
	char *wire = address_for_envelope(address, &err);

	if (wire == NULL) {
		require(err.code == ERROR_DATA);
		return;
	}
	check_bytes(wire);
	check_reads_as_itself(wire);
	free(wire);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct address_list list;
	struct error err;

	address_list_init(&list);
	if (address_list_parse(&list, (const char *)data, len, "To", &err) ==
	    -1)
		require(err.code == ERROR_DATA && err.message[0] != '\0');
	for (size_t i = 0; i < list.count; i++) {
		check_bytes(list.address[i]);
		check_reads_as_itself(list.address[i]);
		check_envelope(list.address[i]);
	}
	address_list_done(&list);
	return 0;
}
