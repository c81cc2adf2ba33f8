/* SPDX-License-Identifier: MIT */
/*
 * Looks at the ticket of Kerberos with the eyes of MIT's library. Signs in to
 * nothing: that is GNU SASL's part, which keeps the reasons to itself.
 */
#include "smtp/kerberos.h"

#include <string.h>

#include "base/text.h"
#include "smtp/gss.h"

/* 1.2.840.113554.1.2.2, RFC 1964 section 1 */
static char krb5_oid_bytes[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02";
static const struct gss_oid krb5_oid = {sizeof krb5_oid_bytes - 1,
    krb5_oid_bytes};

/* What went wrong, by MIT's numbers (krb5.h): an RFC 4120 7.5.9 error and
 * -1765328384 added. */
static const struct {
	int32_t minor;
	const char *hint;
} advice[] = {
    {-1765328352, "the ticket has expired: kinit gets another"},
    {-1765328347, "this clock and the KDC's differ by minutes: set the clock"},
    {-1765328377,
	"the realm has no such service: the setting target-name says another"},
    {-1765328378,
	"the realm doesn't know the ticket's owner: kinit gets "
	"another ticket"},
    {-1765328316,
	"the ticket is of another realm than the server: the setting "
	"target-name, or kinit"},
    {-1765328230,
	"the server's realm isn't known here: see krb5.conf, or is "
	"the ticket of another realm?"},
    {-1765328164,
	"the server's realm isn't known here: see krb5.conf, or is "
	"the ticket of another realm?"},
    {-1765328228, "no KDC of the realm answers: is the network the right one?"},
};

static const char *judge(const struct gss *gss, void *cred, const char *user);
static bool is_of(const struct gss *gss, void *name, const char *user);
static bool tell(const struct gss *gss, const char *service, uint32_t major,
    uint32_t minor, struct error *err);

const char *
kerberos_objection(const char *user)
{
	struct gss gss;
	struct gss_oid krb5 = krb5_oid;
	struct gss_oid_set mechanisms = {1, &krb5};
	void *cred = NULL;
	const char *objection = "there is no Kerberos ticket";
	uint32_t minor;

	if (!gss_open(&gss))
		return NULL;
	if (gss.acquire_cred(&minor, NULL, 0, &mechanisms, GSS_INITIATE, &cred,
		NULL, NULL) == 0) {
		objection = judge(&gss, cred, user);
		gss.release_cred(&minor, &cred);
	}
	return objection;
}

bool
kerberos_explain(const char *service, struct error *err)
{
	struct gss gss;
	struct gss_buffer text = {strlen(service), (void *)service};
	struct gss_buffer token = {0, NULL};
	void *name = NULL;
	void *context = NULL;
	uint32_t major;
	uint32_t minor;
	uint32_t ignored;
	bool is_told;

	if (!gss_open(&gss))
		return false;
	major = gss.import_name(&minor, &text, *gss.hostbased_service, &name);
	if (major == 0)
		major = gss.init_sec_context(&minor, NULL, &context, name,
		    &krb5_oid, GSS_MUTUAL, 0, NULL, NULL, NULL, &token, NULL,
		    NULL);
	is_told = tell(&gss, service, major, minor, err);
	gss.release_buffer(&ignored, &token);
	if (context != NULL)
		gss.delete_sec_context(&ignored, &context, NULL);
	if (name != NULL)
		gss.release_name(&ignored, &name);
	return is_told;
}

static const char *
judge(const struct gss *gss, void *cred, const char *user)
{
	const char *objection = NULL;
	void *name = NULL;
	uint32_t lifetime = 0;
	uint32_t minor;
	uint32_t major =
	    gss->inquire_cred(&minor, cred, &name, &lifetime, NULL, NULL);

	if (GSS_ROUTINE_ERROR(major) == GSS_CREDENTIALS_EXPIRED ||
	    (major == 0 && lifetime == 0))
		objection = "the Kerberos ticket has expired";
	else if (major != 0)
		objection = "there is no Kerberos ticket";
	else if (user != NULL && !is_of(gss, name, user))
		objection = "the Kerberos ticket is another user's";
	if (name != NULL)
		gss->release_name(&minor, &name);
	return objection;
}

/* alice@EXAMPLE.TEST is alice's, and alice@example.org's too: a realm is no
 * mail domain. */
static bool
is_of(const struct gss *gss, void *name, const char *user)
{
	struct gss_buffer text = {0, NULL};
	const char *domain = strchr(user, '\\');
	const char *plain = domain != NULL ? domain + 1 : user;
	size_t len = strcspn(plain, "@");
	uint32_t minor;
	bool is_same;

	if (gss->display_name(&minor, name, &text, NULL) != 0)
		return false;
	is_same = text.length >= len &&
	    strncasecmp(text.value, plain, len) == 0 &&
	    (text.length == len || ((const char *)text.value)[len] == '@');
	gss->release_buffer(&minor, &text);
	return is_same;
}

static bool
tell(const struct gss *gss, const char *service, uint32_t major, uint32_t minor,
    struct error *err)
{
	struct gss_buffer text = {0, NULL};
	uint32_t routine = GSS_ROUTINE_ERROR(major);
	uint32_t more = 0;
	uint32_t ignored;

	if (routine == 0)
		return false;
	gss->display_status(&ignored, minor, GSS_MECH_CODE, &krb5_oid, &more,
	    &text);
	error_set(err, ERROR_AUTH, "Kerberos, for %s: %.*s", service,
	    (int)text.length, text.length > 0 ? (const char *)text.value : "");
	gss->release_buffer(&ignored, &text);
	error_hint(err, "klist shows the tickets, krb5.conf the realms");
	if (routine == GSS_NO_CRED)
		error_hint(err,
		    "kinit gets a ticket; klist shows what there "
		    "is");
	if (routine == GSS_CREDENTIALS_EXPIRED)
		error_hint(err, "the ticket has expired: kinit gets another");
	for (size_t i = 0; i < sizeof advice / sizeof *advice; i++) {
		if (advice[i].minor == (int32_t)minor)
			error_hint(err, "%s", advice[i].hint);
	}
	return true;
}
