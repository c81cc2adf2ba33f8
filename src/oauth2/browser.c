/* SPDX-License-Identifier: MIT */
/*
 * Finds the command of the browser and runs it with the URL, without a shell
 * and detached from the terminal, so that it continues after this program.
 */
#include "oauth2/browser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/process.h"
#include "base/spawn.h"
#include "base/text.h"

enum {
	WORDS_MAX = 32,
	WORD_MAX = 65536
};

/* In the syntax of $BROWSER. Commands that are not installed are skipped. */
#ifdef __APPLE__
static const char desktop_browsers[] = "open";
#else
static const char desktop_browsers[] =
    "xdg-open:gio open:wslview:x-www-browser";
#endif

static const char *browser_commands(void);
static bool browser_try_command(const char *command, size_t len,
    const char *url, pid_t *ret_pid);
static int browser_split_command(const char *command, const char *url,
    char **words);
static char *browser_expand_word(const char *word, size_t len, const char *url,
    bool *has_url);
static bool browser_start(char *const argv[], pid_t *ret_pid);

bool
browser_open(const char *url, pid_t *ret_pid)
{
	const char *command = browser_commands();

	while (command != NULL && *command != '\0') {
		size_t len = strcspn(command, ":");

		if (browser_try_command(command, len, url, ret_pid))
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
browser_commands(void)
{
	const char *chosen = getenv("BROWSER");

	if (chosen != NULL && *chosen != '\0')
		return chosen;
	return process_has_display() ? desktop_browsers : NULL;
}

static bool
browser_try_command(const char *command, size_t len, const char *url,
    pid_t *ret_pid)
{
	char *words[WORDS_MAX + 2] = {NULL};
	char *copy = text_copy(command, len);
	bool started = false;

	if (copy != NULL && browser_split_command(copy, url, words) == 0)
		started = browser_start(words, ret_pid);
	for (size_t i = 0; words[i] != NULL; i++)
		free(words[i]);
	free(copy);
	return started;
}

/* Splits a command into words, copies that include the URL. Returns -1 if the
 * command is empty or too long. */
static int
browser_split_command(const char *command, const char *url, char **words)
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
		words[count] = browser_expand_word(command, len, url, &has_url);
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

/* Returns a copy of a word with "%s" replaced by the URL and "%%" by "%". */
static char *
browser_expand_word(const char *word, size_t len, const char *url,
    bool *has_url)
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
browser_start(char *const argv[], pid_t *ret_pid)
{
	struct spawn_child child;
	struct error ignored;

	if (spawn_start(&child, argv, SPAWN_DETACHED, &ignored) == -1)
		return false;
	*ret_pid = child.pid;
	return true;
}
