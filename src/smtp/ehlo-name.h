/* SPDX-License-Identifier: MIT */
#ifndef SMTP_EHLO_NAME_H
#define SMTP_EHLO_NAME_H

/* The name by which the client introduces itself. For this layer only. */

enum {
	EHLO_NAME_SIZE = 300
};

/* Writes given if it is not NULL; else the name of this host if it is fully
 * qualified, else its address on the connection fd (RFC 5321 section 4.1.4). */
void ehlo_name_choose(const char *given, int fd, char name[EHLO_NAME_SIZE]);

#endif
