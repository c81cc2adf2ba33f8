/* SPDX-License-Identifier: MIT */
/*
 * Tests prompting at a pseudo-terminal: what is displayed, what can be entered,
 * and that the terminal is restored.
 */
#include "fetch.h"

#include <poll.h>
#ifdef __APPLE__
#include <util.h>
#else
#include <pty.h>
#endif
#include <sys/wait.h>
#include <termios.h>

#define QUESTION "password for alice@example.test at smtp.example.test: "

enum {
	WRONG_PASSWORD = 100,
	ECHO_WAS_OFF = 101
};

struct person {
	pid_t pid; /* of the program in front of them */
	int terminal;
	char seen[4096];
	size_t seen_len;
};

/* Prompts in a child process; its exit status is the result. */
static void
be_the_program(bool may_prompt)
{
	struct credential_request request = request_of(NULL, NULL, ENOUGH_MS);
	const struct secret *secret;
	struct credential *credential;
	struct error err;

	request.prompt = may_prompt;
	credential = credential_start(&request, &err);
	if (credential == NULL ||
	    credential_await(credential, &secret, &err) == -1)
		_exit(err.code);
	_exit(strcmp(secret_bytes(secret), "s3cret") == 0 ? 0 : WRONG_PASSWORD);
}

static bool
has_echo(int terminal)
{
	struct termios state;

	return tcgetattr(terminal, &state) == 0 && (state.c_lflag & ECHO) != 0;
}

/* Acts like a shell with job control that continues a stopped job at once. */
static void
be_the_shell(void)
{
	pid_t program = fork();
	int status;

	signal(SIGTTOU, SIG_IGN);
	if (program == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		be_the_program(true);
	}
	while (waitpid(program, &status, WUNTRACED) == program &&
	    WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		if (!has_echo(STDIN_FILENO))
			_exit(ECHO_WAS_OFF);
		tcsetpgrp(STDIN_FILENO, program);
		kill(-program, SIGCONT);
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128);
}

static void
sit_down(struct person *person, void (*program)(void))
{
	memset(person, 0, sizeof *person);
	person->pid = forkpty(&person->terminal, NULL, NULL, NULL);
	assert_int_not_equal(person->pid, -1);
	if (person->pid == 0) {
		/* They are ignored if the tests run in the background. */
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		program();
	}
}

static void
program_that_asks(void)
{
	be_the_program(true);
}

static void
program_that_must_not_ask(void)
{
	be_the_program(false);
}

/* Reads until the text appears or the program has ended. */
static bool
sees(struct person *person, const char *text)
{
	int64_t deadline_ms = clock_now_ms() + ENOUGH_MS;

	while (strstr(person->seen, text) == NULL) {
		struct pollfd ready = {.fd = person->terminal,
		    .events = POLLIN};
		ssize_t got;

		if (poll(&ready, 1, clock_left_ms(deadline_ms)) != 1)
			return false;
		got = read(person->terminal, person->seen + person->seen_len,
		    sizeof person->seen - 1 - person->seen_len);
		if (got <= 0)
			return false;
		person->seen_len += (size_t)got;
	}
	return true;
}

static void
forget(struct person *person)
{
	memset(person->seen, 0, sizeof person->seen);
	person->seen_len = 0;
}

static void
type(struct person *person, const char *text)
{
	ssize_t len = (ssize_t)strlen(text);

	assert_int_equal(write(person->terminal, text, (size_t)len), len);
}

/* Reads the rest of the output; returns the status of waitpid. */
static int
stand_up(struct person *person)
{
	int status = 0;

	sees(person, "\n\n\n\n");
	assert_int_equal(waitpid(person->pid, &status, 0), person->pid);
	close(person->terminal);
	return status;
}

static void
asks_when_the_keyring_has_no_password(void **state)
{
	struct person person;
	int status;

	(void)state;
	write_script("postrider-credential", "true");
	sit_down(&person, program_that_asks);
	assert_true(sees(&person, QUESTION));
	assert_false(has_echo(person.terminal));
	type(&person, "s3cret\n");
	status = stand_up(&person);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_null(strstr(person.seen, "s3cret"));
	assert_string_equal(person.seen, QUESTION "\r\n");
}

static void
says_why_the_keyring_could_not_answer(void **state)
{
	struct person person;

	(void)state;
	write_script("postrider-credential",
	    "echo 'postrider-credential: the keyring is locked' >&2; exit 75");
	sit_down(&person, program_that_asks);
	assert_true(sees(&person, "the keyring is locked\r\n" QUESTION));
	type(&person, "s3cret\n");
	assert_int_equal(stand_up(&person), 0);
}

static void
takes_nothing_typed_for_a_no(void **state)
{
	static const char *const typed[] = {"\n", "\4"};

	(void)state;
	write_script("postrider-credential", "true");
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
		struct person person;
		int status;

		sit_down(&person, program_that_asks);
		assert_true(sees(&person, QUESTION));
		type(&person, typed[i]);
		status = stand_up(&person);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), ERROR_AUTH);
	}
}

static void
asks_nobody_when_it_must_not(void **state)
{
	struct person person;
	int status;

	(void)state;
	write_script("postrider-credential", "true");
	sit_down(&person, program_that_must_not_ask);
	status = stand_up(&person);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), ERROR_AUTH);
	assert_string_equal(person.seen, "");
}

static void
keeps_the_keyrings_error_without_a_terminal(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	write_script("postrider-credential", "exit 75");
	pid = fork();
	if (pid == 0) {
		setsid();
		be_the_program(true);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), ERROR_KEYRING);
}

static void
leaves_the_terminal_with_echo_when_it_is_killed(void **state)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

	(void)state;
	write_script("postrider-credential", "true");
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct person person;
		int status;
		int own_end;

		sit_down(&person, program_that_asks);
		assert_true(sees(&person, QUESTION));
		/* Keeps the terminal's state when its last user is gone. */
		own_end = open(ptsname(person.terminal), O_RDWR | O_NOCTTY);
		assert_int_not_equal(own_end, -1);
		assert_false(has_echo(own_end));
		if (signals[i] == SIGINT)
			type(&person, "\3");
		else
			kill(person.pid, signals[i]);
		assert_int_equal(waitpid(person.pid, &status, 0), person.pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_true(has_echo(own_end));
		close(own_end);
		close(person.terminal);
	}
}

static void
asks_again_after_it_was_stopped(void **state)
{
	struct person person;
	int status;

	(void)state;
	write_script("postrider-credential", "true");
	sit_down(&person, be_the_shell);
	assert_true(sees(&person, QUESTION));
	forget(&person);
	type(&person, "half\032");
	assert_true(sees(&person, QUESTION));
	assert_false(has_echo(person.terminal));
	type(&person, "s3cret\n");
	status = stand_up(&person);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(asks_when_the_keyring_has_no_password),
	    cmocka_unit_test(says_why_the_keyring_could_not_answer),
	    cmocka_unit_test(takes_nothing_typed_for_a_no),
	    cmocka_unit_test(asks_nobody_when_it_must_not),
	    cmocka_unit_test(keeps_the_keyrings_error_without_a_terminal),
	    cmocka_unit_test(leaves_the_terminal_with_echo_when_it_is_killed),
	    cmocka_unit_test(asks_again_after_it_was_stopped),
	};

	signal(SIGPIPE, SIG_IGN);
	/* If the caller ignores them, the prompt does too. */
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_DFL);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
