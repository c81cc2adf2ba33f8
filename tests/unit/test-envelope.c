/* SPDX-License-Identifier: MIT */
/*
 * Tests the envelope: recipients from arguments, header and aliases, and the
 * options -N, -R and -V.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "message/envelope.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
	ARGUMENTS_MAX = 4
};

/* A case: the input, and the resulting sender and recipients. */
struct scene {
	const char *sender;
	char *arguments[ARGUMENTS_MAX];
	const char *header; /* with -t, else NULL */
	bool remove;
	const char *local_recipient;
	const char *local_domain;
	const char *aliases; /* the content of the file */
	const char *expected;
	enum error_code code; /* else */
	const char *message;  /* part of it */
};

static char *
write_aliases(const char *content)
{
	char *path = strdup("/tmp/test-envelope.XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd != -1);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	close(fd);
	return path;
}

static int
build_envelope(struct envelope *envelope, const struct scene *scene,
    const char *aliases_path, struct error *err)
{
	struct envelope_request wishes = {.sender = scene->sender != NULL
		? scene->sender
		: "s@x",
	    .arguments = scene->arguments,
	    .from_header = scene->header != NULL,
	    .arguments_remove = scene->remove,
	    .aliases_path = aliases_path,
	    .local_recipient = scene->local_recipient,
	    .local_domain = scene->local_domain};
	struct header header;
	int result;

	while (wishes.argument_count < ARGUMENTS_MAX &&
	    scene->arguments[wishes.argument_count] != NULL)
		wishes.argument_count++;
	header_init(&header);
	if (scene->header != NULL)
		assert_int_equal(header_parse(&header, scene->header,
				     strlen(scene->header), true, err),
		    0);
	result = envelope_build(envelope, &wishes, &header, err);
	header_done(&header);
	return result;
}

static void
play_scene(const struct scene *scene)
{
	char *path =
	    scene->aliases != NULL ? write_aliases(scene->aliases) : NULL;
	struct error err = {.code = ERROR_NONE};
	struct envelope envelope;
	struct buf out;

	envelope_init(&envelope);
	buf_init(&out, 65536);
	if (build_envelope(&envelope, scene, path, &err) == -1) {
		if (scene->expected != NULL)
			fail_msg("not \"%s\" but: %s", scene->expected,
			    err.message);
		assert_int_equal(err.code, scene->code);
		if (strstr(err.message, scene->message) == NULL)
			fail_msg("\"%s\" isn't about \"%s\"", err.message,
			    scene->message);
		assert_int_equal(envelope.recipients.count, 0);
	} else {
		buf_addf(&out, &err, "%s:", envelope.sender);
		for (size_t i = 0; i < envelope.recipients.count; i++)
			buf_addf(&out, &err, " %s",
			    envelope.recipients.address[i]);
		assert_non_null(scene->expected);
		assert_string_equal(buf_text(&out), scene->expected);
	}
	buf_done(&out);
	envelope_done(&envelope);
	if (path != NULL)
		unlink(path);
	free(path);
}

static void
play_all(const struct scene *scenes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		play_scene(&scenes[i]);
}

static void
takes_recipients_from_argv_and_header(void **state)
{
	static const struct scene scenes[] = {
	    {.arguments = {"a@x", "b@x"}, .expected = "s@x: a@x b@x"},
	    {.arguments = {"a@x, B <b@x>"}, .expected = "s@x: a@x b@x"},
	    {.arguments = {"a@x", "A@x", "a@X"}, .expected = "s@x: a@x A@x"},
	    {.header = "To: a@x\nBcc: b@x\n\n", .expected = "s@x: a@x b@x"},
	    {.arguments = {"c@x", "a@x"},
		.header = "To: a@x\nBcc: b@x\n\n",
		.expected = "s@x: c@x a@x b@x"},
	    {.arguments = {"b@x"},
		.header = "To: a@x\nBcc: b@x\n\n",
		.remove = true,
		.expected = "s@x: a@x"},
	    {.arguments = {"b"},
		.header = "To: a@x, b@y, c@x\n\n",
		.remove = true,
		.local_domain = "y",
		.expected = "s@x: a@x c@x"},
	    {.arguments = {"a@x"}, .remove = true, .expected = "s@x: a@x"},
	};

	(void)state;
	play_all(scenes, COUNT(scenes));
}

static void
refuses_to_send_to_nobody(void **state)
{
	static const struct scene scenes[] = {
	    {.code = ERROR_USAGE, .message = "no recipients"},
	    {.arguments = {""}, .code = ERROR_USAGE, .message = "no recip"},
	    {.header = "Subject: s\n\n",
		.code = ERROR_USAGE,
		.message = "no recipients"},
	    {.header = "To: undisclosed-recipients:;\n\n",
		.code = ERROR_USAGE,
		.message = "no recipients"},
	    {.arguments = {"a@x"},
		.header = "To: a@x\n\n",
		.remove = true,
		.code = ERROR_USAGE,
		.message = "no recipients"},
	};

	(void)state;
	play_all(scenes, COUNT(scenes));
}

static void
refuses_bad_addresses(void **state)
{
	static const struct scene scenes[] = {
	    {.arguments = {"a@x\r\nRCPT TO:<b@y>"},
		.code = ERROR_DATA,
		.message = "recipient \"a@x\""},
	    {.arguments = {"<>"},
		.code = ERROR_DATA,
		.message = "empty address"},
	    {.arguments = {"a@x..y"}, .code = ERROR_DATA, .message = "x..y"},
	    {.header = "Cc: a b@x\n\n", .code = ERROR_DATA, .message = "Cc "},
	    {.sender = "a b",
		.arguments = {"a@x"},
		.code = ERROR_DATA,
		.message = "sender \"a b\""},
	    {.sender = "a@x, b@x",
		.arguments = {"a@x"},
		.code = ERROR_DATA,
		.message = "must be one address"},
	    {.sender = "a@x\n",
		.arguments = {"a@x"},
		.code = ERROR_DATA,
		.message = "sender"},
	};

	(void)state;
	play_all(scenes, COUNT(scenes));
}

static void
takes_the_sender(void **state)
{
	static const struct scene scenes[] = {
	    {.sender = "", .arguments = {"a@x"}, .expected = ": a@x"},
	    {.sender = "<s@X.Example>",
		.arguments = {"a@x"},
		.expected = "s@X.Example: a@x"},
	    {.sender = "root",
		.arguments = {"a@x"},
		.local_domain = "y",
		.expected = "root@y: a@x"},
	    {.sender = "root",
		.arguments = {"a@x"},
		.code = ERROR_DATA,
		.message = "\"root\""},
	};

	(void)state;
	play_all(scenes, COUNT(scenes));
}

static void
finds_a_place_for_local_recipients(void **state)
{
	static const struct scene scenes[] = {
	    {.arguments = {"root"},
		.code = ERROR_DATA,
		.message = "\"root\": the address has no domain"},
	    {.arguments = {"root", "b@x"},
		.local_domain = "y.example",
		.expected = "s@x: root@y.example b@x"},
	    {.arguments = {"root", "cron", "b@x"},
		.local_recipient = "me@z",
		.local_domain = "y",
		.expected = "s@x: me@z b@x"},
	    {.arguments = {"root"},
		.local_recipient = "me",
		.local_domain = "y",
		.expected = "s@x: me@y"},
	    {.arguments = {"ROOT", "bob"},
		.aliases = "root: me@z\n",
		.local_recipient = "other@z",
		.expected = "s@x: me@z other@z"},
	    {.arguments = {"root@y"},
		.aliases = "root: me@z\n",
		.expected = "s@x: root@y"},
	    {.arguments = {"default"},
		.aliases = "root: me@z\n",
		.code = ERROR_DATA,
		.message = "default"},
	};

	(void)state;
	play_all(scenes, COUNT(scenes));
}

static void
follows_aliases(void **state)
{
	static const struct scene scenes[] = {
	    {.arguments = {"root"},
		.aliases = "# comment\n\nother: o@x\r\nroot: a@x,\n"
			   " b@x, # no comment here\n",
		.code = ERROR_CONFIG,
		.message = ":4 "},
	    {.arguments = {"root"},
		.aliases = "# comment\n\nother: o@x\r\nRoot : a@x,\n"
			   "\tB <b@x> ,\n# comment\n   (more) c@x\r\n",
		.expected = "s@x: a@x b@x c@x"},
	    {.arguments = {"a", "b"},
		.aliases = "a: b, c\nb: c, x@x\nc: y@x, x@x\n",
		.expected = "s@x: y@x x@x"},
	    {.arguments = {"a"},
		.aliases = "a: b, c@x\n",
		.local_domain = "y",
		.expected = "s@x: b@y c@x"},
	    {.arguments = {"\"odd name\""},
		.aliases = "\"odd name\": a@x\n",
		.expected = "s@x: a@x"},
	    {.arguments = {"\"a:b\""},
		.aliases = "\"a:b\": a@x\n",
		.expected = "s@x: a@x"},
	    {.arguments = {"a"},
		.aliases = "a: friends: b@x, c@x;\n",
		.expected = "s@x: b@x c@x"},
	    {.arguments = {"b@x"},
		.aliases = "no colon\n",
		.expected = "s@x: b@x"},
	};

	(void)state;
	play_all(scenes, COUNT(scenes));
}

static void
names_the_line_of_a_bad_alias(void **state)
{
	static const struct scene scenes[] = {
	    {.arguments = {"a"},
		.aliases = "b: x@x\na: |/usr/bin/procmail -a b\n",
		.code = ERROR_CONFIG,
		.message = ":2: mail to a program"},
	    {.arguments = {"a"},
		.aliases = "a: x@x, \"|exec vacation\"\n",
		.code = ERROR_CONFIG,
		.message = ":1: mail to a program"},
	    {.arguments = {"a"},
		.aliases = "a: /var/mail/a\n",
		.code = ERROR_CONFIG,
		.message = ":1: mail to a file"},
	    {.arguments = {"a"},
		.aliases = "a:\n x@x,\n :include:/etc/list\n",
		.code = ERROR_CONFIG,
		.message = ":1: a list in another file"},
	    {.arguments = {"a"},
		.aliases = "a: \\a, a@x\n",
		.code = ERROR_CONFIG,
		.message = ":1: local delivery"},
	    {.arguments = {"a"},
		.aliases = "a: b\nb: a\n",
		.code = ERROR_CONFIG,
		.message = "nested more than 10"},
	    {.arguments = {"a"},
		.aliases = "a: a, b@x\n",
		.code = ERROR_CONFIG,
		.message = "nested more than 10"},
	    {.arguments = {"a"},
		.aliases = "b: x@x\nno colon\n",
		.code = ERROR_CONFIG,
		.message = ":2: expected \"name: addresses\""},
	    {.arguments = {"a"},
		.aliases = "  b: x@x\n",
		.code = ERROR_CONFIG,
		.message = ":1: continuation line without"},
	    {.arguments = {"b"},
		.aliases = "a: |prog\nb: b@x\n",
		.expected = "s@x: b@x"},
	};

	(void)state;
	play_all(scenes, COUNT(scenes));
}

static void
does_without_an_aliases_file(void **state)
{
	static const struct scene scene = {.arguments = {"root"},
	    .local_domain = "y"};
	char path[] = "/tmp/test-envelope-none/aliases";
	struct envelope envelope;
	struct error err;

	(void)state;
	envelope_init(&envelope);
	assert_int_equal(build_envelope(&envelope, &scene, path, &err), 0);
	assert_string_equal(envelope.recipients.address[0], "root@y");
	envelope_done(&envelope);
}

static void
needs_utf8_only_when_it_must(void **state)
{
	static const struct {
		char *recipient;
		const char *wire;
		bool needs_utf8;
	} cases[] = {
	    {"a@b\xC3\xBC"
	     "cher.example",
		"a@xn--bcher-kva.example", false},
	    {"\xC3\xBC@b\xC3\xBC"
	     "cher.example",
		"\xC3\xBC@b\xC3\xBC"
		"cher.example",
		true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scene scene = {.arguments = {cases[i].recipient}};
		struct envelope envelope;
		struct error err;

		envelope_init(&envelope);
		assert_int_equal(build_envelope(&envelope, &scene, NULL, &err),
		    0);
		assert_string_equal(envelope.recipients.address[0],
		    cases[i].wire);
		assert_int_equal(envelope.needs_utf8, cases[i].needs_utf8);
		envelope_done(&envelope);
	}
}

/* The three report texts as one, or NULL when refused; the caller frees. */
static char *
reports(const char *notify, const char *return_type, const char *envelope_id)
{
	char recipient[] = "a@x";
	char *arguments[] = {recipient};
	struct envelope_request wishes = {.sender = "",
	    .arguments = arguments,
	    .argument_count = 1,
	    .notify = notify,
	    .return_type = return_type,
	    .envelope_id = envelope_id};
	struct header header;
	struct envelope envelope;
	struct error err;
	char *result = NULL;

	header_init(&header);
	envelope_init(&envelope);
	if (envelope_build(&envelope, &wishes, &header, &err) == -1)
		assert_int_equal(err.code, ERROR_USAGE);
	else
		assert_true(
		    asprintf(&result, "%s %s %s",
			envelope.notify != NULL ? envelope.notify : "-",
			envelope.return_type != NULL ? envelope.return_type
						     : "-",
			envelope.envelope_id != NULL ? envelope.envelope_id
						     : "-") > 0);
	envelope_done(&envelope);
	return result;
}

static void
reads_wishes_for_reports(void **state)
{
	static const struct {
		const char *notify;
		const char *return_type;
		const char *envelope_id;
		const char *expected;
	} cases[] = {
	    {NULL, NULL, NULL, "- - -"},
	    {"never", "full", "id", "NEVER FULL id"},
	    {"Failure,Success", "HDRS", "a+b=c d",
		"SUCCESS,FAILURE HDRS "
		"a+2Bb+3Dc+20d"},
	    {"delay,delay", NULL, NULL, "DELAY - -"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *got = reports(cases[i].notify, cases[i].return_type,
		    cases[i].envelope_id);

		assert_non_null(got);
		assert_string_equal(got, cases[i].expected);
		free(got);
	}
}

static void
refuses_bad_wishes_for_reports(void **state)
{
	static const char *const notify[] = {"", ",", "always", "never,delay",
	    "success,", "success failure"};
	static const char *const return_type[] = {"", "body", "full,hdrs"};
	static const char *const envelope_id[] = {"", "a\nb", "a\x7F",
	    "\xC3\xBC",
	    ("0123456789012345678901234567890123456789012345678901234567890"
	     "1234567890123456789012345678901234567890")};

	(void)state;
	for (size_t i = 0; i < COUNT(notify); i++)
		assert_null(reports(notify[i], NULL, NULL));
	for (size_t i = 0; i < COUNT(return_type); i++)
		assert_null(reports(NULL, return_type[i], NULL));
	for (size_t i = 0; i < COUNT(envelope_id); i++)
		assert_null(reports(NULL, NULL, envelope_id[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_recipients_from_argv_and_header),
	    cmocka_unit_test(refuses_to_send_to_nobody),
	    cmocka_unit_test(refuses_bad_addresses),
	    cmocka_unit_test(takes_the_sender),
	    cmocka_unit_test(finds_a_place_for_local_recipients),
	    cmocka_unit_test(follows_aliases),
	    cmocka_unit_test(names_the_line_of_a_bad_alias),
	    cmocka_unit_test(does_without_an_aliases_file),
	    cmocka_unit_test(needs_utf8_only_when_it_must),
	    cmocka_unit_test(reads_wishes_for_reports),
	    cmocka_unit_test(refuses_bad_wishes_for_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
