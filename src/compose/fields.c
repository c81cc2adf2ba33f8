/* SPDX-License-Identifier: MIT */
/*
 * Checks the values of header fields, and writes them. Addresses are read by
 * GMime and written here: its encoded words may be longer than RFC 2047
 * permits.
 */
#include "compose/fields.h"

#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "message/phrase.h"

enum {
	NAME_LEN_MAX = 76
};

static int add_addresses(struct header *header,
    const struct arguments *arguments, struct error *err);
static int add_text(struct header *header, const char *name, const char *value,
    const char *what, struct error *err);
static int check_value(const char *value, const char *what, struct error *err);
static int write_address_text(struct buf *out, const char *text,
    const char *what, struct error *err);
static int write_list(struct buf *out, InternetAddressList *list,
    struct error *err);
static int write_address(struct buf *out, InternetAddress *address,
    struct error *err);
static int add_reference(struct header *header, const char *id,
    struct error *err);
static int add_own_field(struct header *header, const char *text,
    struct error *err);
static int check_name(const char *name, const char *text, struct error *err);
static bool is_among(const char *name, const char *const list[]);

int
fields_add(struct header *header, const struct arguments *arguments,
    struct error *err)
{
	const char *subject = arguments_text(arguments, ARGUMENT_SUBJECT);
	const char *id = arguments_text(arguments, ARGUMENT_IN_REPLY_TO);

	if (add_addresses(header, arguments, err) == -1)
		return -1;
	if (subject != NULL &&
	    add_text(header, "Subject", subject, "--subject", err) == -1)
		return -1;
	if (id != NULL && add_reference(header, id, err) == -1)
		return -1;
	for (size_t i = 0; i < arguments->count[ARGUMENT_HEADER]; i++) {
		if (add_own_field(header, arguments->value[ARGUMENT_HEADER][i],
			err) == -1)
			return -1;
	}
	return 0;
}

static int
add_addresses(struct header *header, const struct arguments *arguments,
    struct error *err)
{
	static const struct {
		enum argument_id id;
		const char *name;
	} fields[] = {
	    {ARGUMENT_TO, "To"},
	    {ARGUMENT_CC, "Cc"},
	    {ARGUMENT_REPLY_TO, "Reply-To"},
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		enum argument_id id = fields[i].id;
		struct buf value;
		int result = 0;

		buf_init(&value, HEADER_SIZE_MAX);
		for (size_t j = 0; result == 0 && j < arguments->count[id]; j++)
			result = write_address_text(&value,
			    arguments->value[id][j], argument_name(id), err);
		if (result == 0 && value.len > 0)
			result = header_append(header, fields[i].name,
			    buf_text(&value), err);
		buf_done(&value);
		if (result == -1)
			return -1;
	}
	return 0;
}

static int
add_text(struct header *header, const char *name, const char *value,
    const char *what, struct error *err)
{
	struct buf encoded;
	int result;

	if (check_value(value, what, err) == -1)
		return -1;
	buf_init(&encoded, HEADER_SIZE_MAX);
	result = unstructured_write(&encoded, value, err);
	if (result == 0)
		result = header_append(header, name, buf_text(&encoded), err);
	buf_done(&encoded);
	return result;
}

/* A line end would begin another field. */
static int
check_value(const char *value, const char *what, struct error *err)
{
	for (const char *at = value; *at != '\0'; at++) {
		if (((unsigned char)*at < ' ' && *at != '\t') || *at == 0x7F)
			return error_set(err, ERROR_DATA,
			    "%s \"%s\": contains a %s", what, value,
			    *at == '\n' || *at == '\r' ? "line end"
						       : "control character");
	}
	if (!text_is_utf8(value, strlen(value)))
		return error_set(err, ERROR_DATA, "%s \"%s\": not UTF-8 text",
		    what, value);
	return 0;
}

/* Adds to a list that may have addresses. */
static int
write_address_text(struct buf *out, const char *text, const char *what,
    struct error *err)
{
	InternetAddressList *list;
	int result = 0;

	if (check_value(text, what, err) == -1)
		return -1;
	list = internet_address_list_parse(NULL, text);
	if (list == NULL)
		return error_set(err, ERROR_DATA, "%s \"%s\": not an address",
		    what, text);
	if (out->len > 0)
		result = buf_add_text(out, ", ", err);
	if (result == 0)
		result = write_list(out, list, err);
	g_object_unref(list);
	return result;
}

static int
write_list(struct buf *out, InternetAddressList *list, struct error *err)
{
	for (int i = 0; i < internet_address_list_length(list); i++) {
		if (i > 0 && buf_add_text(out, ", ", err) == -1)
			return -1;
		if (write_address(out,
			internet_address_list_get_address(list, i), err) == -1)
			return -1;
	}
	return 0;
}

/* The domain is in ASCII: few servers accept another one in the header. */
static int
write_address(struct buf *out, InternetAddress *address, struct error *err)
{
	const char *name = internet_address_get_name(address);
	bool has_name = name != NULL && *name != '\0';

	if (has_name && phrase_write(out, name, err) == -1)
		return -1;
	if (INTERNET_ADDRESS_IS_GROUP(address)) {
		if (buf_add_text(out, ": ", err) == -1 ||
		    write_list(out,
			internet_address_group_get_members(
			    INTERNET_ADDRESS_GROUP(address)),
			err) == -1)
			return -1;
		return buf_add_text(out, ";", err);
	}
	return buf_addf(out, err, has_name ? " <%s>" : "%s",
	    internet_address_mailbox_get_idn_addr(
		INTERNET_ADDRESS_MAILBOX(address)));
}

/* RFC 5322 3.6.4: the references of the other message are not known. */
static int
add_reference(struct header *header, const char *id, struct error *err)
{
	size_t len = strlen(id);
	char field[NAME_LEN_MAX * 12];

	if (check_value(id, "--in-reply-to", err) == -1)
		return -1;
	if (len > 2 && id[0] == '<' && id[len - 1] == '>') {
		id++;
		len -= 2;
	}
	if (len == 0 || strcspn(id, " \t<>") < len || text_has_8bit(id, len) ||
	    len + 3 > sizeof field) {
		error_set(err, ERROR_DATA,
		    "--in-reply-to \"%s\": not a Message-ID", id);
		return error_hint(err,
		    "for example: --in-reply-to '<2026@mail.example.org>'");
	}
	snprintf(field, sizeof field, "<%.*s>", (int)len, id);
	if (header_append(header, "In-Reply-To", field, err) == -1)
		return -1;
	return header_append(header, "References", field, err);
}

/* "NAME: VALUE" */
static int
add_own_field(struct header *header, const char *text, struct error *err)
{
	static const char *const with_addresses[] = {"From", "Sender",
	    "Disposition-Notification-To", "Mail-Followup-To", NULL};
	size_t len = strcspn(text, ":");
	const char *value = text + len;
	char name[NAME_LEN_MAX + 1];
	struct buf list;
	int result;

	if (check_value(text, "--header", err) == -1)
		return -1;
	if (*value == '\0' || len == 0 || len > NAME_LEN_MAX) {
		error_set(err, ERROR_USAGE, "--header \"%s\": not a field",
		    text);
		return error_hint(err, "for example: --header 'X-Job: 17'");
	}
	memcpy(name, text, len);
	name[len] = '\0';
	if (check_name(name, text, err) == -1)
		return -1;
	value += 1 + strspn(value + 1, " \t");
	if (!is_among(name, with_addresses))
		return add_text(header, name, value, "--header", err);
	buf_init(&list, HEADER_SIZE_MAX);
	result = write_address_text(&list, value, "--header", err);
	if (result == 0)
		result = header_append(header, name, buf_text(&list), err);
	buf_done(&list);
	return result;
}

static int
check_name(const char *name, const char *text, struct error *err)
{
	static const char *const with_option[] = {"To", "Cc", "Bcc", "Reply-To",
	    "Subject", "In-Reply-To", "References", NULL};

	for (const char *at = name; *at != '\0'; at++) {
		if (*at <= ' ' || *at > '~')
			return error_set(err, ERROR_USAGE,
			    "--header \"%s\": not a field", text);
	}
	if (text_has_prefix(name, "Content-") ||
	    text_equals(name, "MIME-Version"))
		return error_set(err, ERROR_USAGE,
		    "--header %s: postrider makes this field from the parts of "
		    "the message",
		    name);
	if (!is_among(name, with_option))
		return 0;
	error_set(err, ERROR_USAGE, "--header %s: an option sets this field",
	    name);
	return error_hint(err,
	    "use --to, --cc, --bcc, --reply-to, --subject or --in-reply-to");
}

static bool
is_among(const char *name, const char *const list[])
{
	for (; *list != NULL; list++) {
		if (text_equals(name, *list))
			return true;
	}
	return false;
}
