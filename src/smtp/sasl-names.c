/* SPDX-License-Identifier: MIT */
/*
 * Prepares the user name, domain and service name for each mechanism, and
 * checks them and the password. Never changes a password.
 */
#include "smtp/sasl-names.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "smtp/params.h"
#include "smtp/sasl-library.h"

enum {
	/* libntlm 1.6 stores each twice, with two bytes a character, in 1024
	   bytes. */
	NTLM_NAME_MAX = 96
};

/* How a mechanism treats characters outside ASCII. */
enum form {
	FORM_BYTES,    /* not specified */
	FORM_CHECKED,  /* UTF-8, prepared by the server */
	FORM_PREPARED, /* prepared by GNU SASL */
	FORM_ASCII
};

static const struct {
	const char *prefix;
	enum form form;
} forms[] = {
    {"SCRAM-", FORM_PREPARED},    /* RFC 5802 5.1 */
    {"CRAM-MD5", FORM_PREPARED},  /* draft-ietf-sasl-crammd5 */
    {"PLAIN", FORM_CHECKED},      /* RFC 4616 section 2 */
    {"DIGEST-MD5", FORM_CHECKED}, /* RFC 2831 2.1.1: UTF-8 */
    {"NTLM", FORM_ASCII},         /* libntlm widens bytes to UTF-16 */
};

static enum form mechanism_text_form(const struct sasl_mechanism *mechanism);
static int check_sasl_name(const char *what, const char *text, size_t len,
    bool is_query, const struct sasl_mechanism *mechanism, struct error *err);
static int fill_authid(struct sasl_names *names,
    const struct sasl_mechanism *mechanism, const struct smtp_params *params,
    struct error *err);
static int fill_ntlm(struct sasl_names *names, const struct smtp_params *params,
    struct error *err);
static int fill_target(struct sasl_names *names,
    const struct sasl_mechanism *mechanism, const struct smtp_params *params,
    struct error *err);

int
sasl_names_fill(struct sasl_names *names,
    const struct sasl_mechanism *mechanism, const struct smtp_params *params,
    const struct secret *secret, struct error *err)
{
	/* As GNU SASL prepares them later. */
	bool is_prepared = mechanism_text_form(mechanism) == FORM_PREPARED;
	bool is_cram = text_equals(mechanism->name, "CRAM-MD5");

	if (params->user != NULL &&
	    check_sasl_name("user name", params->user, strlen(params->user),
		is_prepared, mechanism, err) == -1)
		return -1;
	if (secret != NULL &&
	    check_sasl_name("password", secret_bytes(secret),
		secret_len(secret), is_cram, mechanism, err) == -1)
		return -1;
	if (fill_authid(names, mechanism, params, err) == -1)
		return -1;
	return fill_target(names, mechanism, params, err);
}

bool
sasl_names_is_target(const char *text)
{
	size_t len = strcspn(text, "@/");

	return len > 0 && text[len] != '\0' && text[len + 1] != '\0' &&
	    strpbrk(text + len + 1, "@/ ") == NULL &&
	    strlen(text) < SASL_NAMES_SIZE;
}

static enum form
mechanism_text_form(const struct sasl_mechanism *mechanism)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (text_has_prefix(mechanism->name, forms[i].prefix))
			return forms[i].form;
	}
	return FORM_BYTES;
}

static int
check_sasl_name(const char *what, const char *text, size_t len, bool is_query,
    const struct sasl_mechanism *mechanism, struct error *err)
{
	enum form form = mechanism_text_form(mechanism);

	if (form == FORM_BYTES ||
	    (form != FORM_PREPARED && !text_has_8bit(text, len)))
		return 0;
	if (form == FORM_ASCII) {
		error_set(err, ERROR_AUTH,
		    "%s: cannot carry this %s: it is not ASCII",
		    mechanism->name, what);
		error_hint(err, "use another mechanism");
		return error_set_topic(err, ERROR_TOPIC_MECHANISM);
	}
	if (sasl_library_allows(text, is_query))
		return 0;
	error_set(err, ERROR_AUTH,
	    "%s: the %s contains a character that SASLprep (RFC 4013) "
	    "forbids",
	    mechanism->name, what);
	error_hint(err,
	    "write it in UTF-8 without control characters; LOGIN would send "
	    "its bytes unchanged");
	return error_set_topic(err, ERROR_TOPIC_LOGIN_MECHANISM);
}

static int
fill_authid(struct sasl_names *names, const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, struct error *err)
{
	const char *user = params->user != NULL ? params->user : "";

	if (text_equals(mechanism->name, "NTLM"))
		return fill_ntlm(names, params, err);
	if (strlen(user) >= sizeof names->authid)
		return error_set(err, ERROR_AUTH, "the user name is too long");
	snprintf(names->authid, sizeof names->authid, "%s", user);
	return 0;
}

/* libntlm splits "user@DOMAIN" at the first @. Without a domain, it uses the
 * one in the server's challenge. */
static int
fill_ntlm(struct sasl_names *names, const struct smtp_params *params,
    struct error *err)
{
	const char *user = params->user != NULL ? params->user : "";
	const char *slash = strchr(user, '\\');
	const char *name = slash != NULL ? slash + 1 : user;
	const char *domain = params->ntlm_domain;
	int name_len = (int)strlen(name);
	int domain_len = 0;

	if (domain != NULL && slash == NULL)
		name_len = (int)strcspn(name, "@");
	if (domain != NULL)
		domain_len = (int)strlen(domain);
	else if (slash != NULL) {
		domain = user;
		domain_len = (int)(slash - user);
	}
	if (name_len > NTLM_NAME_MAX || domain_len > NTLM_NAME_MAX)
		return error_set(err, ERROR_AUTH,
		    "NTLM: the user name or the domain is too long");
	snprintf(names->authid, sizeof names->authid, "%.*s%s%.*s", name_len,
	    name, domain != NULL ? "@" : "", domain_len,
	    domain != NULL ? domain : "");
	return 0;
}

static int
fill_target(struct sasl_names *names, const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, struct error *err)
{
	const char *target = params->target_name;
	size_t len;

	if ((mechanism->traits & SASL_NEEDS_TICKET) == 0 || target == NULL) {
		snprintf(names->service, sizeof names->service, "smtp");
		snprintf(names->host, sizeof names->host, "%s", params->host);
		return 0;
	}
	if (!sasl_names_is_target(target))
		return error_set(err, ERROR_CONFIG,
		    "the service name \"%s\" is not of the form smtp@host",
		    target);
	len = strcspn(target, "@/");
	snprintf(names->service, sizeof names->service, "%.*s", (int)len,
	    target);
	snprintf(names->host, sizeof names->host, "%s", target + len + 1);
	return 0;
}
