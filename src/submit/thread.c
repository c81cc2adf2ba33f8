/* SPDX-License-Identifier: MIT */
/*
 * Finds and replaces Message-IDs in header fields and in the server's reply.
 * Which servers replace them is in the registry of providers.
 */
#include "submit/thread.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/region.h"
#include "config/setting-ids.h"
#include "config/value-list.h"

enum {
	VALUE_MAX = HEADER_SIZE_MAX
};

static bool server_replaces_ids(const struct account *account);
static int rewrite_fields(struct thread *thread, struct header *header,
    const char *name, struct error *err);
static int rewrite_value(struct thread *thread,
    const struct header_field *field, struct buf *value, struct error *err);
static const char *id_end(const char *start, const char *end);
static bool find_new_id(const struct account *account, const char *receipt,
    char out[REPLACED_ID_SIZE]);
static bool form_new_id(const struct account *account, const char *id,
    size_t len, char out[REPLACED_ID_SIZE]);
static bool add_id_domain(const struct account *account, struct buf *id);
static const char *find_region(const struct account *account,
    char label[REGION_SIZE]);
static bool is_message_id(const char *text);

int
thread_begin(struct thread *thread, const struct account *account,
    struct header *header, bool may_learn, struct error *err)
{
	struct error problem = {.code = ERROR_NONE};
	char key[1024];

	*thread = (struct thread){.ids = NULL};
	if (!server_replaces_ids(account) ||
	    header_find(header, "DKIM-Signature", 0, NULL) != NULL)
		return 0;
	snprintf(key, sizeof key, "%s %s",
	    account->text[SETTING_USER] != NULL ? account->text[SETTING_USER]
						: "",
	    account->text[SETTING_HOST]);
	thread->ids = replaced_ids_open(key, may_learn, &problem);
	if (thread->ids == NULL) {
		snprintf(thread->problem, sizeof thread->problem, "%.200s",
		    problem.message);
		return 0;
	}
	return rewrite_fields(thread, header, "In-Reply-To", err) == -1
	    ? -1
	    : rewrite_fields(thread, header, "References", err);
}

void
thread_done(struct thread *thread)
{
	replaced_ids_free(thread->ids);
	thread->ids = NULL;
}

char *
thread_file(const struct account *account)
{
	struct error ignored;

	return server_replaces_ids(account) ? replaced_ids_file(&ignored)
					    : NULL;
}

void
thread_learn(struct thread *thread, const struct account *account,
    const struct header *header, const char *receipt)
{
	const struct header_field *field =
	    header_find(header, "Message-ID", 0, NULL);
	char old_id[REPLACED_ID_SIZE];
	struct error err;

	if (thread->ids == NULL || field == NULL ||
	    field->value_len >= sizeof old_id ||
	    !find_new_id(account, receipt, thread->new_id)) {
		thread->new_id[0] = '\0';
		return;
	}
	snprintf(old_id, sizeof old_id, "%.*s", (int)field->value_len,
	    field->value);
	memmove(old_id, text_trim(old_id), strlen(text_trim(old_id)) + 1);
	if (!is_message_id(old_id) || strcmp(old_id, thread->new_id) == 0)
		thread->new_id[0] = '\0';
	else if (replaced_ids_add(thread->ids, old_id, thread->new_id, &err) ==
	    -1)
		snprintf(thread->problem, sizeof thread->problem, "%.200s",
		    err.message);
}

static bool
server_replaces_ids(const struct account *account)
{
	return account->provider != NULL &&
	    account->provider->text[PROVIDER_MESSAGE_ID_REPLY] != NULL &&
	    account_bool(account, SETTING_REWRITE_REFERENCES);
}

static int
rewrite_fields(struct thread *thread, struct header *header, const char *name,
    struct error *err)
{
	const struct header_field *field;
	size_t index = 0;
	int result = 0;

	while (result == 0 &&
	    (field = header_find(header, name, index, &index)) != NULL) {
		unsigned before = thread->rewritten;
		struct buf value;

		buf_init(&value, VALUE_MAX);
		result = rewrite_value(thread, field, &value, err);
		if (result == 0 && thread->rewritten > before)
			result = header_replace_value(header, index, value.data,
			    value.len, err);
		buf_done(&value);
		index++;
	}
	return result;
}

/* Adds the value with what was replaced; all else, also its line ends, stays.
 */
static int
rewrite_value(struct thread *thread, const struct header_field *field,
    struct buf *value, struct error *err)
{
	const char *at = field->value;
	const char *end = at + field->value_len;

	while (at < end) {
		const char *stop = id_end(at, end);
		size_t len = (size_t)(stop - at);
		size_t new_len = 0;
		const char *new_id = *at == '<'
		    ? replaced_ids_find(thread->ids, at, len, &new_len)
		    : NULL;

		thread->rewritten += new_id != NULL;
		if ((new_id != NULL ? buf_add(value, new_id, new_len, err)
				    : buf_add(value, at, len, err)) == -1)
			return -1;
		at = stop;
	}
	return 0;
}

/* The end of the Message-ID that starts here, else of what is before the next.
 */
static const char *
id_end(const char *start, const char *end)
{
	size_t len = (size_t)(end - start);
	const char *stop = *start == '<' ? memchr(start, '>', len) : NULL;

	if (stop != NULL)
		return stop + 1;
	stop = memchr(start + 1, '<', len - 1);
	return stop != NULL ? stop : end;
}

/* The star of the provider's pattern stands for the ID, up to what follows the
 * star, or to white space. */
static bool
find_new_id(const struct account *account, const char *receipt,
    char out[REPLACED_ID_SIZE])
{
	const char *pattern =
	    account->provider->text[PROVIDER_MESSAGE_ID_REPLY];
	const char *star = strchr(pattern, '*');
	char before[64];
	const char *start;
	size_t len;

	if (star == NULL || (size_t)(star - pattern) >= sizeof before)
		return false;
	snprintf(before, sizeof before, "%.*s", (int)(star - pattern), pattern);
	start = strstr(receipt, before);
	if (start == NULL)
		return false;
	start += strlen(before);
	len = strcspn(start, star[1] != '\0' ? star + 1 : " ");
	if (len == 0 || (star[1] != '\0' && start[len] == '\0'))
		return false;
	return form_new_id(account, start, len, out);
}

static bool
form_new_id(const struct account *account, const char *id, size_t len,
    char out[REPLACED_ID_SIZE])
{
	struct error ignored;
	struct buf text;
	bool is_formed;

	buf_init(&text, REPLACED_ID_SIZE - 1);
	is_formed = buf_addf(&text, &ignored, "<%.*s", (int)len, id) == 0 &&
	    add_id_domain(account, &text) &&
	    buf_add_text(&text, ">", &ignored) == 0 && is_message_id(text.data);
	if (is_formed)
		memcpy(out, text.data, text.len + 1);
	buf_done(&text);
	return is_formed;
}

/* The first domain of the provider's list that is for this region. */
static bool
add_id_domain(const struct account *account, struct buf *id)
{
	const char *at = account->provider->text[PROVIDER_MESSAGE_ID_DOMAIN];
	char label[REGION_SIZE];
	const char *region = find_region(account, label);
	struct error ignored;
	const char *element;
	size_t len;

	if (at == NULL)
		return true;
	while (value_list_next(&at, &element, &len)) {
		const char *equals = memchr(element, '=', len);
		size_t prefix = equals != NULL ? (size_t)(equals - element) : 0;

		if (equals != NULL &&
		    (region == NULL || strlen(region) != prefix ||
			memcmp(region, element, prefix) != 0))
			continue;
		if (equals != NULL)
			prefix++;
		return buf_add_text(id, "@", &ignored) == 0 &&
		    region_fill(id, element + prefix, len - prefix, region,
			&ignored) == 0;
	}
	return false;
}

/* The setting, else the region in the host name, else NULL. */
static const char *
find_region(const struct account *account, char label[REGION_SIZE])
{
	const char *pattern = account->provider->settings.text[SETTING_HOST];

	if (account->text[SETTING_REGION] != NULL)
		return account->text[SETTING_REGION];
	if (pattern != NULL &&
	    region_find(pattern, account->text[SETTING_HOST], label))
		return label;
	return NULL;
}

static bool
is_message_id(const char *text)
{
	size_t len = strlen(text);

	if (len < 5 || text[0] != '<' || text[len - 1] != '>' ||
	    strchr(text, '@') == NULL)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	}
	return true;
}
