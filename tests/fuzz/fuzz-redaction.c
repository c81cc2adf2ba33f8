/* SPDX-License-Identifier: MIT */
/*
 * Any text that quotes a secret: no run of 8 characters of it remains, and the
 * lines of a reply keep their number and their codes.
 */
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/redaction.h"

#include "fuzz.h"

enum {
	RUN = 8,
	TEXT_MAX = 1 << 24
};

static const char secret[] = "zwanzig-4711-xyzzy";
static const char marker[] = "<redacted>";

/* Looks at the text between two markers, without case and white space. */
static void
check_piece(const char *piece, size_t len)
{
	char run[RUN + 1] = "";
	size_t count = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)piece[i];

		if (byte <= ' ' || byte == 0x7f)
			continue;
		memmove(run, run + 1, RUN - 1);
		run[RUN - 1] = (char)tolower(byte);
		if (++count >= RUN)
			require(memmem(secret, sizeof secret - 1, run, RUN) ==
			    NULL);
	}
}

static void
check_pieces(const struct buf *text)
{
	const char *at = buf_text(text);
	const char *end = at + text->len;
	const char *next;

	while ((next = memmem(at, (size_t)(end - at), marker,
		    sizeof marker - 1)) != NULL) {
		check_piece(at, (size_t)(next - at));
		at = next + sizeof marker - 1;
	}
	check_piece(at, (size_t)(end - at));
}

static void
check_codes(const char *before, size_t before_len, const struct buf *text)
{
	const char *after = buf_text(text);
	const char *after_end = after + text->len;
	const char *before_end = before + before_len;

	for (;;) {
		const char *line =
		    memchr(before, '\n', (size_t)(before_end - before));
		const char *redacted =
		    memchr(after, '\n', (size_t)(after_end - after));

		if (before_end - before >= 4 &&
		    isdigit((unsigned char)before[0]) &&
		    isdigit((unsigned char)before[1]) &&
		    isdigit((unsigned char)before[2]) && before[3] == '-')
			require(after_end - after >= 4 &&
			    memcmp(before, after, 4) == 0);
		require((line == NULL) == (redacted == NULL));
		if (line == NULL || redacted == NULL)
			return;
		before = line + 1;
		after = redacted + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct redaction redaction = {0};
	struct error err;
	struct buf text;

	redaction_add(&redaction, secret, sizeof secret - 1);
	redaction_add_base64(&redaction, secret, sizeof secret - 1);
	for (int kind = REDACTION_TEXT; kind <= REDACTION_REPLY; kind++) {
		buf_init(&text, TEXT_MAX);
		require(buf_add(&text, data, len, &err) == 0);
		require(redaction_apply(&redaction, &text,
			    (enum redaction_text)kind, &err) == 0);
		if (kind == REDACTION_REPLY)
			check_codes((const char *)data, len, &text);
		else
			check_pieces(&text);
		buf_done(&text);
	}
	redaction_done(&redaction);
	return 0;
}
