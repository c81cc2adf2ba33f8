/* SPDX-License-Identifier: MIT */
/*
 * Explains refusals without a server: reads lines of tab-separated fields,
 * step, reply, provider and sign-in (password, oauth2, none or application,
 * which is oauth2 with client credentials), and prints the cause, the exit
 * status, whether a retry follows (soon, later or never) and the hint of each.
 * "\n" in a reply separates its lines; "-" is an empty field.
 * tests/diagnosis/test_refusals.py runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "smtp/reply.h"
#include "submit/diagnosis.h"
#include "submit/setting-hint.h"

enum {
	FIELDS = 4
};

static void classify_line(char *line);
static void set_account(struct settings *flags, const char *provider,
    const char *sign_in);
static void set_refusal(const char *step, char *reply, struct error *err);
static const char *retry_name(const struct error *err);

int
main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		classify_line(line);
	}
	free(line);
	return 0;
}

static void
classify_line(char *line)
{
	struct account_query query = {.offline = true};
	char *field[FIELDS] = {NULL};
	struct settings flags;
	struct route route;
	struct error warning;
	struct error err;

	for (size_t i = 0; i < FIELDS; i++)
		field[i] = strsep(&line, "\t");
	settings_init(&flags);
	set_account(&flags, field[2], field[3]);
	query.flags = &flags;
	route_init(&route);
	if (route_load(&route, NULL, &err) == -1 ||
	    route_resolve(&route, &query, NULL, &err) == -1) {
		printf("?\t?\t?\t%s\n", err.message);
	} else {
		set_refusal(field[0], field[1], &err);
		diagnose(&err, &route, "alice@example.org", &warning);
		setting_hint_add(&err);
		printf("%s\t%d\t%s\t%s\n", err.cause != NULL ? err.cause : "-",
		    error_exit_status(err.code), retry_name(&err), err.hint);
	}
	route_done(&route);
	settings_done(&flags);
}

static void
set_account(struct settings *flags, const char *provider, const char *sign_in)
{
	bool is_application = text_equals(sign_in, "application");
	bool is_oauth2 = is_application || text_equals(sign_in, "oauth2");
	bool is_none = text_equals(sign_in, "none");
	bool is_unknown = text_equals(provider, "-");
	const struct {
		enum setting_id id;
		const char *value;
	} values[] = {
	    {SETTING_PROVIDER, is_unknown ? NULL : provider},
	    {SETTING_HOST, is_unknown ? "mail.example.org" : NULL},
	    {SETTING_USER, is_none ? "" : "alice@example.org"},
	    {SETTING_AUTH,
		is_oauth2     ? "xoauth2"
		    : is_none ? NULL
			      : "plain"},
	    {SETTING_GRANT, is_application ? "client-credentials" : NULL},
	    {SETTING_REGION,
		text_equals(provider, "ses")          ? "eu-west-1"
		    : text_equals(provider, "oracle") ? "eu-frankfurt-1"
						      : NULL},
	};
	struct error err;

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (values[i].value != NULL &&
		    settings_set(flags, values[i].id, values[i].value, "test",
			&err) == -1)
			abort();
	}
}

static void
set_refusal(const char *step, char *text, struct error *err)
{
	struct smtp_reply reply;
	bool is_last = false;

	smtp_reply_init(&reply);
	while (text != NULL) {
		char *end = strstr(text, "\\n");
		size_t len = end != NULL ? (size_t)(end - text) : strlen(text);

		if (smtp_reply_add_line(&reply, text, len, &is_last, err) == -1)
			fprintf(stderr, "invalid reply: %s\n", text);
		text = end != NULL ? end + 2 : NULL;
	}
	smtp_reply_fail(&reply, "mail.example.org", "it", err);
	if (text_equals(step, "auth") && reply.code >= 500)
		err->code = ERROR_AUTH;
	err->step = step;
	smtp_reply_done(&reply);
}

static const char *
retry_name(const struct error *err)
{
	if (err->code == ERROR_LATER)
		return "later";
	return error_is_temporary(err->code) ? "soon" : "never";
}
