/* SPDX-License-Identifier: MIT */
/*
 * Formats and parses the file with the state of a message.
 */
#include "spool/entry-file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char magic[] = "postrider-queue ";

static const char *const text_names[SPOOL_TEXT_COUNT] = {
    [SPOOL_ACCOUNT] = "account",
    [SPOOL_SENDER] = "sender",
    [SPOOL_NOTIFY] = "notify",
    [SPOOL_RETURN_TYPE] = "return",
    [SPOOL_ENVELOPE_ID] = "envelope-id",
    [SPOOL_MESSAGE_ID] = "message-id",
    [SPOOL_CAUSE] = "cause",
    [SPOOL_REPLY] = "reply",
};

static const char *const number_names[SPOOL_NUMBER_COUNT] = {
    [SPOOL_SIZE] = "size",
    [SPOOL_CREATED] = "created",
    [SPOOL_NEXT] = "next",
    [SPOOL_TRIES] = "tries",
    [SPOOL_TRIED] = "tried",
    [SPOOL_HELD] = "held",
    [SPOOL_UTF8] = "utf8",
};

static const char *const status_names[SPOOL_STATUS_COUNT] = {
    [SPOOL_WAITING] = "waiting",
    [SPOOL_SENDING] = "sending",
    [SPOOL_UNKNOWN] = "unknown",
    [SPOOL_SENT] = "sent",
    [SPOOL_REFUSED] = "refused",
    [SPOOL_EXPIRED] = "expired",
};

static int entry_version(const struct spool_entry *entry);
static int add_recipient(struct buf *out, const struct spool_recipient *one,
    struct error *err);
static int add_line(struct buf *out, const char *name, const char *value,
    struct error *err);
static int parse_version(const char *line, const char *name, struct error *err);
static int parse_line(struct spool_entry *entry, char *line, struct error *err);
static int parse_field(struct spool_entry *entry, const char *name,
    const char *value, struct error *err);
static int parse_recipient(struct spool_entry *entry, const char *value,
    struct error *err);
static int parse_recipient_text(struct spool_recipient *recipient,
    const char *name, const char *value, struct error *err);
static int find_name(const char *const *names, int count, const char *name,
    size_t len);
static int damaged(struct error *err, const char *name);

const char *
spool_status_name(enum spool_status status)
{
	return status_names[status];
}

int
spool_entry_format(const struct spool_entry *entry, struct buf *out,
    struct error *err)
{
	if (buf_addf(out, err, "%s%d\n", magic, entry_version(entry)) == -1)
		return -1;
	for (int i = 0; i < SPOOL_TEXT_COUNT; i++) {
		if (add_line(out, text_names[i], entry->text[i], err) == -1)
			return -1;
	}
	for (int i = 0; i < SPOOL_NUMBER_COUNT; i++) {
		if (buf_addf(out, err, "%s %" PRIu64 "\n", number_names[i],
			entry->number[i]) == -1)
			return -1;
	}
	for (size_t i = 0; i < entry->count; i++) {
		if (add_recipient(out, &entry->recipient[i], err) == -1)
			return -1;
	}
	return buf_add_text(out, "end\n", err);
}

int
spool_entry_parse(struct spool_entry *entry, const char *text, size_t len,
    const char *name, struct error *err)
{
	char *copy = text_copy(text, len);
	char *line = copy;
	bool has_ended = false;
	int result = copy != NULL ? 0 : error_no_memory(err);

	while (line != NULL && result == 0 && !has_ended) {
		char *end = strchr(line, '\n');

		if (end == NULL) {
			result = damaged(err, name);
			break;
		}
		*end = '\0';
		has_ended = strcmp(line, "end") == 0;
		if (line == copy)
			result = parse_version(line, name, err);
		else if (!has_ended && parse_line(entry, line, err) == -1)
			result =
			    err->code == ERROR_SYSTEM ? -1 : damaged(err, name);
		line = end + 1;
	}
	if (result == 0 &&
	    (line != copy + len || entry->text[SPOOL_ACCOUNT] == NULL ||
		entry->text[SPOOL_SENDER] == NULL || entry->count == 0))
		result = damaged(err, name);
	free(copy);
	return result;
}

/* A program of the older version can't read the texts of a recipient. */
static int
entry_version(const struct spool_entry *entry)
{
	for (size_t i = 0; i < entry->count; i++) {
		const struct spool_recipient *one = &entry->recipient[i];

		if (one->notify != NULL || one->original != NULL)
			return SPOOL_VERSION;
	}
	return 1;
}

static int
add_recipient(struct buf *out, const struct spool_recipient *one,
    struct error *err)
{
	if (buf_addf(out, err, "recipient %s", status_names[one->status]) ==
		-1 ||
	    add_line(out, "", one->address, err) == -1 ||
	    add_line(out, "recipient-notify", one->notify, err) == -1 ||
	    add_line(out, "recipient-original", one->original, err) == -1)
		return -1;
	return add_line(out, "reason", one->reason, err);
}

/* A NULL value has no line. */
static int
add_line(struct buf *out, const char *name, const char *value,
    struct error *err)
{
	if (value == NULL)
		return 0;
	if (!text_is_one_line(value, strlen(value)))
		return error_set(err, ERROR_DATA,
		    "%s: more than one line cannot be queued", name);
	return buf_addf(out, err, "%s %s\n", name, value);
}

static int
parse_version(const char *line, const char *name, struct error *err)
{
	uint64_t version;

	if (strncmp(line, magic, sizeof magic - 1) != 0 ||
	    text_number(line + sizeof magic - 1, 1000000, &version) == -1 ||
	    version == 0)
		return damaged(err, name);
	if (version <= SPOOL_VERSION)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "%s: queued by a newer version of postrider", name);
	return error_hint(err,
	    "the message is left as it is; that version can send it");
}

/* Any error but ERROR_SYSTEM means that the file is damaged. */
static int
parse_line(struct spool_entry *entry, char *line, struct error *err)
{
	char *space = strchr(line, ' ');

	if (space == NULL)
		return error_set(err, ERROR_DATA, "no value");
	*space = '\0';
	return parse_field(entry, line, space + 1, err);
}

static int
parse_field(struct spool_entry *entry, const char *name, const char *value,
    struct error *err)
{
	int text = find_name(text_names, SPOOL_TEXT_COUNT, name, strlen(name));
	int number =
	    find_name(number_names, SPOOL_NUMBER_COUNT, name, strlen(name));
	uint64_t parsed;

	if (text != -1)
		return spool_entry_set(entry, (enum spool_text)text, value,
		    err);
	if (number != -1) {
		if (text_number(value, INT64_MAX, &parsed) == -1)
			return error_set(err, ERROR_DATA, "no number");
		entry->number[number] = parsed;
		return 0;
	}
	if (strcmp(name, "recipient") == 0)
		return parse_recipient(entry, value, err);
	return entry->count > 0
	    ? parse_recipient_text(&entry->recipient[entry->count - 1], name,
		  value, err)
	    : error_set(err, ERROR_DATA, "unknown line");
}

static int
parse_recipient(struct spool_entry *entry, const char *value, struct error *err)
{
	size_t len = strcspn(value, " ");
	int status = find_name(status_names, SPOOL_STATUS_COUNT, value, len);

	if (status == -1 || value[len] == '\0' || value[len + 1] == '\0')
		return error_set(err, ERROR_DATA, "no recipient");
	if (spool_entry_add(entry, value + len + 1, err) == -1)
		return -1;
	entry->recipient[entry->count - 1].status = (enum spool_status)status;
	return 0;
}

/* Of the last recipient so far. */
static int
parse_recipient_text(struct spool_recipient *recipient, const char *name,
    const char *value, struct error *err)
{
	const struct {
		const char *name;
		char **text;
	} texts[] = {
	    {"recipient-notify", &recipient->notify},
	    {"recipient-original", &recipient->original},
	    {"reason", &recipient->reason},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (strcmp(texts[i].name, name) == 0)
			return text_replace(texts[i].text, value, err);
	}
	return error_set(err, ERROR_DATA, "unknown line");
}

static int
find_name(const char *const *names, int count, const char *name, size_t len)
{
	for (int i = 0; i < count; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return i;
	}
	return -1;
}

static int
damaged(struct error *err, const char *name)
{
	error_set(err, ERROR_DATA, "%s: the file is damaged", name);
	return error_hint(err,
	    "it is left as it is; the message is beside it, in the file that "
	    "ends with .message");
}
