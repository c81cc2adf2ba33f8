/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

/*
 * The table of settings: one row is a setting of the configuration file, a long
 * option, a POSTRIDER_ variable of the environment, a line of --help. A struct
 * settings is one layer of texts; config/account.h lays them over one another.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/setting-ids.h"

enum setting_type {
	SETTING_TEXT,      /* one line */
	SETTING_PATH,      /* "~/" is the home directory */
	SETTING_HOST_NAME, /* a name or an address */
	SETTING_SOURCE,    /* where a credential is; never shown in errors */
	SETTING_NUMBER,    /* the row's min to max */
	SETTING_DURATION,  /* 500ms, 15s, 2m, 1h; a bare number is seconds */
	SETTING_BOOL,      /* yes, no, true, false, on, off, 1, 0 */
	SETTING_CHOICE,    /* one word of the row's words */
	SETTING_LIST,      /* { a, b } in a file; commas elsewhere */
	SETTING_ADDRESSES, /* a list of bare addresses or "*@domain" */
	SETTING_TYPE_COUNT
};

enum {
	SETTING_IN_DEFAULTS = 1, /* may stand outside a block */
	SETTING_IN_ACCOUNT = 2,
	SETTING_IN_PROVIDER = 4
};

struct setting {
	const char *name;     /* as in the file and after "--" */
	const char *argument; /* placeholder in --help; completions look at it
				 too: see completions/generate.c */
	const char *help;     /* one line */
	const char *fallback; /* text of the built-in default, or NULL */
	const char *words;    /* SETTING_CHOICE: separated by spaces */
	const char *suggestions; /* other types: words for completions */
	unsigned long min;       /* SETTING_NUMBER, SETTING_DURATION (ms) */
	unsigned long max;
	enum setting_type type;
	unsigned where;
};

/* The row of a setting; never NULL. */
const struct setting *setting_row(enum setting_id id);

/* Finds a row by name. Returns false when there is none. */
bool setting_find(const char *name, enum setting_id *ret_id);

/*
 * One layer. NULL: this layer doesn't say. The texts are checked and in one
 * form: a list is joined with "\n", a bool is "yes" or "no", a choice is the
 * row's word, a path is expanded. An empty text hides what a weaker layer says.
 */
struct settings {
	char *text[SETTING_COUNT];
	char *origin[SETTING_COUNT]; /* "file:line", "--port", for errors */
};

void settings_init(struct settings *settings);
void settings_done(struct settings *settings);

/*
 * Sets one text after checking it against the row's type; origin names the
 * place in errors ("config:3", "--port"). ERROR_CONFIG, ERROR_USAGE when origin
 * begins with "-"; the old text then stays. A list: "\n" or commas between.
 */
int settings_set(struct settings *settings, enum setting_id id,
    const char *text, const char *origin, struct error *err);

/* Moves into settings what other says and settings doesn't. */
void settings_fill(struct settings *settings, struct settings *other);

/* Adds the POSTRIDER_TLS_TRUST_FILE and so on that aren't empty. */
int settings_from_environment(struct settings *settings, struct error *err);

/*
 * Reads a duration that is no setting itself, as the option origin has it; the
 * same forms and errors.
 */
int setting_duration_parse(const char *text, const char *origin,
    int64_t *ret_duration_ms, struct error *err);

/* Return the value of a text that settings_set has accepted. */
unsigned long setting_number(const char *text);
int64_t setting_duration_ms(const char *text);
bool setting_bool(const char *text);

#endif
