/* SPDX-License-Identifier: MIT */
/*
 * Adds From, Date and Message-ID to a header that lacks them.
 */
#include "message/required-fields.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

#include "base/clock.h"
#include "base/text.h"
#include "message/address.h"
#include "message/domain.h"
#include "message/encoded-word.h"

enum {
	FROM_MAX = 4096,
	RANDOM_LEN = 12
};

static int add_from(struct header *header,
    const struct required_fields *required, struct error *err);
static int write_name(struct buf *out, const char *name, struct error *err);
static int write_quoted(struct buf *out, const char *text, size_t len,
    struct error *err);
static bool is_phrase(const char *text, size_t len);
static int add_date(struct header *header,
    const struct required_fields *required, struct error *err);
static int add_message_id(struct header *header,
    const struct required_fields *required, struct error *err);

int
required_fields_add(struct header *header,
    const struct required_fields *required, struct error *err)
{
	static const struct {
		const char *name;
		int (*add)(struct header *, const struct required_fields *,
		    struct error *);
	} fields[] = {
	    {"From", add_from},
	    {"Date", add_date},
	    {"Message-ID", add_message_id},
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (header_find(header, fields[i].name, 0, NULL) == NULL &&
		    fields[i].add(header, required, err) == -1)
			return -1;
	}
	return 0;
}

static int
add_from(struct header *header, const struct required_fields *required,
    struct error *err)
{
	struct address_list address;
	struct buf value;
	int result = -1;

	buf_init(&value, FROM_MAX);
	address_list_init(&address);
	if (address_list_parse(&address, required->address,
		strlen(required->address), "From", err) == -1)
		goto out;
	if (address.count != 1) {
		error_set(err, ERROR_DATA, "From \"%s\": must be one address",
		    required->address);
		goto out;
	}
	if (required->full_name != NULL &&
	    write_name(&value, required->full_name, err) == -1)
		goto out;
	if (buf_addf(&value, err, "%s<%s>", value.len > 0 ? " " : "",
		address.address[0]) == -1)
		goto out;
	result = header_append(header, "From", buf_text(&value), err);
out:
	address_list_done(&address);
	buf_done(&value);
	return result;
}

/*
 * Appends name as a phrase. A name in another 8-bit encoding than UTF-8,
 * probably from an old password file, is omitted; it is no reason to fail.
 */
static int
write_name(struct buf *out, const char *name, struct error *err)
{
	size_t len;

	name += strspn(name, " ");
	len = strlen(name);
	while (len > 0 && name[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7F)
			return error_set(err, ERROR_DATA,
			    "full name \"%s\": contains a control character",
			    name);
	}
	if (!text_has_8bit(name, len))
		return is_phrase(name, len) ? buf_add(out, name, len, err)
					    : write_quoted(out, name, len, err);
	if (!text_is_utf8(name, len))
		return 0;
	return encoded_word_write(out, name, len, err);
}

/* Whether text consists of atoms (RFC 5322) and needs no quotes. */
static bool
is_phrase(const char *text, size_t len)
{
	static const char quoted[] = "()<>[]:;@\\,.\"";

	for (size_t i = 0; i < len; i++) {
		if (memchr(quoted, text[i], sizeof quoted - 1) != NULL)
			return false;
	}
	return true;
}

static int
write_quoted(struct buf *out, const char *text, size_t len, struct error *err)
{
	if (buf_add_text(out, "\"", err) == -1)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if ((text[i] == '"' || text[i] == '\\') &&
		    buf_add_text(out, "\\", err) == -1)
			return -1;
		if (buf_add(out, &text[i], 1, err) == -1)
			return -1;
	}
	return buf_add_text(out, "\"", err);
}

static int
add_date(struct header *header, const struct required_fields *required,
    struct error *err)
{
	char date[CLOCK_DATE_SIZE];

	clock_date(required->now, date);
	return header_append(header, "Date", date, err);
}

/* Uses the time and 96 random bits: unique, and reveals neither host nor
 * process. */
static int
add_message_id(struct header *header, const struct required_fields *required,
    struct error *err)
{
	char *domain = domain_to_ascii(required->id_domain, err);
	unsigned char random[RANDOM_LEN];
	struct tm utc;
	struct buf value;
	int result = -1;

	if (domain == NULL)
		return -1;
	buf_init(&value, FROM_MAX);
	if (getentropy(random, sizeof random) == -1) {
		error_set_errno(err, ERROR_SYSTEM, "cannot get random bytes");
		goto out;
	}
	gmtime_r(&required->now, &utc);
	if (buf_addf(&value, err, "<%04d%02d%02d%02d%02d%02d.",
		utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
		utc.tm_min, utc.tm_sec) == -1)
		goto out;
	for (size_t i = 0; i < sizeof random; i++) {
		if (buf_addf(&value, err, "%02x", random[i]) == -1)
			goto out;
	}
	if (buf_addf(&value, err, "@%s>", domain) == -1)
		goto out;
	result = header_append(header, "Message-ID", buf_text(&value), err);
out:
	buf_done(&value);
	free(domain);
	return result;
}
