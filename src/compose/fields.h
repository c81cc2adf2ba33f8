/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_FIELDS_H
#define COMPOSE_FIELDS_H

/* The header of the message, from the command line. */

#include "base/error.h"
#include "compose/arguments.h"
#include "message/header.h"

/*
 * Appends To, Cc, Reply-To, Subject, In-Reply-To, References and the fields of
 * --header. ERROR_DATA if an address is invalid or a value has a control
 * character or is not UTF-8; ERROR_USAGE if --header has no field, or names one
 * that describes the structure of the message or has an option of its own.
 */
int fields_add(struct header *header, const struct arguments *arguments,
    struct error *err);

#endif
