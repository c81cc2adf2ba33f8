/* SPDX-License-Identifier: MIT */
/*
 * The phrases with which programs report common failures, and what the user can
 * do. Must not copy anything from the message of a command.
 */
#include "credential/program-failure.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
	STATUS_NOT_EXECUTABLE = 126, /* sh(1) */
	STATUS_NOT_FOUND = 127
};

static bool contains_phrase(const char *line, size_t len, const char *phrase);

static const char decryption_hint[] =
    "run the command in a terminal to unlock the key (after export "
    "GPG_TTY=$(tty)), and see whether gpg --list-secret-keys lists it; for "
    "cron, use a key without a passphrase";
static const char encryption_hint[] =
    "check the key that the command encrypts to: gpg --list-keys lists those "
    "of this user";
static const char passphrase_hint[] =
    "check the passphrase or the key that the command decrypts with";
static const char locked_hint[] =
    "unlock the password manager or sign in to it, then try again; for cron, "
    "use another source";
static const char keyring_hint[] =
    "run postrider in the desktop's session, or set DBUS_SESSION_BUS_ADDRESS="
    "unix:path=/run/user/$(id -u)/bus and unlock the keyring";
static const char entry_hint[] =
    "check the name of the entry in the command, and HOME and "
    "PASSWORD_STORE_DIR if cron or a service runs it";
static const char access_hint[] =
    "let the user that runs postrider read what the command reads: check owner "
    "and mode of the file, or the key or policy at another host";
static const char path_hint[] =
    "check the paths in the command, which should be absolute, and that the "
    "user that runs postrider has these files";
static const char syntax_hint[] =
    "correct the quotes and brackets in the command";

static const struct program_failure not_executable = {"not executable",
    "make the program that the command runs executable (chmod +x), or correct "
    "its first line (#!)"};
static const struct program_failure not_found = {"command not found",
    "install the program that the command runs, or give its absolute path; "
    "PATH is short for cron and services"};

/* The first that occurs is used, so exact phrases precede general ones. */
static const struct program_failure failures[] = {
    {"No secret key", decryption_hint},
    {"No pinentry", decryption_hint},
    {"decryption failed: Inappropriate ioctl for device", decryption_hint},
    {"decryption failed: Operation cancelled", decryption_hint},
    {"Screen or window too small", decryption_hint},
    {"can't connect to the agent", decryption_hint},
    {"can't connect to the gpg-agent", decryption_hint},
    {"problem with the agent", decryption_hint},
    {"no gpg-agent running", decryption_hint},
    {"cannot open '/dev/tty'", decryption_hint},
    {"No passphrase given", decryption_hint},
    {"No public key", encryption_hint},
    {"Unusable public key", encryption_hint},
    {"Bad passphrase", passphrase_hint},
    {"incorrect passphrase", passphrase_hint},
    {"bad decrypt", passphrase_hint},
    {"Bad session key", passphrase_hint},
    {"Invalid credentials were provided", passphrase_hint},
    {"not logged in", locked_hint},
    {"not currently signed in", locked_hint},
    {"not signed in", locked_hint},
    {"session expired", locked_hint},
    {"Vault is locked", locked_hint},
    {"agent is locked", locked_hint},
    {"locked collection", locked_hint},
    {"locked object", locked_hint},
    {"Cannot autolaunch D-Bus", keyring_hint},
    {"Could not connect: No such file or directory", keyring_hint},
    {"was not provided by any .service files", keyring_hint},
    {"is not in the password store", entry_hint},
    {"password store is empty", entry_hint},
    {"Could not find entry", entry_hint},
    {"isn't an item", entry_hint},
    {"Permission denied", access_hint},
    {"Operation not permitted", access_hint},
    {"No such file or directory", path_hint},
    {"No such file", path_hint}, /* dash */
    {"Unterminated quoted string", syntax_hint},
    {"unexpected EOF while looking for matching", syntax_hint},
    {"syntax error", syntax_hint},
    {"decryption failed", NULL},
    {"encryption failed", NULL},
    {"command not found", NULL},
    {"not found", NULL},
    {"Is a directory", NULL},
    {"Not a directory", NULL},
    {"No space left on device", NULL},
    {"Read-only file system", NULL},
    {"Input/output error", NULL},
    {"Could not resolve host", NULL},
    {"Connection refused", NULL},
    {"Connection timed out", NULL},
    {"Network is unreachable", NULL},
    {"invalid option", NULL},
    {"unknown option", NULL},
    {"unrecognized option", NULL},
};

const struct program_failure *
program_failure_find(const char *line, size_t len, int status)
{
	if (status == STATUS_NOT_EXECUTABLE)
		return &not_executable;
	if (status == STATUS_NOT_FOUND)
		return &not_found;
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		if (contains_phrase(line, len, failures[i].phrase))
			return &failures[i];
	}
	return NULL;
}

static bool
contains_phrase(const char *line, size_t len, const char *phrase)
{
	size_t phrase_len = strlen(phrase);

	for (size_t at = 0; at + phrase_len <= len; at++) {
		if (strncasecmp(line + at, phrase, phrase_len) == 0)
			return true;
	}
	return false;
}
