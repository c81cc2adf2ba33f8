/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_EXIT_STATUS_H
#define CREDENTIAL_EXIT_STATUS_H

/*
 * What postrider-credential's exit status says beyond sysexits.h, where
 * EX_TEMPFAIL is a keyring that can't answer: trying again soon won't help.
 */

enum {
	/* Behind the last of sysexits.h: the token endpoint can't be reached,
	 * or is busy. The same question may be answered when it is asked
	 * again. */
	CREDENTIAL_EXIT_TRY_AGAIN = 79
};

#endif
