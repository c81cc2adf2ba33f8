/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_QUEUE_PROGRAM_H
#define SUBMIT_QUEUE_PROGRAM_H

/* The program postrider-queue. */

#include "base/error.h"
#include "base/launcher.h"

#define QUEUE_PROGRAM "postrider-queue"

/* Lets the launcher start it from a sandbox. Call it before launcher_run.
 * ERROR_SYSTEM, ERROR_CONFIG. */
int queue_program_register(struct launcher *launcher, struct error *err);

/*
 * Starts it in the background, to send what has been queued; it ends at once if
 * it is running already. launcher is NULL outside of a sandbox. After a failure
 * (ERROR_SYSTEM, ERROR_CONFIG) the messages wait for the next start.
 */
int queue_program_start(struct launcher *launcher, struct error *err);

/* Says in an error of queue_program_start what it means for a message. */
void queue_program_explain(struct error *err);

#endif
