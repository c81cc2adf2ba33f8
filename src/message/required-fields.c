/* SPDX-License-Identifier: MIT */
/*
 * Adds From, Date and Message-ID to a header that lacks them, and their Resent-
 * counterparts to that of a message that is resent.
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
#include "message/address.h"
#include "message/domain.h"
#include "message/phrase.h"

enum {
	VALUE_MAX = 4096,
	RANDOM_LEN = 12
};

struct required_field {
	const char *name;
	/* Writes the value. */
	int (*write)(struct buf *value, const struct required_fields *required,
	    struct error *err);
};

static int write_from(struct buf *value, const struct required_fields *required,
    struct error *err);
static int write_date(struct buf *value, const struct required_fields *required,
    struct error *err);
static int write_message_id(struct buf *value,
    const struct required_fields *required, struct error *err);
static int add_missing(struct header *header, size_t *index,
    const struct required_field *field, const struct required_fields *required,
    struct error *err);

static const struct required_field fields[] = {
    {"From", write_from},
    {"Date", write_date},
    {"Message-ID", write_message_id},
};
static const struct required_field resent_fields[] = {
    {"Resent-From", write_from},
    {"Resent-Date", write_date},
    {"Resent-Message-ID", write_message_id},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int
required_fields_add(struct header *header,
    const struct required_fields *required, struct error *err)
{
	size_t end = header->count;
	size_t resent = 0;

	for (size_t i = 0; i < COUNT(fields); i++) {
		if (add_missing(header, &end, &fields[i], required, err) == -1)
			return -1;
	}
	/* The fields of one resending are together, before older ones. */
	header_find_resent(header, &resent);
	for (size_t i = 0; i < COUNT(resent_fields) && required->is_resent;
	     i++) {
		if (add_missing(header, &resent, &resent_fields[i], required,
			err) == -1)
			return -1;
	}
	return 0;
}

/* Advances *index past the field that it inserts there. */
static int
add_missing(struct header *header, size_t *index,
    const struct required_field *field, const struct required_fields *required,
    struct error *err)
{
	struct buf value;
	int result;

	if (header_find(header, field->name, 0, NULL) != NULL)
		return 0;
	buf_init(&value, VALUE_MAX);
	result = field->write(&value, required, err);
	if (result == 0)
		result = header_insert(header, (*index)++, field->name,
		    buf_text(&value), err);
	buf_done(&value);
	return result;
}

static int
write_from(struct buf *value, const struct required_fields *required,
    struct error *err)
{
	struct address_list address;
	int result = -1;

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
	    phrase_write(value, required->full_name, err) == -1)
		goto out;
	result = buf_addf(value, err, "%s<%s>", value->len > 0 ? " " : "",
	    address.address[0]);
out:
	address_list_done(&address);
	return result;
}

static int
write_date(struct buf *value, const struct required_fields *required,
    struct error *err)
{
	char date[CLOCK_DATE_SIZE];

	clock_date(required->now, date);
	return buf_add_text(value, date, err);
}

/* Uses the time and 96 random bits: unique, and reveals neither host nor
 * process. */
static int
write_message_id(struct buf *value, const struct required_fields *required,
    struct error *err)
{
	char *domain = domain_to_ascii(required->id_domain, err);
	unsigned char random[RANDOM_LEN];
	struct tm utc;
	int result = -1;

	if (domain == NULL)
		return -1;
	if (getentropy(random, sizeof random) == -1) {
		error_set_errno(err, ERROR_SYSTEM, "cannot get random bytes");
		goto out;
	}
	gmtime_r(&required->now, &utc);
	if (buf_addf(value, err, "<%04d%02d%02d%02d%02d%02d.",
		utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
		utc.tm_min, utc.tm_sec) == -1)
		goto out;
	for (size_t i = 0; i < sizeof random; i++) {
		if (buf_addf(value, err, "%02x", random[i]) == -1)
			goto out;
	}
	result = buf_addf(value, err, "@%s>", domain);
out:
	free(domain);
	return result;
}
