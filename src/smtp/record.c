/* SPDX-License-Identifier: MIT */
/*
 * Adds up the time of each phase of an attempt. Does not know what a phase
 * does.
 */
#include "smtp/record.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "smtp/tls.h"
#include "smtp/wire.h"

const char *const smtp_phase_names[SMTP_PHASE_COUNT] = {
    [SMTP_PHASE_POP] = "pop",
    [SMTP_PHASE_NAME] = "name",
    [SMTP_PHASE_CONNECT] = "connect",
    [SMTP_PHASE_GREETING] = "greeting",
    [SMTP_PHASE_EHLO] = "ehlo",
    [SMTP_PHASE_STARTTLS] = "starttls",
    [SMTP_PHASE_TLS] = "tls",
    [SMTP_PHASE_CREDENTIAL] = "credential",
    [SMTP_PHASE_AUTH] = "auth",
    [SMTP_PHASE_MAIL] = "mail",
    [SMTP_PHASE_RCPT] = "rcpt",
    [SMTP_PHASE_DATA] = "data",
    [SMTP_PHASE_MESSAGE] = "message",
};

void
smtp_record_begin(struct smtp_record *record, bool is_open)
{
	struct smtp_record begun = {.lap_ms = clock_now_ms()};

	if (record == NULL)
		return;
	if (is_open) {
		memcpy(begun.tls_version, record->tls_version,
		    sizeof begun.tls_version);
		memcpy(begun.tls_cipher, record->tls_cipher,
		    sizeof begun.tls_cipher);
		begun.mechanism = record->mechanism;
		begun.round_trips_of_connection =
		    record->round_trips_of_connection;
		begun.round_trips_before = -record->round_trips_of_connection;
	}
	*record = begun;
}

void
smtp_record_skip(struct smtp_record *record)
{
	if (record != NULL)
		record->lap_ms = clock_now_ms();
}

void
smtp_record_end(struct smtp_record *record, enum smtp_phase phase)
{
	int64_t now_ms;

	if (record == NULL)
		return;
	if (phase == SMTP_PHASE_AUTH && record->mechanism == NULL)
		return; /* there is no sign-in */
	now_ms = clock_now_ms();
	record->ms[phase] += now_ms - record->lap_ms;
	record->was_reached[phase] = true;
	record->lap_ms = now_ms;
}

void
smtp_record_connected(struct smtp_record *record)
{
	if (record == NULL)
		return;
	record->round_trips_before = record->round_trips;
	record->tls_version[0] = '\0';
	record->tls_cipher[0] = '\0';
	record->mechanism = NULL;
}

void
smtp_record_round_trips(struct smtp_record *record, const struct wire *wire)
{
	if (record == NULL || wire == NULL)
		return;
	record->round_trips_of_connection = (int)wire_flights(wire);
	record->round_trips =
	    record->round_trips_before + record->round_trips_of_connection;
}

/* The handshake of TLS 1.2 has one round trip more than that of 1.3. */
void
smtp_record_tls(struct smtp_record *record, const struct tls *tls)
{
	if (record == NULL)
		return;
	tls_facts_name(tls_session(tls), record->tls_version,
	    record->tls_cipher);
	if (strcmp(record->tls_version, "1.2") == 0)
		record->round_trips_before++;
}

void
smtp_record_mechanism(struct smtp_record *record, const char *name)
{
	if (record != NULL)
		record->mechanism = name;
}

int64_t
smtp_record_total_ms(const struct smtp_record *record)
{
	int64_t total_ms = 0;

	for (enum smtp_phase phase = 0; phase < SMTP_PHASE_COUNT; phase++)
		total_ms += record->ms[phase];
	return total_ms;
}
