/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HOLD_FRAME_H
#define SUBMIT_HOLD_FRAME_H

/*
 * What postrider and the process that holds a session say to each other. The
 * client sends one request, with the message as a descriptor. The answer is any
 * number of lines, warnings and progress; "the end goes out"; each recipient;
 * and what became of the transaction. When the client has reported that, it
 * says so, and the connection is closed.
 *
 * Each side takes what the other sends for untrue, but never for malformed: a
 * frame that can't be read ends the connection.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/frame.h"
#include "config/account.h"
#include "smtp/progress.h"
#include "smtp/record.h"
#include "smtp/transaction.h"
#include "smtp/transcript.h"

enum hold_frame {
	HOLD_SEND = 1,  /* the request */
	HOLD_LINE,      /* of the transcript */
	HOLD_WARNING,   /* of the credential */
	HOLD_PROGRESS,  /* of the message */
	HOLD_OPEN,      /* the session is open, and the transaction begins */
	HOLD_END,       /* the last bytes go out: it may be accepted now */
	HOLD_AGAIN,     /* it was refused by a limit; another try follows */
	HOLD_RECIPIENT, /* the outcome of one, in their order */
	HOLD_DONE,      /* the transaction */
	HOLD_REPORTED,  /* by the client, who may end now; without fields */

	/* Between the processes that hold sessions, without fields. */
	HOLD_CLIENT, /* a client: its connection is the descriptor */
	HOLD_READY   /* for the next client */
};

struct hold_request {
	int64_t deadline_ms;
	int64_t patience_end_ms; /* a session is open by then; 0: no limit */
	bool wants_lines;
	bool wants_progress;
	/* Without the functions of its body. */
	struct smtp_transaction transaction;
};

struct hold_outcome {
	struct error failure; /* ERROR_NONE: accepted */
	const char *receipt;
	const char *receipt_code;
	struct smtp_record record;
};

/* Add a frame to out. ERROR_SYSTEM. */
int hold_frame_add_request(struct buf *out, const struct hold_request *request,
    struct error *err);
int hold_frame_add_line(struct buf *out, enum transcript_side side,
    const char *text, struct error *err);
int hold_frame_add_warning(struct buf *out, const struct error *warning,
    struct error *err);
int hold_frame_add_progress(struct buf *out,
    const struct smtp_progress *progress, struct error *err);
/* One without fields. */
int hold_frame_add_sign(struct buf *out, enum hold_frame type,
    struct error *err);
int hold_frame_add_recipient(struct buf *out,
    const struct smtp_recipient *recipient, struct error *err);
int hold_frame_add_outcome(struct buf *out, const struct hold_outcome *outcome,
    struct error *err);

/*
 * Take a frame of that type apart; false: it is malformed. Texts are borrowed
 * from it. Names in an error become those of this program's tables, and the
 * account's for its own mechanism. The caller frees the list of recipients.
 */
bool hold_frame_request(struct frame *frame, struct hold_request *ret_request);
bool hold_frame_line(struct frame *frame, enum transcript_side *ret_side,
    const char **ret_text);
bool hold_frame_warning(struct frame *frame, const struct account *account,
    struct error *ret_warning);
bool hold_frame_progress(struct frame *frame,
    struct smtp_progress *ret_progress);
bool hold_frame_recipient(struct frame *frame, const struct account *account,
    struct smtp_recipient *recipient);
bool hold_frame_outcome(struct frame *frame, const struct account *account,
    struct hold_outcome *ret_outcome);

#endif
