/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_FILE_TYPE_H
#define COMPOSE_FILE_TYPE_H

/* Finds out the media types of files by their content. */

#include "base/error.h"
#include "compose/part-file.h"

/*
 * Sets type and charset of each file, and leaves it at its start. A type that
 * must not be encoded with base64 (RFC 2046 5.2), and text in an unknown
 * charset, becomes "application/octet-stream". ERROR_SYSTEM if libmagic has no
 * database, ERROR_INPUT if a file can not be read.
 */
int file_types_find(struct part_files *files, struct error *err);

#endif
