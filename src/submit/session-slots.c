/* SPDX-License-Identifier: MIT */
/*
 * Counts the sessions of an account by locks on the bytes of a file: the first
 * byte is shared by the processes that wait, each of the others is a session.
 */
#include "submit/session-slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interruption.h"
#include "base/paths.h"
#include "base/text.h"
#include "tls/digest.h"

enum {
	SLOTS_MAX = 64, /* larger numbers are no limit */
	WANTED = 0,     /* the number of its byte */
	NAME_LEN = 32,  /* of the digest: 128 bits */
	PAUSE_MS = 300, /* of one that makes way: longer than LAST_WAIT_MS */
	FIRST_WAIT_MS = 10,
	LAST_WAIT_MS = 160
};

static int slots_open_file(const struct account *account, struct error *err);
static char *slots_path(const struct account *account, struct error *err);
static int slots_lock(const struct session_slots *slots, short type,
    unsigned slot);
static int slots_refuse(const struct session_slots *slots, const char *host,
    struct error *err);

unsigned
session_slots_limit(const struct account *account)
{
	unsigned limit = 0;

	if (account_duration_ms(account, SETTING_HOLD) > 0)
		limit =
		    provider_number(account->provider, PROVIDER_SESSIONS, 0);
	return limit <= SLOTS_MAX ? limit : 0;
}

void
session_slots_open(struct session_slots *slots, const struct account *account,
    const struct transcript *transcript)
{
	struct error err;

	*slots = (struct session_slots){.fd = -1,
	    .limit = session_slots_limit(account)};
	if (slots->limit == 0)
		return;
	slots->fd = slots_open_file(account, &err);
	if (slots->fd == -1)
		transcript_note(transcript,
		    "the number of sessions is not limited: %s", err.message);
}

void
session_slots_close(struct session_slots *slots)
{
	if (slots->fd != -1)
		close(slots->fd);
	slots->fd = -1;
}

bool
session_slots_try(struct session_slots *slots, unsigned *ret_slot)
{
	*ret_slot = 0;
	if (slots->fd == -1)
		return true;
	if (clock_left_ms(slots->not_before_ms) > 0)
		return false;
	for (unsigned slot = 1; slot <= slots->limit; slot++) {
		uint64_t bit = UINT64_C(1) << (slot - 1);

		if (slots->taken & bit)
			continue;
		if (slots_lock(slots, F_WRLCK, slot) == 0) {
			slots->taken |= bit;
			*ret_slot = slot;
			return true;
		}
		if (errno != EAGAIN && errno != EACCES)
			return true; /* there are no locks here */
	}
	return false;
}

int
session_slots_await(struct session_slots *slots, unsigned *ret_slot,
    int64_t deadline_ms, const struct transcript *transcript, const char *host,
    struct error *err)
{
	int64_t wait_ms = FIRST_WAIT_MS;
	bool is_taken = session_slots_try(slots, ret_slot);

	if (is_taken)
		return 0;
	transcript_note(transcript, SESSION_SLOTS_WAITING,
	    (size_t)slots->limit);
	session_slots_want(slots, true);
	while (!is_taken && clock_left_ms(deadline_ms) > 0 &&
	    interruption_caught() == 0) {
		interruption_sleep_until(
		    clock_earlier_ms(clock_now_ms() + wait_ms, deadline_ms));
		is_taken = session_slots_try(slots, ret_slot);
		if (wait_ms < LAST_WAIT_MS)
			wait_ms *= 2;
	}
	session_slots_want(slots, false);
	return is_taken ? 0 : slots_refuse(slots, host, err);
}

void
session_slots_release(struct session_slots *slots, unsigned slot)
{
	if (slot == 0)
		return;
	slots_lock(slots, F_UNLCK, slot);
	slots->taken &= ~(UINT64_C(1) << (slot - 1));
}

void
session_slots_want(struct session_slots *slots, bool is_wanted)
{
	if (slots->fd != -1)
		slots_lock(slots, is_wanted ? F_RDLCK : F_UNLCK, WANTED);
}

void
session_slots_make_way(struct session_slots *slots)
{
	slots->not_before_ms = clock_now_ms() + PAUSE_MS;
}

static int
slots_open_file(const struct account *account, struct error *err)
{
	char *path = slots_path(account, err);
	int fd = -1;

	if (path == NULL)
		return -1;
	if (file_make_directories(path, err) == 0) {
		fd =
		    open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd == -1)
			error_set_errno(err, ERROR_CREATE, "%s", path);
	}
	free(path);
	return fd;
}

/* Named by what the server knows the account by, which may have several names
 * here. Not in the runtime directory, which a process of cron does not have. */
static char *
slots_path(const struct account *account, struct error *err)
{
	const char *user = account->text[SETTING_USER];
	char digest[DIGEST_SIZE];
	char *name = NULL;
	char *path = NULL;
	char *text = text_format(err, "%s\n%s", account->text[SETTING_HOST],
	    user != NULL ? user : "");

	if (text != NULL && digest_text(text, strlen(text), digest, err) == 0)
		name = text_format(err, "sessions/%.*s", NAME_LEN, digest);
	if (name != NULL)
		path = paths_state(name, err);
	free(name);
	free(text);
	return path;
}

static int
slots_refuse(const struct session_slots *slots, const char *host,
    struct error *err)
{
	if (interruption_caught() != 0)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: %s ended the wait for a session", host,
		    interruption_name());
	error_set(err, ERROR_TEMPORARY,
	    "%s: all sessions that the provider allows (%u) are in use", host,
	    slots->limit);
	error_set_cause(err, "too-many-connections");
	return error_hint(err,
	    "try again when other programs have sent their messages");
}

#ifdef F_OFD_SETLK

bool
session_slots_are_wanted(const struct session_slots *slots)
{
	struct flock lock = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = WANTED,
	    .l_len = 1};

	return slots->fd != -1 && fcntl(slots->fd, F_OFD_GETLK, &lock) == 0 &&
	    lock.l_type != F_UNLCK;
}

static int
slots_lock(const struct session_slots *slots, short type, unsigned slot)
{
	struct flock lock = {.l_type = type,
	    .l_whence = SEEK_SET,
	    .l_start = slot,
	    .l_len = 1};

	return fcntl(slots->fd, F_OFD_SETLK, &lock);
}

#else /* locks of parts of a file belong to the process: no child has them */

bool
session_slots_are_wanted(const struct session_slots *slots)
{
	(void)slots;
	return false;
}

static int
slots_lock(const struct session_slots *slots, short type, unsigned slot)
{
	(void)slots;
	(void)type;
	(void)slot;
	errno = ENOSYS;
	return -1;
}

#endif
