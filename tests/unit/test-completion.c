/* SPDX-License-Identifier: MIT */
/* Tests which addresses of a header are completed, and that nothing else
 * changes. The account is me@x.example, with the addresses of y.example; the
 * local user "root" is ops@z.example, "list" two addresses, "gone" none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "message/completion.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool
may_send_as(const void *context, const char *address)
{
	(void)context;
	return strcmp(address, "me@x.example") == 0 ||
	    strstr(address, "@y.example") != NULL;
}

static int
resolve(const void *context, const char *name, struct address_list *list)
{
	static const struct {
		const char *name;
		const char *address[2];
	} users[] = {{"root", {"ops@z.example"}},
	    {"root@localhost", {"ops@z.example"}},
	    {"root@box", {"ops@z.example"}},
	    {"list", {"a@z.example", "b@z.example"}}};
	struct error err;

	(void)context;
	for (size_t i = 0; i < COUNT(users); i++) {
		if (strcmp(users[i].name, name) != 0)
			continue;
		for (size_t k = 0; k < 2; k++) {
			if (users[i].address[k] != NULL)
				assert_int_equal(address_list_add(list,
						     users[i].address[k], &err),
				    0);
		}
		return 0;
	}
	return -1;
}

struct scene {
	const char *before;
	const char *after; /* NULL: as before */
	const char *replaced_from;
	bool breaks_signature;
};

static void
play(const struct scene *scene, const struct completion_rules *rules)
{
	const char *expected =
	    scene->after != NULL ? scene->after : scene->before;
	struct completion completion;
	struct header header;
	struct error err;
	struct buf out;

	completion_init(&completion);
	header_init(&header);
	buf_init(&out, 65536);
	assert_int_equal(header_parse(&header, scene->before,
			     strlen(scene->before), true, &err),
	    0);
	if (completion_apply(&completion, &header, rules, &err) == -1)
		fail_msg("%s: %s", scene->before, err.message);
	assert_int_equal(header_write(&header, &out, &err), 0);
	out.len -= strstr(out.data, "\r\n") != NULL ? 2 : 1; /* empty line */
	out.data[out.len] = '\0';
	assert_string_equal(out.data, expected);
	if (scene->replaced_from == NULL)
		assert_null(completion.replaced_from);
	else
		assert_string_equal(completion.replaced_from,
		    scene->replaced_from);
	assert_int_equal(completion.breaks_signature, scene->breaks_signature);
	buf_done(&out);
	header_done(&header);
	completion_done(&completion);
}

static void
play_all(const struct scene *scenes, size_t count, enum completion_mode mode)
{
	const struct completion_rules rules = {.mode = mode,
	    .address = "me@x.example",
	    .host_name = "box",
	    .may_send_as = may_send_as,
	    .resolve = resolve};

	for (size_t i = 0; i < count; i++)
		play(&scenes[i], &rules);
}

#define REPLACED(before, name, address)                                  \
	{                                                                \
		"From: " before "\n", "From: " name " <me@x.example>\n", \
		    address, false                                       \
	}

static void
completes_senders(void **state)
{
	static const struct scene scenes[] = {
	    REPLACED("root", "root", "root"),
	    REPLACED("root@", "root", "root"),
	    REPLACED("<root>", "root", "root"),
	    REPLACED("root (Cron Daemon)", "Cron Daemon", "root"),
	    REPLACED("root ( J. \\(x\\)\n\tSmith)", "\"J. (x) Smith\"", "root"),
	    REPLACED("root ()", "root", "root"),
	    REPLACED("\"(Cron Daemon)\" <root>", "\"(Cron Daemon)\"", "root"),
	    REPLACED("Cron Daemon <root@box>", "Cron Daemon", "root@box"),
	    REPLACED("root@ip-1.eu.internal", "root", "root@ip-1.eu.internal"),
	    REPLACED("=?UTF-8?Q?J=C3=BC?= <www-data@>",
		"=?UTF-8?Q?J=C3=BC?=", "www-data"),
	    REPLACED("\"odd user\"", "odd user", "\"odd user\""),
	    REPLACED("root (\xFF)", "\"\"", "root"),
	    {"From: mdadm monitoring <root> (note)\n",
		"From: mdadm monitoring <me@x.example> (note)\n", "root",
		false},
	    {"From: me@x.example, root\r\nX: 1\r\n",
		"From: me@x.example, root <me@x.example>\r\nX: 1\r\n", "root",
		false},
	    {"from :\troot\nSender: daemon\n",
		"from :\troot <me@x.example>\nSender: daemon <me@x.example>\n",
		"root", false},
	    {"From:\nX: 1\n", "X: 1\n", NULL, false},
	    {"From: (nobody)\r\nX: 1\r\n", "X: 1\r\n", NULL, false},
	};

	(void)state;
	play_all(scenes, COUNT(scenes), COMPLETION_MISSING);
}

static void
completes_recipients(void **state)
{
	static const struct scene scenes[] = {
	    {"To: root\n", "To: root <ops@z.example>\n", NULL, false},
	    {"To: root@localhost\nCc: Root <root@box>\n",
		"To: root <ops@z.example>\nCc: Root <ops@z.example>\n", NULL,
		false},
	    {"To: a@b.example,\n\troot (me) ,\n c@d.example\n",
		"To: a@b.example,\n\tme <ops@z.example> ,\n c@d.example\n",
		NULL, false},
	    {"To: list\nReply-To: root\n",
		"To: list:;\nReply-To: root <ops@z.example>\n", NULL, false},
	    {"Resent-To: root\nResent-From: root\nTo: x\n",
		"Resent-To: root <ops@z.example>\n"
		"Resent-From: root <me@x.example>\nTo: x\n",
		NULL, false},
	    {"To: all: list, root;, x@y.example\n",
		"To: all: list, root <ops@z.example>;, x@y.example\n", NULL,
		false},
	};

	(void)state;
	play_all(scenes, COUNT(scenes), COMPLETION_MISSING);
}

/* What a header may have that is not to be touched. */
static const struct scene complete[] = {
    {"From: other@corp.example\nTo: you@corp.example\n", NULL, NULL, false},
    {"From: =?utf-8?q?J=C3=BC?=\n <me@x.example>\nX-From: root\n", NULL, NULL,
	false},
    {"To: undisclosed-recipients:;\nCc:\n", NULL, NULL, false},
    {"To: gone, nobody@host\nCc: x@box.example\n", NULL, NULL, false},
    {"To: root, a b c\nCc: \"unclosed\n", NULL, NULL, false},
    {"Subject: root\nBcc: root\nResent-Bcc: root\n", NULL, NULL, false},
    {"From: group: a@b.example;\n", NULL, NULL, false},
    {"From: \xFF <@a,@b:u@corp.example>\n", NULL, NULL, false},
    {"From: u@[192.0.2.1]\n", NULL, NULL, false},
};

static void
leaves_the_rest(void **state)
{
	(void)state;
	play_all(complete, COUNT(complete), COMPLETION_MISSING);
	play_all(complete, COUNT(complete), COMPLETION_NEVER);
}

static void
never_changes_anything(void **state)
{
	static const struct scene scenes[] = {
	    {"From: root (Cron Daemon)\nTo: root\nSender: root@box\n", NULL,
		NULL, false},
	    {"From:\n", NULL, NULL, false},
	};

	(void)state;
	play_all(scenes, COUNT(scenes), COMPLETION_NEVER);
}

static void
always_replaces_the_sender(void **state)
{
	static const struct scene scenes[] = {
	    {"From: me@x.example\n", NULL, NULL, false},
	    {"From: Team <team@y.example>\n", NULL, NULL, false},
	    REPLACED("root", "root", "root"),
	    REPLACED("root@box", "root", "root@box"),
	    {"From: Bob <bob@corp.example>\nTo: a@b.example\n",
		"From: Bob <me@x.example>\nTo: a@b.example\n"
		"Reply-To: bob@corp.example\n",
		"bob@corp.example", false},
	    {"From: bob@corp.example\r\nreply-to: x@z.example\r\n",
		"From: bob <me@x.example>\r\nreply-to: x@z.example\r\n",
		"bob@corp.example", false},
	    {"From: a@b.example, root, c@d.example\n",
		"From: a <me@x.example>, root <me@x.example>, "
		"c <me@x.example>\nReply-To: a@b.example, c@d.example\n",
		"a@b.example", false},
	    {"From: Cron Daemon\nX: 1\n", "X: 1\n", NULL, false},
	    {"X: 1\nFrom: \"unclosed\n", "X: 1\n", NULL, false},
	};

	(void)state;
	play_all(scenes, COUNT(scenes), COMPLETION_ALWAYS);
}

#define SIGNED "DKIM-Signature: v=1; b=h=to; h =\n\tSubject :"

static void
finds_signatures_that_break(void **state)
{
	static const struct scene scenes[] = {
	    {SIGNED " from:Date\nFrom: root\n",
		SIGNED " from:Date\nFrom: root <me@x.example>\n", "root", true},
	    {SIGNED "Date\nFrom: root\n",
		SIGNED "Date\nFrom: root <me@x.example>\n", "root", false},
	    {SIGNED "From;\nTo: root\n",
		SIGNED "From;\nTo: root <ops@z.example>\n", NULL, false},
	    {SIGNED "From:To;\nFrom: me@x.example\n", NULL, NULL, false},
	    {SIGNED "From;\nFrom:\n", SIGNED "From;\n", NULL, true},
	};

	(void)state;
	play_all(scenes, COUNT(scenes), COMPLETION_MISSING);
}

static void
adds_a_sender_on_request(void **state)
{
	static const struct scene scenes[] = {
	    {"From: bob@corp.example\n",
		"From: bob@corp.example\nSender: me@x.example\n", NULL, false},
	    {"From: me@x.example, a@y.example\n",
		"From: me@x.example, a@y.example\nSender: me@x.example\n", NULL,
		false},
	    {"From: Me <me@X.Example>\n", NULL, NULL, false},
	    {"From: bob@corp.example\nSender: a@y.example\n", NULL, NULL,
		false},
	    {"Subject: no From yet\n", NULL, NULL, false},
	};
	const struct completion_rules rules = {.mode = COMPLETION_NEVER,
	    .adds_sender = true,
	    .address = "me@x.example",
	    .may_send_as = may_send_as,
	    .resolve = resolve};

	(void)state;
	for (size_t i = 0; i < COUNT(scenes); i++)
		play(&scenes[i], &rules);
}

/* The server of an account in a local domain knows local domains. */
static void
leaves_local_domains_to_local_servers(void **state)
{
	static const struct scene scenes[] = {
	    {"From: root@box.lan\n", NULL, NULL, false},
	    {"From: root\n", "From: root <me@corp.lan>\n", "root", false},
	};
	const struct completion_rules rules = {.mode = COMPLETION_MISSING,
	    .address = "me@corp.lan",
	    .may_send_as = may_send_as,
	    .resolve = resolve};

	(void)state;
	for (size_t i = 0; i < COUNT(scenes); i++)
		play(&scenes[i], &rules);
}

static void
knows_this_host(void **state)
{
	(void)state;
	assert_true(completion_is_this_host("LocalHost", NULL));
	assert_true(completion_is_this_host("localhost.localdomain", "box"));
	assert_true(completion_is_this_host("Box", "box"));
	assert_true(completion_is_this_host("box.lan", "box.lan"));
	assert_false(completion_is_this_host("box", "box.example"));
	assert_false(completion_is_this_host("box.example", "box.example"));
	assert_false(completion_is_this_host("other", "box"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(completes_senders),
	    cmocka_unit_test(completes_recipients),
	    cmocka_unit_test(leaves_the_rest),
	    cmocka_unit_test(never_changes_anything),
	    cmocka_unit_test(always_replaces_the_sender),
	    cmocka_unit_test(finds_signatures_that_break),
	    cmocka_unit_test(adds_a_sender_on_request),
	    cmocka_unit_test(leaves_local_domains_to_local_servers),
	    cmocka_unit_test(knows_this_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
