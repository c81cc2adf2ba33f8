/* SPDX-License-Identifier: MIT */
/*
 * Prepares to hold sessions: resolves the account, makes sure to be the only
 * process for it, and listens.
 */
#include "queue/hold.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "config/helper-options.h"
#include "submit/hold-place.h"

static int hold_resolve(const struct helper_options *options,
    struct route *route, struct error *err);
static int hold_serve(const struct route *route, struct hold_place *place,
    struct error *err);
static int hold_write_number(int lock, struct error *err);
static int hold_detach(struct error *err);

int
hold(int argc, char *const argv[], struct error *err)
{
	struct helper_options options;
	struct hold_place place = {.directory = -1};
	struct route route;
	int result = -1;

	route_init(&route);
	if (helper_options_parse(&options, argc, argv, err) == 0 &&
	    hold_resolve(&options, &route, err) == 0 &&
	    hold_place_open(&place, true, err) == 0 &&
	    hold_place_name(&place, &route, err) == 0)
		result = hold_serve(&route, &place, err);
	hold_place_done(&place);
	route_done(&route);
	helper_options_done(&options);
	return result;
}

static int
hold_resolve(const struct helper_options *options, struct route *route,
    struct error *err)
{
	const struct account_query query = {.name = options->account,
	    .flags = &options->flags};

	if (route_load(route, options->config_path, err) == -1 ||
	    route_resolve(route, &query, options->config_path, err) == -1)
		return -1;
	if (!route->is_plain)
		return error_set(err, ERROR_USAGE,
		    "hold: name an account of the configuration, and no "
		    "setting");
	if (account_duration_ms(route->account, SETTING_HOLD) > 0)
		return 0;
	error_set(err, ERROR_CONFIG, "hold is 0: no session is held");
	return error_hint(err, "set it, for example hold = 20s");
}

static int
hold_serve(const struct route *route, struct hold_place *place,
    struct error *err)
{
	int lock = hold_place_lock(place, ".lock", clock_now_ms(), err);
	int listener;

	if (lock == -1)
		return err->code == ERROR_TEMPORARY ? 0 : -1;
	listener = hold_place_listen(place, err);
	if (listener == -1 || hold_detach(err) == -1 ||
	    hold_write_number(lock, err) == -1) {
		close(lock);
		return -1;
	}
	hold_place_clean(place);
	hold_supervise(route, listener);
	hold_place_leave(place);
	close(lock);
	return 0;
}

/* For "postrider queue stop". */
static int
hold_write_number(int lock, struct error *err)
{
	char text[24];
	int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());

	if (ftruncate(lock, 0) == -1 ||
	    pwrite(lock, text, (size_t)len, 0) != len)
		return error_set_errno(err, ERROR_CREATE, "the lock file");
	return 0;
}

/* The caller goes on, now that this process listens. */
static int
hold_detach(struct error *err)
{
	pid_t pid = fork();

	if (pid == -1)
		return error_set_errno(err, ERROR_SYSTEM, "fork");
	if (pid > 0)
		_exit(0);
	setsid();
	interruption_hold();
	if (chdir("/") == -1)
		return error_set_errno(err, ERROR_SYSTEM, "/");
	return 0;
}
