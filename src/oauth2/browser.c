/* SPDX-License-Identifier: MIT */
/*
 * Which browser, and its words. Neither our terminal nor our end disturbs it,
 * nor it us; no shell ever sees the URL. Doesn't know what the URL is for.
 */
#include "oauth2/browser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/spawn.h"
#include "base/text.h"

enum {
	WORDS_MAX = 32,
	WORD_MAX = 65536
};

/* In the syntax of $BROWSER; what isn't installed is passed over. */
#ifdef __APPLE__
static const char of_the_desktop[] = "open";
#else
static const char of_the_desktop[] = "xdg-open:gio open:wslview:x-www-browser";
#endif

static const char *commands(void);
static bool has_display(void);
static bool try_command(const char *command, size_t len, const char *url,
    pid_t *ret_pid);
static int split(const char *command, const char *url, char **words);
static char *fill(const char *word, size_t len, const char *url, bool *has_url);
static bool start(char *const argv[], pid_t *ret_pid);

bool
browser_open(const char *url, pid_t *ret_pid)
{
	const char *command = commands();

	while (command != NULL && *command != '\0') {
		size_t len = strcspn(command, ":");

		if (try_command(command, len, url, ret_pid))
			return true;
		command += len + (command[len] == ':');
	}
	return false;
}

void
browser_release(pid_t pid)
{
	while (waitpid(pid, NULL, WNOHANG) == -1 && errno == EINTR)
		continue;
}

static const char *
commands(void)
{
	const char *chosen = getenv("BROWSER");

	if (chosen != NULL && *chosen != '\0')
		return chosen;
	return has_display() ? of_the_desktop : NULL;
}

static bool
has_display(void)
{
#ifdef __APPLE__
	/* A session by ssh has no desktop. */
	return getenv("SSH_CONNECTION") == NULL;
#else
	const char *x11 = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");

	return (x11 != NULL && *x11 != '\0') ||
	    (wayland != NULL && *wayland != '\0');
#endif
}

static bool
try_command(const char *command, size_t len, const char *url, pid_t *ret_pid)
{
	char *words[WORDS_MAX + 2] = {NULL};
	char *copy = text_copy(command, len);
	bool started = false;

	if (copy != NULL && split(copy, url, words) == 0)
		started = start(words, ret_pid);
	for (size_t i = 0; words[i] != NULL; i++)
		free(words[i]);
	free(copy);
	return started;
}

/* Fills words with copies, the URL among them. -1 when there is no command, or
 * too much of one. */
static int
split(const char *command, const char *url, char **words)
{
	bool has_url = false;
	size_t count = 0;

	for (;;) {
		size_t len;

		command += strspn(command, " \t");
		len = strcspn(command, " \t");
		if (len == 0)
			break;
		if (count == WORDS_MAX)
			return -1;
		words[count] = fill(command, len, url, &has_url);
		if (words[count++] == NULL)
			return -1;
		command += len;
	}
	if (count == 0)
		return -1;
	if (has_url)
		return 0;
	words[count] = text_copy(url, strlen(url));
	return words[count] == NULL ? -1 : 0;
}

/* A copy of a word with the URL in place of "%s", and "%" for "%%". */
static char *
fill(const char *word, size_t len, const char *url, bool *has_url)
{
	const char *end = word + len;
	struct buf filled;
	struct error ignored;
	char *text = NULL;

	buf_init(&filled, WORD_MAX);
	while (word < end) {
		bool is_pair = *word == '%' && word + 1 < end;
		const char *piece = word;
		size_t piece_len = 1;

		if (is_pair && word[1] == 's') {
			*has_url = true;
			piece = url;
			piece_len = strlen(url);
		}
		word += is_pair && (word[1] == 's' || word[1] == '%') ? 2 : 1;
		if (buf_add(&filled, piece, piece_len, &ignored) == -1)
			goto out;
	}
	text = buf_take(&filled);
out:
	buf_done(&filled);
	return text;
}

static bool
start(char *const argv[], pid_t *ret_pid)
{
	struct spawn_child child;
	struct error ignored;

	if (spawn_start(&child, argv, SPAWN_DETACHED, &ignored) == -1)
		return false;
	*ret_pid = child.pid;
	return true;
}
