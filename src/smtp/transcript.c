/* SPDX-License-Identifier: MIT */
/*
 * Makes the lines of a transcript printable and passes them on. Does not know
 * where they are shown.
 */
#include "smtp/transcript.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	TRANSCRIPT_LINE_MAX = 1024
};

void
transcript_add(const struct transcript *transcript, enum transcript_side side,
    const char *text, size_t len)
{
	char printable[TRANSCRIPT_LINE_MAX];

	if (transcript->line == NULL)
		return;
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	text_printable(printable, sizeof printable, text, len);
	transcript->line(transcript->context, side, printable);
}

void
transcript_note(const struct transcript *transcript, const char *format, ...)
{
	char note[TRANSCRIPT_LINE_MAX];
	va_list args;

	if (transcript->line == NULL)
		return;
	va_start(args, format);
	vsnprintf(note, sizeof note, format, args);
	va_end(args);
	transcript_add(transcript, TRANSCRIPT_NOTE, note, strlen(note));
}
