/* SPDX-License-Identifier: MIT */
/*
 * Formats the chain of certificates, for people and as JSON.
 */
#include "cli/check-certificate.h"

#include <stdio.h>
#include <time.h>

#include "cli/check-line.h"
#include "report/time.h"

enum {
	DAY_S = 86400,
	DATE_LEN = 10, /* of "2026-11-20T..." */
	VALIDITY_SIZE = 64
};

static void certificate_validity(int64_t expires_at, char out[VALIDITY_SIZE]);

void
check_certificate_print(const struct tls_facts *tls, enum check_mark mark,
    int64_t ms)
{
	for (size_t i = 0; i < tls->chain_count; i++) {
		const struct tls_certificate *link = &tls->chain[i];
		char validity[VALIDITY_SIZE];

		certificate_validity(link->expires_at, validity);
		check_line(i == 0 ? mark : CHECK_PLAIN,
		    i == 0 ? "certificate" : "", i == 0 ? ms : CHECK_NO_TIME,
		    "%s, issued by %s, %s",
		    link->subject[0] != '\0' ? link->subject : "(no name)",
		    link->issuer[0] != '\0' ? link->issuer
					    : "an unknown issuer",
		    validity);
	}
}

void
check_certificate_add_json(struct json *json, const struct tls_facts *tls)
{
	json_open(json, "chain", '[');
	for (size_t i = 0; i < tls->chain_count; i++) {
		const struct tls_certificate *link = &tls->chain[i];
		char moment[TIME_UTC_SIZE];

		time_utc((time_t)link->expires_at, moment);
		json_open(json, NULL, '{');
		json_text(json, "subject", link->subject);
		json_text(json, "issuer", link->issuer);
		json_text(json, "expires_at",
		    link->expires_at != 0 ? moment : NULL);
		json_number(json, "days_left",
		    check_certificate_days(link->expires_at));
		json_close(json, '}');
	}
	json_close(json, ']');
}

long
check_certificate_days(int64_t expires_at)
{
	int64_t left = expires_at - (int64_t)time(NULL);

	return expires_at != 0 && left > 0 ? (long)(left / DAY_S) : 0;
}

static void
certificate_validity(int64_t expires_at, char out[VALIDITY_SIZE])
{
	long days = check_certificate_days(expires_at);
	char moment[TIME_UTC_SIZE];

	time_utc((time_t)expires_at, moment);
	if (expires_at == 0)
		snprintf(out, VALIDITY_SIZE, "until an unknown date");
	else if (expires_at <= (int64_t)time(NULL))
		snprintf(out, VALIDITY_SIZE, "expired on %.*s", DATE_LEN,
		    moment);
	else
		snprintf(out, VALIDITY_SIZE, "until %.*s (%ld day%s left)",
		    DATE_LEN, moment, days, days == 1 ? "" : "s");
}
