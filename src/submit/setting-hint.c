/* SPDX-License-Identifier: MIT */
/*
 * Maps the topic of an error to settings. smtp and tls know no setting: they
 * say what to do, and this table says where to configure it.
 */
#include "submit/setting-hint.h"

#include <stdio.h>
#include <string.h>

/* Each text is appended as it is to the hint that was set with the topic. */
static const char *const suffixes[ERROR_TOPIC_COUNT] = {
    [ERROR_TOPIC_SERVER_TRUST] = " (--tls-fingerprint, --tls-trust-file)",
    [ERROR_TOPIC_TRUST_FILE] = " (--tls-trust-file)",
    [ERROR_TOPIC_TLS_PRIORITY] = " (setting tls-priority)",
    [ERROR_TOPIC_OLD_CIPHERS] = " (tls-priority = NORMAL)",
    [ERROR_TOPIC_IMPLICIT_TLS] = " (--tls=implicit)",
    [ERROR_TOPIC_STARTTLS] = " (--tls=starttls)",
    [ERROR_TOPIC_USER] = " (--user)",
    [ERROR_TOPIC_TOKEN] = " (postrider login)",
    [ERROR_TOPIC_MECHANISM] = " (setting auth)",
    [ERROR_TOPIC_SECURE_MECHANISM] = " by auth = secure",
    [ERROR_TOPIC_BROKEN_MECHANISM] = " (auth, or prefer = simple)",
    [ERROR_TOPIC_LOGIN_MECHANISM] = " (auth = login)",
    [ERROR_TOPIC_FALLBACK] = " with fallback = yes",
    [ERROR_TOPIC_SERVICE_NAME] = " (setting target-name)",
};

void
setting_hint_add(struct error *err)
{
	size_t used = strlen(err->hint);

	if (suffixes[err->topic] != NULL)
		snprintf(err->hint + used, sizeof err->hint - used, "%s",
		    suffixes[err->topic]);
	err->topic = ERROR_TOPIC_NONE;
}
