/* SPDX-License-Identifier: MIT */
/*
 * Explains problems with Kerberos tickets, by MIT's library. GNU SASL does the
 * sign-in, but reports no reasons. The library has no time limit, so it runs in
 * the background.
 */
#include "smtp/kerberos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/background.h"
#include "base/clock.h"
#include "smtp/gssapi.h"
#include "smtp/kerberos-realm.h"

enum {
	KDCS_SIZE = 256,
	KDC_UNREACHABLE = -1765328228, /* an error number of MIT's, see below */
	CONFIG_MS = 500 /* to read krb5.conf, after the deadline */
};

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
    {KDC_UNREACHABLE, ERROR_TOPIC_NONE,
	"no KDC of the realm responds; check the network connection"},
};

/* The arguments and results of a call, which belong to its thread. */
struct kerberos_call {
	char *name; /* of a user, service or realm, or NULL */
	const char *objection;
	char owner[KERBEROS_OWNER_SIZE];
	char kdcs[KDCS_SIZE];
	bool is_explained;
	struct error err;
};

static struct kerberos_call *kerberos_call(void (*run)(void *argument),
    const char *name, int64_t deadline_ms);
static void kerberos_free(void *argument);
static void kerberos_run_objection(void *argument);
static void kerberos_run_explain(void *argument);
static void kerberos_run_find_owner(void *argument);
static void kerberos_explain_unreachable(struct kerberos_call *call);
static void kerberos_run_find_kdcs(void *argument);
static void kerberos_hint_kdcs(const char *realm, const char *kdcs,
    struct error *err);
static bool kerberos_acquire(const struct gssapi *gss, void **ret_cred,
    uint32_t *ret_lifetime);
static bool kerberos_owns_credential(const struct gssapi *gss, void *cred,
    const char *user);
static void kerberos_copy_owner(const struct gssapi *gss, void *cred,
    char out[KERBEROS_OWNER_SIZE]);
static bool kerberos_set_error(const struct gssapi *gss, const char *service,
    uint32_t major, uint32_t minor, struct error *err);

const char *
kerberos_objection(const char *user, int64_t deadline_ms)
{
	struct kerberos_call *call =
	    kerberos_call(kerberos_run_objection, user, deadline_ms);
	const char *objection;

	if (call == NULL)
		return "the Kerberos ticket can't be read";
	objection = call->objection;
	kerberos_free(call);
	return objection;
}

bool
kerberos_explain(const char *service, int64_t deadline_ms, struct error *err)
{
	struct kerberos_call *call =
	    kerberos_call(kerberos_run_explain, service, deadline_ms);
	bool is_explained;

	if (call == NULL)
		return false;
	is_explained = call->is_explained;
	if (is_explained)
		*err = call->err;
	kerberos_free(call);
	return is_explained;
}

void
kerberos_find_owner(char out[KERBEROS_OWNER_SIZE], int64_t deadline_ms)
{
	struct kerberos_call *call =
	    kerberos_call(kerberos_run_find_owner, NULL, deadline_ms);

	out[0] = '\0';
	if (call == NULL)
		return;
	memcpy(out, call->owner, KERBEROS_OWNER_SIZE);
	kerberos_free(call);
}

int
kerberos_out_of_time(const char *service, const char *owner, struct error *err)
{
	const char *at = strrchr(owner, '@');
	struct kerberos_call *call = NULL;

	if (at != NULL)
		call = kerberos_call(kerberos_run_find_kdcs, at + 1,
		    clock_now_ms() + CONFIG_MS);
	error_set(err, ERROR_TEMPORARY,
	    "Kerberos ticket for %s: no KDC of %s%s responded in time", service,
	    at != NULL ? "the realm " : "its realm", at != NULL ? at + 1 : "");
	kerberos_hint_kdcs(at != NULL ? at + 1 : "",
	    call != NULL ? call->kdcs : "", err);
	if (call != NULL)
		kerberos_free(call);
	return -1;
}

/* Returns NULL at the deadline, and without memory. */
static struct kerberos_call *
kerberos_call(void (*run)(void *argument), const char *name,
    int64_t deadline_ms)
{
	const struct background_job job = {run, kerberos_free};
	struct kerberos_call *call = calloc(1, sizeof *call);
	struct error ignored;

	if (call == NULL)
		return NULL;
	if (name != NULL) {
		call->name = strdup(name);
		if (call->name == NULL) {
			kerberos_free(call);
			return NULL;
		}
	}
	return background_run(&job, call, deadline_ms, &ignored) == 0 ? call
								      : NULL;
}

static void
kerberos_free(void *argument)
{
	struct kerberos_call *call = argument;

	free(call->name);
	free(call);
}

static void
kerberos_run_objection(void *argument)
{
	struct kerberos_call *call = argument;
	struct gssapi gss;
	void *cred = NULL;
	uint32_t lifetime = 0;
	uint32_t minor;

	if (!gssapi_open(&gss))
		return;
	call->objection = "there is no Kerberos ticket";
	if (!kerberos_acquire(&gss, &cred, &lifetime))
		return;
	call->objection = NULL;
	if (lifetime == 0)
		call->objection = "the Kerberos ticket has expired";
	else if (call->name != NULL &&
	    !kerberos_owns_credential(&gss, cred, call->name))
		call->objection = "the Kerberos ticket is another user's";
	gss.release_cred(&minor, &cred);
}

static void
kerberos_run_explain(void *argument)
{
	struct kerberos_call *call = argument;
	struct gssapi gss;
	struct gssapi_buffer text = {strlen(call->name), call->name};
	struct gssapi_buffer token = {0, NULL};
	void *name = NULL;
	void *context = NULL;
	uint32_t major;
	uint32_t minor;
	uint32_t ignored;

	if (!gssapi_open(&gss))
		return;
	major = gss.import_name(&minor, &text, *gss.hostbased_service, &name);
	if (major == 0)
		major = gss.init_sec_context(&minor, NULL, &context, name,
		    &krb5_oid, GSSAPI_MUTUAL, 0, NULL, NULL, NULL, &token, NULL,
		    NULL);
	call->is_explained =
	    kerberos_set_error(&gss, call->name, major, minor, &call->err);
	if (call->is_explained && (int32_t)minor == KDC_UNREACHABLE)
		kerberos_explain_unreachable(call);
	gss.release_buffer(&ignored, &token);
	if (context != NULL)
		gss.delete_sec_context(&ignored, &context, NULL);
	if (name != NULL)
		gss.release_name(&ignored, &name);
}

static void
kerberos_explain_unreachable(struct kerberos_call *call)
{
	const char *at;

	kerberos_run_find_owner(call);
	at = strrchr(call->owner, '@');
	if (at == NULL)
		return;
	kerberos_realm_kdcs(at + 1, call->kdcs, sizeof call->kdcs);
	kerberos_hint_kdcs(at + 1, call->kdcs, &call->err);
}

static void
kerberos_run_find_kdcs(void *argument)
{
	struct kerberos_call *call = argument;

	kerberos_realm_kdcs(call->name, call->kdcs, sizeof call->kdcs);
}

static void
kerberos_run_find_owner(void *argument)
{
	struct kerberos_call *call = argument;
	struct gssapi gss;
	void *cred = NULL;
	uint32_t minor;

	if (!gssapi_open(&gss) || !kerberos_acquire(&gss, &cred, NULL))
		return;
	kerberos_copy_owner(&gss, cred, call->owner);
	gss.release_cred(&minor, &cred);
}

static void
kerberos_hint_kdcs(const char *realm, const char *kdcs, struct error *err)
{
	if (kdcs[0] != '\0')
		error_hint(err,
		    "check the network connection; krb5.conf names the KDC %s",
		    kdcs);
	else
		error_hint(err,
		    "check the network connection; krb5.conf names no KDC of "
		    "the realm, so DNS must: host -t SRV _kerberos._tcp.%s",
		    realm);
}

/* Acquires the default credential of Kerberos. ret_lifetime may be NULL. */
static bool
kerberos_acquire(const struct gssapi *gss, void **ret_cred,
    uint32_t *ret_lifetime)
{
	struct gssapi_oid krb5 = krb5_oid;
	struct gssapi_oid_set mechanisms = {1, &krb5};
	uint32_t minor;

	return gss->acquire_cred(&minor, NULL, 0, &mechanisms, GSSAPI_INITIATE,
		   ret_cred, NULL, ret_lifetime) == 0;
}

/* Compares without realm and domain, because a realm isn't a mail domain: the
 * ticket of alice@EXAMPLE.TEST belongs to alice and to alice@example.org. */
static bool
kerberos_owns_credential(const struct gssapi *gss, void *cred, const char *user)
{
	char owner[KERBEROS_OWNER_SIZE] = "";
	const char *domain = strchr(user, '\\');
	const char *plain = domain != NULL ? domain + 1 : user;
	size_t len = strcspn(plain, "@");

	kerberos_copy_owner(gss, cred, owner);
	return strncasecmp(owner, plain, len) == 0 &&
	    (owner[len] == '\0' || owner[len] == '@');
}

/* Leaves out unchanged if there is no name. */
static void
kerberos_copy_owner(const struct gssapi *gss, void *cred,
    char out[KERBEROS_OWNER_SIZE])
{
	struct gssapi_buffer text = {0, NULL};
	void *name = NULL;
	uint32_t minor;

	if (gss->inquire_cred(&minor, cred, &name, NULL, NULL, NULL) == 0 &&
	    gss->display_name(&minor, name, &text, NULL) == 0)
		snprintf(out, KERBEROS_OWNER_SIZE, "%.*s", (int)text.length,
		    (const char *)text.value);
	gss->release_buffer(&minor, &text);
	if (name != NULL)
		gss->release_name(&minor, &name);
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
