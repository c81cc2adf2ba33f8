/* SPDX-License-Identifier: MIT */
#ifndef REPORT_REPORT_OPTIONS_H
#define REPORT_REPORT_OPTIONS_H

#include <stdbool.h>

/* What the user asked to see. */
struct report_options {
	bool json;
	bool verbose;   /* the session */
	bool has_times; /* of each line and step */
	bool quiet;     /* no error text */
};

#endif
