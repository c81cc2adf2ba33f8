/* SPDX-License-Identifier: MIT */
/*
 * The table of causes. Which reply has which cause is in causes.conf, what the
 * user can do about it in remedies.conf.
 */
#include "base/cause.h"

#include <string.h>

#include "base/text.h"

static enum error_code cause_permanent_code(const struct cause *cause,
    const struct error *err);

#define BY_REPLY CAUSE_RETRY_BY_REPLY
#define SLOWLY CAUSE_RETRY_SLOWLY
#define NEVER CAUSE_RETRY_NEVER
#define SOON CAUSE_RETRY_SOON
#define LATER CAUSE_RETRY_LATER

/* clang-format off */
const struct cause causes[] = {
    /* sign-in */
    {"wrong-secret", NEVER, ERROR_AUTH, "the user name or the password is wrong"},
    {"sign-in-refused", NEVER, ERROR_AUTH, "the server refuses the sign-in without a clear reason"},
    {"user-unknown", NEVER, ERROR_AUTH, "the server does not know the user"},
    {"user-form", NEVER, ERROR_AUTH, "the user name has the wrong form"},
    {"app-password-due", NEVER, ERROR_AUTH, "an app password is required"},
    {"key-due", NEVER, ERROR_AUTH, "an API key or an SMTP key is required"},
    {"oauth2-due", NEVER, ERROR_AUTH, "sign-in by OAuth2 is required"},
    {"token-refused", NEVER, ERROR_AUTH, "the access token was refused"},
    {"token-scope", NEVER, ERROR_AUTH, "the token lacks the scope for sending"},
    {"token-user", NEVER, ERROR_AUTH, "the token belongs to another user"},
    {"token-expired", NEVER, ERROR_AUTH, "the token has expired"},
    {"token-revoked", NEVER, ERROR_AUTH, "the token was revoked"},
    {"mechanism-not-offered", NEVER, ERROR_AUTH, "the server offers no usable mechanism"},
    {"mechanism-unknown", NEVER, ERROR_AUTH, "the server does not support the mechanism"},
    {"auth-not-offered", NEVER, ERROR_AUTH, "the server offers no sign-in on this port"},
    {"smtp-off-setting", NEVER, ERROR_AUTH, "SMTP is switched off in the settings of the mailbox"},
    {"smtp-off-mailbox", NEVER, ERROR_AUTH, "an administrator has switched off SMTP for the mailbox"},
    {"smtp-off-tenant", NEVER, ERROR_AUTH, "SMTP is switched off for the organisation"},
    {"smtp-off-plan", NEVER, ERROR_AUTH, "the plan does not include SMTP"},
    {"policy-sign-in", NEVER, ERROR_AUTH, "a policy of the organisation forbids the sign-in"},
    {"account-locked", NEVER, ERROR_AUTH, "the account is locked"},
    {"account-suspended", NEVER, ERROR_AUTH, "the account is suspended, disabled or blocked"},
    {"account-unverified", NEVER, ERROR_AUTH, "the account is not verified or activated"},
    {"browser-due", NEVER, ERROR_AUTH, "the provider requires a sign-in in a browser first"},
    {"account-unlicensed", NEVER, ERROR_AUTH, "the account has no mailbox or licence"},
    {"password-weak", NEVER, ERROR_AUTH, "the password does not meet the provider's rules"},
    {"password-expired", NEVER, ERROR_AUTH, "the password has expired"},
    {"too-many-sign-ins", LATER, ERROR_NONE, "there were too many sign-ins or wrong passwords"},
    {"sign-in-expired", NEVER, ERROR_NONE, "the sign-in by OAuth2 has expired or was revoked"},
    {"interaction-due", NEVER, ERROR_NONE, "the provider requires the person to sign in again"},
    {"consent-due", NEVER, ERROR_NONE, "the user or an administrator must consent to the application"},
    {"declined", NEVER, ERROR_NONE, "the sign-in was declined in the browser"},
    {"code-expired", NEVER, ERROR_NONE, "the code of the sign-in is wrong or has expired"},
    {"client-unknown", NEVER, ERROR_NONE, "the token server does not know the client ID"},
    {"client-secret", NEVER, ERROR_NONE, "the secret or key of the client is wrong, missing or has expired"},
    {"client-registration", NEVER, ERROR_NONE, "the registration of the client does not allow this sign-in"},
    {"tenant-wrong", NEVER, ERROR_NONE, "the tenant does not exist or does not fit the account"},
    {"scope-refused", NEVER, ERROR_NONE, "the token server does not grant the scope"},
    {"not-signed-in", NEVER, ERROR_NONE, "the server requires a sign-in"},
    {"no-credential", NEVER, ERROR_NONE, "there is no password or token"},

    /* connection */
    {"tls-required", NEVER, ERROR_NONE, "the server requires TLS"},
    {"relay-port", NEVER, ERROR_NONE, "the server takes mail from other servers only"},
    {"address-blocked", SLOWLY, ERROR_NONE, "the address of this network is blocked"},
    {"ehlo-refused", NEVER, ERROR_NONE, "the server refuses the name in EHLO"},
    {"too-many-connections", SOON, ERROR_NONE, "there are too many connections"},

    /* sender and header */
    {"relay-denied", NEVER, ERROR_NONE, "the server does not relay for this sender or recipient"},
    {"sender-not-owned", NEVER, ERROR_NONE, "the user may not send as this address"},
    {"sender-unverified", NEVER, ERROR_NONE, "the sender address is not verified"},
    {"domain-unverified", NEVER, ERROR_NONE, "the sender's domain is not verified"},
    {"sender-refused", BY_REPLY, ERROR_NONE, "the server refuses the sender address"},
    {"sender-domain", NEVER, ERROR_NONE, "the sender's domain does not exist or receives no mail"},
    {"from-mismatch", NEVER, ERROR_NONE, "From differs from the sender or the user"},
    {"from-malformed", NEVER, ERROR_DATA, "From is malformed"},
    {"several-froms", NEVER, ERROR_DATA, "there are several From fields or addresses"},
    {"header-missing", NEVER, ERROR_DATA, "a required header field is missing"},
    {"header-malformed", NEVER, ERROR_DATA, "a header field or the message is malformed"},

    /* recipients */
    {"recipient-unknown", BY_REPLY, ERROR_NO_USER, "there is no such recipient"},
    {"recipient-domain", NEVER, ERROR_NO_HOST, "the recipient's domain does not exist or receives no mail"},
    {"recipient-disabled", BY_REPLY, ERROR_NONE, "the recipient's mailbox is disabled"},
    {"recipient-refused", BY_REPLY, ERROR_NONE, "the recipient refuses this mail"},
    {"recipient-syntax", NEVER, ERROR_DATA, "the recipient's address is malformed"},
    {"recipient-unauthorised", NEVER, ERROR_NONE, "only verified recipients are allowed"},
    {"too-many-recipients", BY_REPLY, ERROR_NONE, "there are too many recipients"},

    /* limits */
    {"rate-short", SOON, ERROR_NONE, "the limit of messages per second or minute is reached"},
    {"rate-hour", LATER, ERROR_NONE, "the limit of messages per hour is reached"},
    {"rate-day", LATER, ERROR_NONE, "the limit of messages per day is reached"},
    {"credits-used", NEVER, ERROR_NONE, "the messages that the plan includes are used up"},
    {"message-too-large", NEVER, ERROR_DATA, "the message is too large"},
    {"storage-recipient", SLOWLY, ERROR_NONE, "the recipient's mailbox is full"},
    {"storage-sender", NEVER, ERROR_NONE, "the sender's own mailbox is full"},
    {"storage-server", SOON, ERROR_NONE, "the server has no storage left"},

    /* content */
    {"attachment-type", NEVER, ERROR_NONE, "the type of an attachment is not allowed"},
    {"virus", NEVER, ERROR_NONE, "the server found a virus"},
    {"spam", BY_REPLY, ERROR_NONE, "the message looks like spam to the server"},
    {"content-policy", BY_REPLY, ERROR_NONE, "the message violates a policy of the server"},
    {"domain-authentication", NEVER, ERROR_NONE, "SPF, DKIM or DMARC of the sender's domain fails"},
    {"smtputf8", NEVER, ERROR_NONE, "the server accepts only ASCII addresses"},
    {"8bit", NEVER, ERROR_NONE, "the server accepts only 7-bit messages"},
    {"mail-loop", NEVER, ERROR_NONE, "the message is in a mail loop"},

    /* the server */
    {"greylisting", SOON, ERROR_NONE, "the server defers unknown senders"},
    {"server-trouble", BY_REPLY, ERROR_NONE, "the server has a problem"},
    {"client-protocol", NEVER, ERROR_NONE, "the server does not understand a command"},
    {"server-protocol", BY_REPLY, ERROR_NONE, "the server violates the protocol"},
    {"policy", BY_REPLY, ERROR_NONE, "a policy of the server forbids this message or sign-in"},

    /* on the way to the server */
    {"no-network", BY_REPLY, ERROR_NONE, "there is no network connection"},
    {"no-such-host", BY_REPLY, ERROR_NONE, "the host name does not exist"},
    {"name-servers", BY_REPLY, ERROR_NONE, "the name servers do not respond"},
    {"connection-refused", BY_REPLY, ERROR_NONE, "no server listens on the port"},
    {"port-filtered", BY_REPLY, ERROR_NONE, "a firewall drops connections to the port"},
    {"connection-lost", BY_REPLY, ERROR_NONE, "the connection ended early"},
    {"timeout", BY_REPLY, ERROR_NONE, "the server did not respond in time"},
    {"not-a-mail-server", BY_REPLY, ERROR_NONE, "something other than a mail server answers"},
    {"starttls-missing", NEVER, ERROR_SECURITY, "the server does not offer STARTTLS"},
    {"tls-not-spoken", BY_REPLY, ERROR_NONE, "the port does not use TLS from the first byte"},
    {"tls-obsolete", BY_REPLY, ERROR_NONE, "the server supports only obsolete TLS"},
    {"tls-failed", BY_REPLY, ERROR_NONE, "the TLS handshake failed"},
    {"interception", BY_REPLY, ERROR_NONE, "software between here and the server intercepts TLS"},
    {"clock-wrong", BY_REPLY, ERROR_NONE, "the clock of this computer is wrong"},
    {"certificate-expired", BY_REPLY, ERROR_NONE, "the server's certificate has expired"},
    {"certificate-name", BY_REPLY, ERROR_NONE, "the certificate is for another name"},
    {"certificate-untrusted", BY_REPLY, ERROR_NONE, "the certificate's issuer is not trusted"},
    {"certificate-invalid", BY_REPLY, ERROR_NONE, "the certificate is not valid"},
    {"captive-network", BY_REPLY, ERROR_NONE, "a device of the network answers instead of the server"},
    {"proxy", BY_REPLY, ERROR_NONE, "the proxy refuses or cannot be reached"},
    {"keyring", BY_REPLY, ERROR_NONE, "the keyring is not available"},
    {"keyring-locked", BY_REPLY, ERROR_NONE, "the keyring is locked, or its prompt was dismissed"},
    {"credential-program", BY_REPLY, ERROR_NONE, "the program that provides the credential failed"},
    {"token-endpoint", BY_REPLY, ERROR_NONE, "the token endpoint does not respond or refuses"},
    {NULL, BY_REPLY, ERROR_NONE, NULL},
};
/* clang-format on */

const struct cause *
cause_find(const char *name, size_t len)
{
	for (const struct cause *cause = causes; cause->name != NULL; cause++) {
		if (text_is(name, len, cause->name))
			return cause;
	}
	return NULL;
}

enum cause_retry
cause_find_retry(const char *name, size_t len)
{
	static const struct {
		const char *name;
		enum cause_retry retry;
	} names[] = {{"soon", SOON}, {"later", LATER}, {"never", NEVER}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (text_is(name, len, names[i].name))
			return names[i].retry;
	}
	return BY_REPLY;
}

void
cause_apply(const struct cause *cause, enum cause_retry retry,
    struct error *err)
{
	err->cause = cause->name;
	if (err->reply_code == 0 || err->code == ERROR_AMBIGUOUS ||
	    err->code == ERROR_SECURITY)
		return;
	if (retry == CAUSE_RETRY_SLOWLY)
		retry = err->reply_code / 100 == 4 ? LATER : BY_REPLY;
	switch (retry) {
	case CAUSE_RETRY_SLOWLY:
	case CAUSE_RETRY_BY_REPLY:
		/* 552 to RCPT is temporary (RFC 5321 section 4.5.3.1.10). */
		if (err->reply_code / 100 == 5 && err->code != ERROR_TEMPORARY)
			err->code = cause_permanent_code(cause, err);
		return;
	case CAUSE_RETRY_NEVER:
		err->code = cause_permanent_code(cause, err);
		return;
	case CAUSE_RETRY_SOON:
		err->code = ERROR_TEMPORARY;
		return;
	case CAUSE_RETRY_LATER:
		err->code = ERROR_LATER;
		return;
	}
}

void
cause_apply_here(enum cause_retry retry, struct error *err)
{
	if (err->reply_code != 0 || err->code == ERROR_AMBIGUOUS ||
	    err->code == ERROR_SECURITY)
		return;
	if (retry == CAUSE_RETRY_SOON)
		err->code = ERROR_TEMPORARY;
	else if (retry == CAUSE_RETRY_LATER)
		err->code = ERROR_LATER;
	else if (retry == CAUSE_RETRY_NEVER && error_is_temporary(err->code))
		err->code = ERROR_CONFIG;
}

static enum error_code
cause_permanent_code(const struct cause *cause, const struct error *err)
{
	bool is_at_sign_in =
	    err->step != NULL && text_equals(err->step, "auth");

	if (cause->code != ERROR_NONE &&
	    (cause->code != ERROR_AUTH || is_at_sign_in))
		return cause->code;
	if (error_is_temporary(err->code) || err->code == ERROR_NO_USER ||
	    err->code == ERROR_NO_HOST)
		return ERROR_REFUSED; /* 550 does not always mean no user */
	return err->code;
}
