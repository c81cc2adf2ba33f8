/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONSOLE_H
#define TESTS_CONSOLE_H

/* Standard output and error of the client, which may fail like files. */

#include <stdbool.h>
#include <stdint.h>

#include "output.h"
#include "seed.h"

struct console_facts {
	unsigned log_errors;  /* messages about the log */
	bool has_json;        /* a whole document was printed */
	int json_status;      /* its exit status */
	bool has_lost_output; /* printing failed */
	bool has_lost_errors;
};

void console_set_up(void);
void console_tear_down(void);

/* Starts a run. Of a thousand writes, faults fail. output is borrowed. */
void console_init(struct seed *seed, uint32_t faults,
    const struct output *output);

/* Between the two, stdout and stderr are the client's. */
void console_enter(void);
void console_leave(void);

const struct console_facts *console_facts(void);

#endif
