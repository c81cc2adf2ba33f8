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
#include "base/words.h"

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
static int browser_split_command(char *command, const char *url, char **argv);
static char *browser_expand_word(const char *word, const char *url,
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
	char *argv[WORDS_MAX + 2] = {NULL};
	char *copy = text_copy(command, len);
	bool started = false;

	if (copy != NULL && browser_split_command(copy, url, argv) == 0)
		started = browser_start(argv, ret_pid);
	for (size_t i = 0; argv[i] != NULL; i++)
		free(argv[i]);
	free(copy);
	return started;
}

/* Splits a command, in place, into arguments that include the URL. Returns -1
 * if the command is empty or too long. */
static int
browser_split_command(char *command, const char *url, char **argv)
{
	char *word[WORDS_MAX];
	bool has_url = false;
	size_t count;

	if (words_split(command, word, WORDS_MAX, &count) == -1 || count == 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		argv[i] = browser_expand_word(word[i], url, &has_url);
		if (argv[i] == NULL)
			return -1;
	}
	if (has_url)
		return 0;
	argv[count] = text_copy(url, strlen(url));
	return argv[count] == NULL ? -1 : 0;
}

/* Returns a copy of a word with "%s" replaced by the URL and "%%" by "%". */
static char *
browser_expand_word(const char *word, const char *url, bool *has_url)
{
	struct buf filled;
	struct error ignored;

	buf_init(&filled, WORD_MAX);
	while (*word != '\0') {
		bool is_url = word[0] == '%' && word[1] == 's';
		bool is_percent = word[0] == '%' && word[1] == '%';
		int result = is_url ? buf_add_text(&filled, url, &ignored)
				    : buf_add(&filled, word, 1, &ignored);

		if (result == -1) {
			buf_done(&filled);
			return NULL;
		}
		*has_url = *has_url || is_url;
		word += is_url || is_percent ? 2 : 1;
	}
	return buf_take(&filled);
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
