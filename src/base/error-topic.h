/* SPDX-License-Identifier: MIT */
#ifndef BASE_ERROR_TOPIC_H
#define BASE_ERROR_TOPIC_H

/*
 * What a hint is about, where a setting can resolve the error. A protocol layer
 * sets the topic; the program names the setting (submit/setting-hint.c).
 */
enum error_topic {
	ERROR_TOPIC_NONE,
	ERROR_TOPIC_SERVER_TRUST,     /* trust anchors of a mail server */
	ERROR_TOPIC_TRUST_FILE,       /* trust anchors alone */
	ERROR_TOPIC_TLS_PRIORITY,     /* the TLS priority string */
	ERROR_TOPIC_OLD_CIPHERS,      /* permit obsolete cipher suites */
	ERROR_TOPIC_IMPLICIT_TLS,     /* use TLS from the first byte */
	ERROR_TOPIC_STARTTLS,         /* use STARTTLS */
	ERROR_TOPIC_USER,             /* the user name */
	ERROR_TOPIC_TOKEN,            /* get an OAuth2 token */
	ERROR_TOPIC_MECHANISM,        /* the SASL mechanisms to use */
	ERROR_TOPIC_SECURE_MECHANISM, /* only those that hide the secret */
	ERROR_TOPIC_BROKEN_MECHANISM, /* use another mechanism */
	ERROR_TOPIC_LOGIN_MECHANISM,  /* use LOGIN */
	ERROR_TOPIC_FALLBACK,         /* try the next mechanism */
	ERROR_TOPIC_SERVICE_NAME,     /* the Kerberos service */
	ERROR_TOPIC_COUNT
};

#endif
