/* SPDX-License-Identifier: MIT */
/*
 * Splits input into lines and finds the redirect URL in a line.
 */
#include "oauth2/paste.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

static int paste_add_byte(struct paste *paste, char c, struct error *err);
static bool paste_end_line(struct paste *paste,
    const struct paste_callback *owner);
static bool is_url_wrapping(char c);

void
paste_init(struct paste *paste, int fd)
{
	*paste = (struct paste){.fd = fd};
}

void
paste_done(struct paste *paste)
{
	secret_free(paste->line);
	paste_init(paste, -1);
}

int
paste_read(struct paste *paste, const struct paste_callback *owner,
    struct error *err)
{
	char piece[1024];
	ssize_t got = read(paste->fd, piece, sizeof piece);
	bool wants_more = true;
	int result = 0;

	if (got == 0 || (got == -1 && errno != EINTR && errno != EAGAIN)) {
		paste->fd = -1;
		/* The last line may lack a newline. */
		paste_end_line(paste, owner);
	}
	for (ssize_t i = 0; i < got && result == 0 && wants_more; i++) {
		if (piece[i] == '\n' || piece[i] == '\r')
			wants_more = paste_end_line(paste, owner);
		else
			result = paste_add_byte(paste, piece[i], err);
	}
	secret_wipe(piece, sizeof piece);
	return result;
}

void
paste_discard(const struct paste *paste)
{
	if (paste->fd != -1)
		tcflush(paste->fd, TCIFLUSH);
}

bool
paste_find_query(const struct secret *line, const char *place,
    const char **ret_query, size_t *ret_len)
{
	static const char scheme[] = "http://";
	const char *at = secret_bytes(line);
	const char *end = at + secret_len(line);
	const char *query;

	while (at < end && is_url_wrapping(*at))
		at++;
	while (end > at && is_url_wrapping(end[-1]))
		end--;
	if (text_has_prefix(at, scheme))
		at += strlen(scheme);
	if (!text_has_prefix(at, place) || at[strlen(place)] != '?')
		return false;
	query = at + strlen(place) + 1;
	at = memchr(query, '#', (size_t)(end - query));
	*ret_query = query;
	*ret_len = (size_t)((at == NULL ? end : at) - query);
	return true;
}

static int
paste_add_byte(struct paste *paste, char c, struct error *err)
{
	struct error too_long;

	if (paste->line == NULL)
		paste->line = secret_new(err);
	if (paste->line == NULL)
		return -1;
	if (secret_add(paste->line, &c, 1, &too_long) == -1) {
		secret_free(paste->line);
		paste->line = NULL;
	}
	return 0;
}

/* Passes the line to the callback. Empty lines are ignored. */
static bool
paste_end_line(struct paste *paste, const struct paste_callback *owner)
{
	struct secret *line = paste->line;
	bool wants_more = true;

	paste->line = NULL;
	if (line != NULL)
		wants_more = owner->on_line(owner->context, line);
	secret_free(line);
	return wants_more;
}

static bool
is_url_wrapping(char c)
{
	return c != '\0' && strchr(" \t\"'<>", c) != NULL;
}
