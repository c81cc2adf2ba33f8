/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

/*
 * The table of settings. Each row is a setting of the configuration file, a
 * long option, a POSTRIDER_ environment variable and a line of help. A struct
 * settings holds the values of one source; config/account.h merges them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/setting-ids.h"

enum setting_type {
	SETTING_TEXT,        /* one line */
	SETTING_PATH,        /* "~/" is the home directory */
	SETTING_HOST_NAME,   /* a name or an address */
	SETTING_SERVER,      /* a host name, or unix:/path */
	SETTING_SOURCE,      /* a credential source; never shown in errors */
	SETTING_NUMBER,      /* the row's min to max */
	SETTING_DURATION,    /* 500ms, 15s, 2m, 1h; a bare number is seconds */
	SETTING_RATE,        /* 100/h: a number for each m, h or d */
	SETTING_BOOL,        /* yes, no, true, false, on, off, 1, 0 */
	SETTING_CHOICE,      /* one of the row's words */
	SETTING_LIST,        /* { a, b } in a file; commas elsewhere */
	SETTING_ADDRESSES,   /* a list of bare addresses or "*@domain" */
	SETTING_DIRECTORIES, /* a list of absolute paths; "~" is not replaced */
	SETTING_TYPE_COUNT
};

enum {
	SETTING_IN_DEFAULTS = 1, /* outside the blocks */
	SETTING_IN_ACCOUNT = 2,
	SETTING_IN_PROVIDER = 4
};

struct setting {
	const char *name;        /* as in the file and after "--" */
	const char *argument;    /* placeholder in help; it also selects the
				    completion: completions/generate.c */
	const char *help;        /* one line */
	const char *fallback;    /* text of the built-in default, or NULL */
	const char *words;       /* SETTING_CHOICE: separated by spaces */
	const char *suggestions; /* other types: words for completions */
	unsigned long min;       /* SETTING_NUMBER, SETTING_DURATION (ms) */
	unsigned long max;
	enum setting_type type;
	unsigned where;
	bool in_file_only; /* neither an option nor a variable */
};

/* Returns the row of a setting, never NULL. */
const struct setting *setting_row(enum setting_id id);

/* The table, for setting_row only. */
extern const struct setting setting_rows[SETTING_COUNT];

/* Whether values of that type are lists. */
bool setting_type_is_list(enum setting_type type);

/* Finds a setting by name. Returns false if there is none. */
bool setting_find(const char *name, enum setting_id *ret_id);

/*
 * The settings of one source, or layer. A text is NULL if the layer doesn't set
 * it. Otherwise it is valid and in canonical form: list elements are joined
 * with "\n", a bool is "yes" or "no", a choice is spelt as in the row, "~/" in
 * a path is replaced. An empty text hides those of weaker layers.
 */
struct settings {
	char *text[SETTING_COUNT];
	char *origin[SETTING_COUNT]; /* "file:line", "--port", for errors */
};

void settings_init(struct settings *settings);
void settings_done(struct settings *settings);

/*
 * Sets a value after checking it by its type. The elements of a list are
 * separated by "\n" or commas. ERROR_CONFIG, or ERROR_USAGE if origin begins
 * with "-"; the old value then stays. The message begins with origin
 * ("config:3", "--port").
 */
int settings_set(struct settings *settings, enum setting_id id,
    const char *text, const char *origin, struct error *err);

/* Moves the values of other that settings lacks to settings. */
void settings_fill(struct settings *settings, struct settings *other);

/* Adds the values of environment variables such as POSTRIDER_TLS_TRUST_FILE.
 * Empty ones are ignored. */
int settings_from_environment(struct settings *settings, struct error *err);

/*
 * Parses a duration that isn't a setting. Forms and errors are as those of
 * settings_set.
 */
int setting_duration_parse(const char *text, const char *origin,
    int64_t *ret_duration_ms, struct error *err);

/* Convert a text that settings_set has accepted. */
unsigned long setting_number(const char *text);
int64_t setting_duration_ms(const char *text);
bool setting_bool(const char *text);
void setting_rate(const char *text, unsigned long *ret_number,
    int64_t *ret_period_s);

#endif
