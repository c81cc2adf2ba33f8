/* SPDX-License-Identifier: MIT */
#ifndef SMTP_RECORD_H
#define SMTP_RECORD_H

/*
 * What one attempt did and how long each step of it took, for the log and JSON.
 * Recording costs a few readings of the clock. Contains no secrets. Every
 * function accepts a record that is NULL and does nothing then.
 */

#include <stdbool.h>
#include <stdint.h>

#include "smtp/tls-facts.h"

struct tls;
struct wire;

/* In the order of a session with STARTTLS. */
enum smtp_phase {
	SMTP_PHASE_POP,
	SMTP_PHASE_NAME,
	SMTP_PHASE_CONNECT,
	SMTP_PHASE_GREETING,
	SMTP_PHASE_EHLO, /* all of them */
	SMTP_PHASE_STARTTLS,
	SMTP_PHASE_TLS,
	SMTP_PHASE_CREDENTIAL, /* waiting for it */
	SMTP_PHASE_AUTH,
	SMTP_PHASE_MAIL,
	SMTP_PHASE_RCPT, /* all recipients */
	SMTP_PHASE_DATA,
	SMTP_PHASE_MESSAGE, /* sending it, and the reply to it */
	SMTP_PHASE_COUNT
};

/* The names of the phases: in struct error (step), the log and JSON. */
extern const char *const smtp_phase_names[SMTP_PHASE_COUNT];

struct smtp_record {
	int64_t lap_ms; /* when the last phase ended */
	int64_t ms[SMTP_PHASE_COUNT];
	bool was_reached[SMTP_PHASE_COUNT];
	int round_trips;        /* how often the client waited for the server */
	int round_trips_before; /* the connection was opened */
	int round_trips_of_connection;
	char tls_version[TLS_FACTS_WORD_SIZE]; /* "" without TLS */
	char tls_cipher[TLS_FACTS_WORD_SIZE];
	const char *mechanism; /* SASL, the last that was tried; or NULL */
};

/* Empties the record, but for TLS and mechanism if the session is open already.
 * The first phase begins now. */
void smtp_record_begin(struct smtp_record *record, bool is_open);

/* The next phase begins now, not when the last one ended. */
void smtp_record_skip(struct smtp_record *record);

/* A phase has ended, or failed: it gets the time since the last one. A phase
 * that occurs again gets the sum. */
void smtp_record_end(struct smtp_record *record, enum smtp_phase phase);

/* A connection is established: its round trips are added to those before, and
 * it has no TLS yet. */
void smtp_record_connected(struct smtp_record *record);

/* Takes over the round trips of the connection; wire may be NULL. */
void smtp_record_round_trips(struct smtp_record *record,
    const struct wire *wire);

/* TLS is established. */
void smtp_record_tls(struct smtp_record *record, const struct tls *tls);

/* A mechanism is about to be tried, or has succeeded. */
void smtp_record_mechanism(struct smtp_record *record, const char *name);

/* Returns the time of all phases. */
int64_t smtp_record_total_ms(const struct smtp_record *record);

#endif
