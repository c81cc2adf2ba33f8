/* SPDX-License-Identifier: MIT */
/*
 * Classifies a failure by the first rule that fits and chooses its remedy.
 */
#include "submit/diagnosis.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"
#include "submit/causes.h"
#include "submit/evidence.h"
#include "submit/remedy.h"
#include "submit/rule-check.h"

enum {
	USER_RULES_MAX = 1024 * 1024
};

static const struct cause *diagnosis_known_cause(const struct error *err);
static bool diagnosis_find_user_rule(const struct evidence *evidence,
    struct rule *ret_rule, struct buf *text, struct error *ret_warning);
static void diagnosis_check_end(const struct rule_reader *reader,
    const struct buf *text, struct error *ret_warning);
static char *diagnosis_read_user_rules(struct buf *text, struct error *err);
static char *diagnosis_path_beside(const char *config_path, struct error *err);
static bool diagnosis_find_rule(const struct evidence *evidence,
    const char *origin, const char *text, enum rule_key needed,
    struct rule *ret_rule, struct error *ret_warning);
static void diagnosis_apply(const struct evidence *evidence,
    const struct rule *rule, struct error *err);

void
diagnose(struct error *err, const struct route *route, const char *sender,
    struct error *ret_warning)
{
	struct rule known = {.cause = diagnosis_known_cause(err)};
	struct evidence evidence;
	struct error ignored;
	struct rule rule;
	struct buf text;

	/* What the name servers say explains a cause that was seen after it. */
	ret_warning->code = ERROR_NONE;
	ignored.code = ERROR_NONE;
	if (err->code == ERROR_NONE)
		return;
	evidence_init(&evidence, err, route, sender);
	buf_init(&text, USER_RULES_MAX);
	if (diagnosis_find_user_rule(&evidence, &rule, &text, ret_warning) ||
	    diagnosis_find_rule(&evidence, "causes.conf", causes_text,
		known.cause != NULL ? RULE_ADDRESS : RULE_KEY_COUNT, &rule,
		&ignored))
		known = rule;
	if (known.cause != NULL)
		diagnosis_apply(&evidence, &known, err);
	buf_done(&text);
}

/* Of an error that was made where its cause is known, or diagnosed before. */
static const struct cause *
diagnosis_known_cause(const struct error *err)
{
	return err->cause != NULL ? cause_find(err->cause, strlen(err->cause))
				  : NULL;
}

/* Reads all rules, so that each mistake is noticed; text receives what the rule
 * points into. */
static bool
diagnosis_find_user_rule(const struct evidence *evidence, struct rule *ret_rule,
    struct buf *text, struct error *ret_warning)
{
	char *path = diagnosis_read_user_rules(text, ret_warning);
	struct rule_reader reader;
	struct error err;
	struct rule rule;
	bool found = false;
	int got;

	if (path == NULL)
		return false;
	rule_reader_init(&reader, path, buf_text(text));
	while ((got = rule_read(&reader, &rule, &err)) != 0) {
		if (got == 1)
			got = rule_check(&rule, &reader, &evidence->vocabulary,
			    &err);
		if (got == -1 && ret_warning->code == ERROR_NONE)
			*ret_warning = err;
		if (got == -1 || found || !evidence_fits(evidence, &rule))
			continue;
		*ret_rule = rule;
		found = true;
	}
	diagnosis_check_end(&reader, text, ret_warning);
	free(path);
	return found;
}

static void
diagnosis_check_end(const struct rule_reader *reader, const struct buf *text,
    struct error *ret_warning)
{
	size_t len = strlen(buf_text(text));

	if (len == text->len || ret_warning->code != ERROR_NONE)
		return;
	error_set(ret_warning, ERROR_CONFIG,
	    "%s:%u: a NUL byte ends the rules here", reader->origin,
	    reader->next_line - (len > 0 && text->data[len - 1] != '\n'));
}

/* Reads the user's file; if there is none, the system's. Returns its path. NULL
 * if neither exists, or with an error. */
static char *
diagnosis_read_user_rules(struct buf *text, struct error *err)
{
	struct error ignored;
	char *user_config = paths_user_config(&ignored);
	const char *const beside[] = {user_config, paths_system_config()};
	char *path = NULL;
	int fd = -1;

	for (size_t i = 0; i < sizeof beside / sizeof *beside && fd == -1;
	     i++) {
		free(path);
		path = beside[i] != NULL ? diagnosis_path_beside(beside[i], err)
					 : NULL;
		if (path == NULL)
			continue;
		fd = file_open_protected(path, FILE_TRUSTED, ERROR_CONFIG, err);
		if (fd == -1 && err->sys_errno != ENOENT)
			break;
		if (fd == -1)
			err->code = ERROR_NONE;
	}
	if (fd == -1 || file_read(fd, text, path, err) == -1) {
		free(path);
		path = NULL;
	}
	if (fd != -1)
		close(fd);
	free(user_config);
	return path;
}

static char *
diagnosis_path_beside(const char *config_path, struct error *err)
{
	size_t len = (size_t)(strrchr(config_path, '/') + 1 - config_path);

	return text_format(err, "%.*sdiagnoses", (int)len, config_path);
}

/* Finds the first rule that fits, and has the key needed unless that is
 * RULE_KEY_COUNT. *ret_error is set to the first invalid one.
 */
static bool
diagnosis_find_rule(const struct evidence *evidence, const char *origin,
    const char *text, enum rule_key needed, struct rule *ret_rule,
    struct error *ret_error)
{
	struct rule_reader reader;
	struct error err;
	int got;

	rule_reader_init(&reader, origin, text);
	while ((got = rule_read(&reader, ret_rule, &err)) != 0) {
		if (got == -1 && ret_error->code == ERROR_NONE)
			*ret_error = err;
		if (got == 1 &&
		    (needed == RULE_KEY_COUNT ||
			ret_rule->value[needed].text != NULL) &&
		    evidence_fits(evidence, ret_rule))
			return true;
	}
	return false;
}

static void
diagnosis_apply(const struct evidence *evidence, const struct rule *rule,
    struct error *err)
{
	const struct rule_value *own = &rule->value[RULE_HINT];
	const struct rule_value *retry = &rule->value[RULE_RETRY];
	bool has_hint = err->hint[0] != '\0' &&
	    (err->reply_code == 0 || err->topic == ERROR_TOPIC_MECHANISM ||
		err->topic == ERROR_TOPIC_FALLBACK) &&
	    err->topic != ERROR_TOPIC_SERVER_TRUST;
	struct buf hint;

	buf_init(&hint, ERROR_HINT_SIZE);
	if ((own->text != NULL && remedy_expand(evidence, own, &hint) == 0) ||
	    (!has_hint && remedy_find(evidence, rule->cause, &hint) == 0))
		error_hint(err, "%s", buf_text(&hint));
	cause_apply(rule->cause,
	    retry->text != NULL ? cause_find_retry(retry->text, retry->len)
				: rule->cause->retry,
	    err);
	if (retry->text != NULL)
		cause_apply_here(cause_find_retry(retry->text, retry->len),
		    err);
	buf_done(&hint);
}
