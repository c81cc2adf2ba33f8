/* SPDX-License-Identifier: MIT */
/*
 * Explains problems with Kerberos tickets, by MIT's library. GNU SASL does the
 * sign-in, but reports no reasons.
 */
#include "smtp/kerberos.h"

#include <string.h>

#include "base/text.h"
#include "smtp/gssapi.h"

/* 1.2.840.113554.1.2.2, RFC 1964 section 1 */
static char krb5_oid_bytes[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
static const struct gssapi_oid krb5_oid = {sizeof krb5_oid_bytes - 1,
    krb5_oid_bytes};

static const char unknown_realm[] =
    "the server's realm is unknown on this machine; check krb5.conf and the "
    "realm of the ticket";

/* Hints by MIT's error numbers (krb5.h): an error of RFC 4120 section 7.5.9,
 * minus 1765328384. */
static const struct {
	int32_t minor;
	enum error_topic topic;
	const char *hint;
} advice[] = {
    {-1765328352, ERROR_TOPIC_NONE,
	"the ticket has expired; get another with kinit"},
    {-1765328347, ERROR_TOPIC_NONE,
	"the clocks of this machine and the KDC differ too much; set the "
	"clock"},
    {-1765328377, ERROR_TOPIC_SERVICE_NAME,
	"the realm has no such service; use another service name"},
    {-1765328378, ERROR_TOPIC_NONE,
	"the owner of the ticket is unknown in the realm; get another ticket "
	"with kinit"},
    {-1765328316, ERROR_TOPIC_SERVICE_NAME,
	"the ticket is for another realm than the server's; get another "
	"with kinit, or use another service name"},
    {-1765328230, ERROR_TOPIC_NONE, unknown_realm},
    {-1765328164, ERROR_TOPIC_NONE, unknown_realm},
    {-1765328228, ERROR_TOPIC_NONE,
	"no KDC of the realm responds; check the network connection"},
};

static bool kerberos_owns_credential(const struct gssapi *gss, void *cred,
    const char *user);
static bool kerberos_set_error(const struct gssapi *gss, const char *service,
    uint32_t major, uint32_t minor, struct error *err);

const char *
kerberos_objection(const char *user)
{
	struct gssapi gss;
	struct gssapi_oid krb5 = krb5_oid;
	struct gssapi_oid_set mechanisms = {1, &krb5};
	void *cred = NULL;
	const char *objection = "there is no Kerberos ticket";
	uint32_t lifetime = 0;
	uint32_t minor;

	if (!gssapi_open(&gss))
		return NULL;
	if (gss.acquire_cred(&minor, NULL, 0, &mechanisms, GSSAPI_INITIATE,
		&cred, NULL, &lifetime) == 0) {
		objection = NULL;
		if (lifetime == 0)
			objection = "the Kerberos ticket has expired";
		else if (user != NULL &&
		    !kerberos_owns_credential(&gss, cred, user))
			objection = "the Kerberos ticket is another user's";
		gss.release_cred(&minor, &cred);
	}
	return objection;
}

bool
kerberos_explain(const char *service, struct error *err)
{
	struct gssapi gss;
	struct gssapi_buffer text = {strlen(service), (void *)service};
	struct gssapi_buffer token = {0, NULL};
	void *name = NULL;
	void *context = NULL;
	uint32_t major;
	uint32_t minor;
	uint32_t ignored;
	bool is_explained;

	if (!gssapi_open(&gss))
		return false;
	major = gss.import_name(&minor, &text, *gss.hostbased_service, &name);
	if (major == 0)
		major = gss.init_sec_context(&minor, NULL, &context, name,
		    &krb5_oid, GSSAPI_MUTUAL, 0, NULL, NULL, NULL, &token, NULL,
		    NULL);
	is_explained = kerberos_set_error(&gss, service, major, minor, err);
	gss.release_buffer(&ignored, &token);
	if (context != NULL)
		gss.delete_sec_context(&ignored, &context, NULL);
	if (name != NULL)
		gss.release_name(&ignored, &name);
	return is_explained;
}

/* Compares without realm and domain, because a realm isn't a mail domain: the
 * ticket of alice@EXAMPLE.TEST belongs to alice and to alice@example.org. */
static bool
kerberos_owns_credential(const struct gssapi *gss, void *cred, const char *user)
{
	struct gssapi_buffer text = {0, NULL};
	const char *domain = strchr(user, '\\');
	const char *plain = domain != NULL ? domain + 1 : user;
	size_t len = strcspn(plain, "@");
	void *name = NULL;
	uint32_t minor;
	bool is_same = false;

	if (gss->inquire_cred(&minor, cred, &name, NULL, NULL, NULL) == 0 &&
	    gss->display_name(&minor, name, &text, NULL) == 0)
		is_same = text.length >= len &&
		    strncasecmp(text.value, plain, len) == 0 &&
		    (text.length == len ||
			((const char *)text.value)[len] == '@');
	gss->release_buffer(&minor, &text);
	if (name != NULL)
		gss->release_name(&minor, &name);
	return is_same;
}

static bool
kerberos_set_error(const struct gssapi *gss, const char *service,
    uint32_t major, uint32_t minor, struct error *err)
{
	struct gssapi_buffer text = {0, NULL};
	uint32_t routine = GSSAPI_ROUTINE_ERROR(major);
	uint32_t more = 0;
	uint32_t ignored;

	if (routine == 0)
		return false;
	gss->display_status(&ignored, minor, GSSAPI_MECH_CODE, &krb5_oid, &more,
	    &text);
	error_set(err, ERROR_AUTH, "Kerberos ticket for %s: %.*s", service,
	    (int)text.length, text.length > 0 ? (const char *)text.value : "");
	gss->release_buffer(&ignored, &text);
	error_hint(err, "klist lists the tickets, krb5.conf the realms");
	if (routine == GSSAPI_NO_CRED)
		error_hint(err,
		    "get a ticket with kinit; klist lists the tickets");
	if (routine == GSSAPI_CREDENTIALS_EXPIRED)
		error_hint(err,
		    "the ticket has expired; get another with kinit");
	for (size_t i = 0; i < sizeof advice / sizeof *advice; i++) {
		if (advice[i].minor == (int32_t)minor) {
			error_hint(err, "%s", advice[i].hint);
			error_set_topic(err, advice[i].topic);
		}
	}
	return true;
}
