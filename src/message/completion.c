/* SPDX-License-Identifier: MIT */
/*
 * Replaces addresses in header fields. Where they come from, and which ones the
 * account may send as, the rules say.
 */
#include "message/completion.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/domain.h"
#include "message/mailbox.h"
#include "message/phrase.h"
#include "message/signed-fields.h"

struct completer {
	struct completion *completion;
	struct header *header;
	const struct completion_rules *rules;
	struct address_list replaced; /* complete addresses, out of From */
	struct error *err;
};

/* A field while its value is rewritten. */
struct rewriting {
	bool is_from;
	bool is_sender;
	bool is_changed;
	const char *copied; /* the old value is in the new one up to here */
	struct buf value;
};

static int complete_field(struct completer *completer, size_t *index,
    bool is_sender);
static int complete_value(struct completer *completer,
    struct rewriting *rewriting, const struct header_field *field,
    bool *ret_removes);
static int complete_mailbox(struct completer *completer,
    struct rewriting *rewriting, const struct mailbox *mailbox);
static int note_replaced(struct completer *completer, const char *address);
static int find_recipients(const struct completer *completer,
    const char *address, struct address_list *list);
static int write_mailbox(struct completer *completer,
    struct rewriting *rewriting, const struct mailbox *mailbox,
    const struct address_list *list);
static int write_name(struct buf *out, const struct mailbox *mailbox,
    struct error *err);
static char *copy_name(const struct mailbox *mailbox, struct error *err);
static int add_reply_to(struct completer *completer);
static int add_sender(struct completer *completer);

void
completion_init(struct completion *completion)
{
	*completion = (struct completion){0};
}

void
completion_done(struct completion *completion)
{
	free(completion->replaced_from);
	completion_init(completion);
}

int
completion_apply(struct completion *completion, struct header *header,
    const struct completion_rules *rules, struct error *err)
{
	static const struct {
		const char *name;
		bool is_sender;
	} rows[] = {{"From", true}, {"Sender", true}, {"To", false},
	    {"Cc", false}, {"Reply-To", false}, {"Resent-From", true},
	    {"Resent-Sender", true}, {"Resent-To", false},
	    {"Resent-Cc", false}};
	struct completer completer = {.completion = completion,
	    .header = header,
	    .rules = rules,
	    .err = err};
	int result = 0;

	completion_done(completion);
	address_list_init(&completer.replaced);
	for (size_t row = 0; row < sizeof rows / sizeof *rows && result == 0 &&
	     rules->mode != COMPLETION_NEVER;
	     row++) {
		size_t i = 0;

		while (result == 0 &&
		    header_find(header, rows[row].name, i, &i) != NULL)
			result =
			    complete_field(&completer, &i, rows[row].is_sender);
	}
	if (result == 0 && completer.replaced.count > 0)
		result = add_reply_to(&completer);
	if (result == 0 && rules->adds_sender)
		result = add_sender(&completer);
	address_list_done(&completer.replaced);
	return result;
}

/* A local domain is left to an account whose own address is in it, or in
 * another one: its server is local too. */
bool
completion_replaces_sender(const struct completion_rules *rules,
    const char *address)
{
	const char *domain = address_domain(address);
	const char *own = address_domain(rules->address);

	if (rules->mode == COMPLETION_NEVER)
		return false;
	if (domain == NULL)
		return true;
	if (rules->may_send_as(rules->context, address))
		return false;
	return rules->mode == COMPLETION_ALWAYS ||
	    (domain_is_local(domain) && own != NULL && !domain_is_local(own));
}

bool
completion_is_this_host(const char *domain, const char *host_name)
{
	if (text_equals(domain, "localhost") ||
	    text_equals(domain, "localhost.localdomain"))
		return true;
	return host_name != NULL && domain_is_local(host_name) &&
	    text_equals(domain, host_name);
}

/* Advances *index past the field, unless it removes it. */
static int
complete_field(struct completer *completer, size_t *index, bool is_sender)
{
	struct header *header = completer->header;
	const struct header_field *field = &header->field[*index];
	struct rewriting rewriting = {.copied = field->value,
	    .is_from = text_is(field->name, field->name_len, "From"),
	    .is_sender = is_sender};
	bool removes = false;
	int result;

	buf_init(&rewriting.value, HEADER_SIZE_MAX);
	result = complete_value(completer, &rewriting, field, &removes);
	if (result == 0 && (removes || rewriting.is_changed) &&
	    signed_fields_cover(header, field))
		completer->completion->breaks_signature = true;
	if (result == 0 && rewriting.is_changed)
		result = header_replace_value(header, *index,
		    rewriting.value.data, rewriting.value.len, completer->err);
	if (result == 0 && removes)
		header_remove(header, *index);
	else
		++*index;
	buf_done(&rewriting.value);
	return result;
}

static int
complete_value(struct completer *completer, struct rewriting *rewriting,
    const struct header_field *field, bool *ret_removes)
{
	bool always = completer->rules->mode == COMPLETION_ALWAYS;
	const char *end = field->value + field->value_len;
	struct mailbox_list list;
	int result;

	mailbox_list_init(&list);
	result = mailbox_list_parse(&list, field->value, field->value_len,
	    "address list", completer->err);
	if (result == -1 && completer->err->code == ERROR_DATA) {
		*ret_removes = rewriting->is_from && always;
		result = 0;
		goto out;
	}
	*ret_removes = rewriting->is_from && list.count == 0 && !list.has_group;
	for (size_t i = 0; i < list.count && result == 0; i++)
		result =
		    complete_mailbox(completer, rewriting, &list.mailbox[i]);
	if (result == 0 && rewriting->is_changed)
		result = buf_add(&rewriting->value, rewriting->copied,
		    (size_t)(end - rewriting->copied), completer->err);
out:
	mailbox_list_done(&list);
	return result;
}

static int
complete_mailbox(struct completer *completer, struct rewriting *rewriting,
    const struct mailbox *mailbox)
{
	struct address_list list;
	int result = 0;

	address_list_init(&list);
	if (!rewriting->is_sender) {
		result = find_recipients(completer, mailbox->address, &list);
	} else if (completion_replaces_sender(completer->rules,
		       mailbox->address)) {
		if (rewriting->is_from)
			result = note_replaced(completer, mailbox->address);
		if (result == 0)
			result = address_list_add(&list,
			    completer->rules->address, completer->err);
	}
	if (result == 0 && list.count > 0 &&
	    (list.count == 1 || !mailbox->in_group))
		result = write_mailbox(completer, rewriting, mailbox, &list);
	address_list_done(&list);
	return result;
}

/* An address that answers can't reach is not kept. */
static int
note_replaced(struct completer *completer, const char *address)
{
	struct completion *completion = completer->completion;
	const char *domain = address_domain(address);

	if (completion->replaced_from == NULL) {
		completion->replaced_from =
		    text_format(completer->err, "%s", address);
		if (completion->replaced_from == NULL)
			return -1;
	}
	return domain != NULL && !domain_is_local(domain)
	    ? address_list_add(&completer->replaced, address, completer->err)
	    : 0;
}

/* Adds nothing if the address is complete, or stays as it is. */
static int
find_recipients(const struct completer *completer, const char *address,
    struct address_list *list)
{
	const struct completion_rules *rules = completer->rules;
	const char *domain = address_domain(address);

	if (domain != NULL &&
	    !completion_is_this_host(domain, rules->host_name))
		return 0;
	if (rules->resolve(rules->context, address, list) == -1 ||
	    address_list_has(list, address)) {
		address_list_done(list);
		address_list_init(list);
	}
	return 0;
}

/* Several recipients become a group: "root:;" names none of them. */
static int
write_mailbox(struct completer *completer, struct rewriting *rewriting,
    const struct mailbox *mailbox, const struct address_list *list)
{
	struct buf *out = &rewriting->value;
	const char *start = mailbox->whole.at;
	struct error *err = completer->err;

	if (buf_add(out, rewriting->copied, (size_t)(start - rewriting->copied),
		err) == -1 ||
	    write_name(out, mailbox, err) == -1)
		return -1;
	rewriting->copied = start + mailbox->whole.len;
	rewriting->is_changed = true;
	if (list->count > 1)
		return buf_add_text(out, ":;", err);
	return buf_addf(out, err, " <%s>", list->address[0]);
}

static int
write_name(struct buf *out, const struct mailbox *mailbox, struct error *err)
{
	size_t before = out->len;
	char *name;
	int result;

	if (mailbox->phrase.len > 0)
		return buf_add(out, mailbox->phrase.at, mailbox->phrase.len,
		    err);
	name = copy_name(mailbox, err);
	if (name == NULL)
		return -1;
	result = phrase_write(out, name, err);
	free(name);
	/* Control characters, or neither ASCII nor UTF-8. */
	if ((result == -1 && err->code == ERROR_DATA) ||
	    (result == 0 && out->len == before)) {
		out->len = before;
		return buf_add_text(out, "\"\"", err);
	}
	return result;
}

/* The comment without parentheses, else the local part without quotes. */
static char *
copy_name(const struct mailbox *mailbox, struct error *err)
{
	const char *domain = address_domain(mailbox->address);
	struct mailbox_span span = {mailbox->address,
	    domain != NULL ? (size_t)(domain - mailbox->address - 1)
			   : strlen(mailbox->address)};
	struct buf name;
	int result = 0;

	if (mailbox->comment.len > 2)
		span = mailbox->comment;
	if (*span.at == '(' || *span.at == '"')
		span = (struct mailbox_span){span.at + 1, span.len - 2};
	buf_init(&name, HEADER_SIZE_MAX);
	for (size_t i = 0; i < span.len && result == 0; i++) {
		const char *at = &span.at[i];

		if (*at != '\r' && *at != '\n' && *at != '\\')
			result = buf_add(&name, *at == '\t' ? " " : at, 1, err);
	}
	if (result == -1) {
		buf_done(&name);
		return NULL;
	}
	return buf_take(&name);
}

static int
add_reply_to(struct completer *completer)
{
	const struct address_list *list = &completer->replaced;
	struct buf value;
	int result = 0;

	if (header_find(completer->header, "Reply-To", 0, NULL) != NULL)
		return 0;
	buf_init(&value, HEADER_SIZE_MAX);
	for (size_t i = 0; i < list->count && result == 0; i++)
		result = buf_addf(&value, completer->err, "%s%s",
		    i > 0 ? ", " : "", list->address[i]);
	if (result == 0)
		result = header_append(completer->header, "Reply-To",
		    buf_text(&value), completer->err);
	buf_done(&value);
	return result;
}

/* A From field that is missing gets the account's address later. If the message
 * is resent, Sender would be that of the first sending. */
static int
add_sender(struct completer *completer)
{
	const char *address = completer->rules->address;
	struct header *header = completer->header;
	struct address_list senders;
	struct error *err = completer->err;
	int result = 0;

	if (header_find(header, "Sender", 0, NULL) != NULL ||
	    header_find(header, "From", 0, NULL) == NULL ||
	    header_find_resent(header, NULL) != NULL)
		return 0;
	address_list_init(&senders);
	if (header_senders(header, &senders, err) == -1)
		result = err->code == ERROR_DATA ? 0 : -1;
	else if (senders.count != 1 ||
	    !address_equals(senders.address[0], address))
		result = header_append(header, "Sender", address, err);
	address_list_done(&senders);
	return result;
}
