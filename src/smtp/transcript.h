/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TRANSCRIPT_H
#define SMTP_TRANSCRIPT_H

/*
 * The transcript of a session, for people. Contains no secrets; everything that
 * a server sends is made printable.
 */

#include <stddef.h>

enum transcript_side {
	TRANSCRIPT_CLIENT, /* we sent a command */
	TRANSCRIPT_SERVER, /* a reply line came */
	TRANSCRIPT_NOTE    /* something else happened */
};

/* line may be NULL. */
struct transcript {
	void (
	    *line)(void *context, enum transcript_side side, const char *text);
	void *context;
};

/* Records the first line of len bytes, without its line end. */
void transcript_add(const struct transcript *transcript,
    enum transcript_side side, const char *text, size_t len);

/* Records a note about the session. Never pass it a secret. */
void transcript_note(const struct transcript *transcript, const char *format,
    ...) __attribute__((format(printf, 2, 3)));

#endif
