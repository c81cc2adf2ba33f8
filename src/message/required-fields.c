/* SPDX-License-Identifier: MIT */
/*
 * Adds From, Date and Message-ID to a header that lacks them.
 */
#include "message/required-fields.h"

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
	FROM_MAX = 4096,
	RANDOM_LEN = 12
};

static int add_from(struct header *header,
    const struct required_fields *required, struct error *err);
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
	    phrase_write(&value, required->full_name, err) == -1)
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
