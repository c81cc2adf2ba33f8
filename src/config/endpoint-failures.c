/* SPDX-License-Identifier: MIT */
/*
 * The table of endpoint errors. The first row that applies counts: those with
 * words come before those with Microsoft's numbers, and these before the error
 * codes that they explain. A number never ends a sign-in that the error code
 * does not end; it can only keep it.
 */
#include "config/endpoint-failure.h"

#include <limits.h>
#include <stddef.h>

#define SIGN_IN_AGAIN "sign in again: postrider login %s"
#define LATE_CODE                                                             \
	"start again: postrider login --device %s; the code was not entered " \
	"in time"
#define CHECK_CLIENT                                                       \
	"check client-id and client-secret (or client-key) of %s against " \
	"the registration"
#define UNKNOWN_CLIENT \
	"check client-id and tenant of %s; the tenant has no such client-id"
#define WRONG_SCOPE                                                        \
	"check scope, and add the permission SMTP.Send (for applications " \
	"SMTP.SendAsApp) to the registration"
#define NEW_SECRET                                                      \
	"create a new client secret (https://entra.microsoft.com, App " \
	"registrations, Certificates & secrets), then run postrider "   \
	"login %s; this one is wrong or has expired"
#define SET_CLOCK                                                           \
	"set the clock of this computer, and check the certificate of "     \
	"client-key; the server considers the signed assertion too old or " \
	"too new"
#define BLOCKED                                                              \
	"ask the organisation's administrator; Conditional Access or "       \
	"security defaults block the sign-in: https://entra.microsoft.com, " \
	"Sign-in logs, names the policy"
#define DESKTOP                                                       \
	"add the redirect URI http://localhost to the application's " \
	"registration (Mobile and desktop applications)"
#define ORGANISATION                                                        \
	"set tenant of %s to the organisation's domain, to organizations "  \
	"or to consumers, then sign in again; the account does not belong " \
	"to this tenant"
#define ANOTHER_TENANT                                                    \
	"sign in as %s, or set tenant; the account that signed in is of " \
	"the wrong kind or organisation for this tenant"

#define PUBLIC_CLIENT                                                        \
	"enable \"Allow public client flows\" in the application's "         \
	"registration (Authentication), with http://localhost under Mobile " \
	"and desktop applications; or, for an application with a secret, "   \
	"set client-secret of %s"
#define NO_SECRET \
	"remove client-secret from %s; a public client must not send a secret"
#define NEW_CODE                                                         \
	"sign in again: postrider login %s; the code of the sign-in is " \
	"wrong, expired or was used already"
#define PUBLISH                                                          \
	"sign in again: postrider login %s; if that lasts 7 days only, " \
	"publish the application: "                                      \
	"https://console.cloud.google.com/auth/audience"

#define BUSY "try again later; the token endpoint has a problem"

#define REFUSED ENDPOINT_REFUSED
#define OVER ENDPOINT_OVER
#define SOON ENDPOINT_SOON
#define LATER ENDPOINT_LATER

/* clang-format off */
const struct endpoint_failure endpoint_failures[] = {
    /* words, where neither a number nor a code tells */
    {NULL, {{0, 0}}, "valid time range|short-lived token|reasonable timeframe|'exp' claim|'iat' claim|'nbf' claim|issued in the future", REFUSED, "clock-wrong", SET_CLOCK},
    {NULL, {{700024, 0}}, NULL, REFUSED, "clock-wrong", SET_CLOCK},
    {"invalid_grant", {{70000, 0}}, "scopes requested", REFUSED, "scope-refused", "sign in again: postrider login %s; the sign-in was for other scopes"},
    {NULL, {{90023, 0}}, "permissions", REFUSED, "scope-refused", "sign in again: postrider login %s; the sign-in was for other scopes"},
    {NULL, {{50012, 0}}, "client secret", REFUSED, "client-secret", NEW_SECRET},
    {NULL, {{90023, 0}}, "public client|client secret|client_secret|client_assertion", REFUSED, "client-registration", NO_SECRET},
    {NULL, {{70002, 0}}, "client_secret", REFUSED, "client-registration", PUBLIC_CLIENT},
    {NULL, {{0, 0}}, "malformed auth code|code was already|code already|code is invalid|code is expired|code has expired|code expired|code not found|code has been used|code was used|invalid code|invalid authorization code|authorization code is|authorization code has|authorization code was|authorization code not|'code' parameter", REFUSED, "code-expired", NEW_CODE},
    {NULL, {{0, 0}}, "redirect_uri|redirect uri|redirect url|reply url|reply address", REFUSED, "client-registration", DESKTOP},
    {NULL, {{0, 0}}, "different tenant|other tenant|another tenant", REFUSED, "tenant-wrong", ORGANISATION},
    {"invalid_grant", {{0, 0}}, "invalid_rapt|reauth related", REFUSED, "interaction-due", "sign in again: postrider login %s; a policy of the organisation limits how long a sign-in lasts"},
    {"invalid_grant", {{0, 0}}, "token has been expired or revoked", OVER, "sign-in-expired", PUBLISH},
    {"invalid_grant", {{0, 0}}, "has been deleted|is disabled|account disabled|user disabled|account is locked|account locked|suspended|deactivated", REFUSED, "account-suspended", "ask the administrator; the account is disabled, locked or deleted"},

    /* consent and policies */
    {NULL, {{65002, 0}}, NULL, REFUSED, "client-registration", "register a client-id of your own for %s; Microsoft lets no one else use this one"},
    {NULL, {{90094, 90095}, {90093, 0}, {90099, 0}, {650056, 0}}, NULL, REFUSED, "consent-due", "ask an administrator of the organisation to consent to this application"},
    {NULL, {{65001, 0}, {65004, 0}, {90008, 0}}, NULL, REFUSED, "consent-due", "sign in again and give consent: postrider login %s; if the page does not let you, ask an administrator of the organisation to consent"},
    {NULL, {{50105, 0}}, NULL, REFUSED, "policy-sign-in", "ask the organisation's administrator to assign %s to the application"},
    {NULL, {{500021, 500022}, {500212, 500213}, {54000, 0}, {80012, 0}, {90082, 90084}, {90123, 0}}, NULL, REFUSED, "policy-sign-in", "ask the organisation's administrator; a policy does not let %s sign in here"},
    {NULL, {{53000, 53011}, {530000, 530099}, {50131, 0}, {50005, 0}, {50002, 0}, {135000, 135999}}, NULL, REFUSED, "policy-sign-in", BLOCKED},

    /* the tenant */
    {NULL, {{50194, 0}, {9001023, 0}, {90124, 0}, {90130, 0}, {90038, 0}}, NULL, REFUSED, "tenant-wrong", "set tenant to the organisation of the application for %s; it is registered for one organisation only"},
    {NULL, {{9002331, 0}, {9002346, 0}}, NULL, REFUSED, "tenant-wrong", "set tenant = consumers for %s; the application is registered for personal accounts only"},
    {NULL, {{9002332, 0}}, NULL, REFUSED, "tenant-wrong", "set tenant of %s to the organisation's domain or GUID; the application is registered for organisations only"},
    {NULL, {{90002, 0}, {900021, 900023}, {90019, 0}, {50049, 0}, {50059, 0}, {50128, 0}}, NULL, REFUSED, "tenant-wrong", "set tenant of %s to the organisation's domain or GUID; there is no such tenant"},
    {NULL, {{7000012, 0}, {700005, 0}, {50013, 0}}, NULL, REFUSED, "tenant-wrong", ORGANISATION},
    {NULL, {{50020, 0}, {500208, 0}, {90072, 0}, {51004, 0}, {50014, 0}, {90125, 90126}}, NULL, REFUSED, "tenant-wrong", ANOTHER_TENANT},

    /* the client */
    {NULL, {{7000112, 0}}, NULL, REFUSED, "client-unknown", "ask the organisation's administrator; the application of %s is disabled"},
    {NULL, {{700011, 0}, {700016, 0}, {70001, 0}, {7000229, 0}, {90112, 0}}, NULL, REFUSED, "client-unknown", UNKNOWN_CLIENT},
    {NULL, {{50011, 0}, {500113, 0}, {70004, 0}, {900971, 0}}, NULL, REFUSED, "client-registration", DESKTOP},
    {NULL, {{7000218, 0}}, NULL, REFUSED, "client-registration", PUBLIC_CLIENT},
    {NULL, {{700025, 0}}, NULL, REFUSED, "client-registration", NO_SECRET},
    {NULL, {{9002325, 9002327}}, NULL, REFUSED, "client-registration", "move the redirect URI of the application to Mobile and desktop applications in its registration; it is no single-page application"},
    {NULL, {{7000215, 7000216}, {7000222, 0}}, NULL, REFUSED, "client-secret", NEW_SECRET},
    {NULL, {{700027, 0}, {50012, 0}, {700021, 700023}, {700030, 0}, {50006, 0}, {50099, 0}}, NULL, REFUSED, "client-secret", "check that the certificate is registered, that client-key belongs to it, and that this computer's clock is correct"},

    /* scopes */
    {NULL, {{28000, 0}}, NULL, REFUSED, "scope-refused", "set scope to the scopes of one resource only"},
    {NULL, {{500011, 0}, {500014, 0}, {50001, 0}, {650052, 0}, {650054, 0}, {90027, 0}}, NULL, REFUSED, "scope-refused", "check scope of %s, or ask an administrator; the organisation lacks the resource or has disabled it"},
    {NULL, {{70011, 0}, {28002, 28003}, {650057, 0}, {65005, 0}, {90009, 0}}, NULL, REFUSED, "scope-refused", WRONG_SCOPE},
    {NULL, {{900144, 0}}, "'scope'", REFUSED, "scope-refused", "use the v2.0 endpoints in the provider's authorization-url and token-url, or set scope of %s; the server requires one"},
    {NULL, {{900144, 0}}, "'refresh_token'", REFUSED, "sign-in-expired", "sign in again: postrider login %s; no refresh token was kept, which the scope offline_access asks for"},
    {NULL, {{900144, 0}}, "'client_id'", REFUSED, "client-unknown", "set client-id of %s; the request had none"},
    {NULL, {{900144, 0}}, "'code'", REFUSED, "code-expired", NEW_CODE},
    {NULL, {{900561, 0}}, NULL, REFUSED, "token-endpoint", "sign in again: postrider login %s; if it repeats, check token-url of the provider, and whether a proxy changes requests"},

    /* the account */
    {NULL, {{50057, 0}}, NULL, REFUSED, "account-suspended", "ask the administrator; the account is disabled"},
    {NULL, {{50053, 0}}, NULL, LATER, "account-locked", "wait some minutes, then sign in again: postrider login %s; there were too many wrong passwords, or the network's address is blocked"},
    {NULL, {{50034, 0}}, NULL, REFUSED, "user-unknown", "sign in again with another account: postrider login %s; the organisation does not know this one"},
    {NULL, {{50055, 0}, {50144, 0}}, NULL, REFUSED, "password-expired", "change the password on the provider's website, then sign in again: postrider login %s"},
    {NULL, {{50126, 0}, {50056, 0}, {50064, 0}}, NULL, REFUSED, "wrong-secret", "sign in again: postrider login %s; the user name or the password is wrong"},

    /* sign in again */
    {NULL, {{50072, 50079}, {50097, 0}, {50158, 0}}, NULL, REFUSED, "interaction-due", "sign in again, with a second factor: postrider login %s"},
    {NULL, {{16000, 16003}, {160021, 0}, {50058, 0}, {50125, 0}, {50140, 50143}}, NULL, REFUSED, "interaction-due", SIGN_IN_AGAIN},
    {NULL, {{700084, 0}}, NULL, OVER, "sign-in-expired", "sign in again: postrider login %s; to stay signed in, move the redirect URI in the registration to Mobile and desktop applications"},
    {NULL, {{54005, 0}, {70002, 0}}, "redeemed", REFUSED, "code-expired", NEW_CODE},
    {"invalid_grant", {{70008, 0}, {700081, 700082}, {70043, 70046}, {50173, 0}, {50089, 0}, {54005, 0}}, NULL, OVER, "sign-in-expired", "sign in again: postrider login %s; the sign-in has expired or was revoked"},
    {NULL, {{70008, 0}, {700081, 700082}, {70043, 70046}, {50173, 0}, {50089, 0}, {54005, 0}}, NULL, REFUSED, "sign-in-expired", "sign in again: postrider login %s; the sign-in has expired or was revoked"},
    {"authorization_pending", {{0, 0}}, NULL, SOON, "interaction-due", "enter the code in a browser, and sign in there"},
    {NULL, {{70016, 0}}, NULL, REFUSED, "code-expired", LATE_CODE},
    {NULL, {{70018, 70020}, {90119, 90120}}, NULL, REFUSED, "code-expired", "start again: postrider login --device %s; the code is wrong or has expired"},

    /* the server */
    {NULL, {{50196, 0}}, NULL, LATER, "too-many-sign-ins", "wait before the next attempt; the server received too many identical requests"},
    {NULL, {{90055, 0}, {50088, 0}, {50166, 0}}, NULL, SOON, "too-many-sign-ins", "wait a minute, then try again; the server received too many requests"},
    {NULL, {{90006, 0}, {90012, 0}, {90024, 0}, {90033, 0}, {90090, 90091}, {80000, 80999}}, NULL, SOON, "token-endpoint", BUSY},
    {NULL, {{50000, 0}, {50033, 0}, {50087, 0}, {70012, 0}}, NULL, SOON, "token-endpoint", BUSY},

    /* Microsoft's classes: a number that is not listed never ends a sign-in */
    {"invalid_grant", {{50000, 50999}, {500000, 509999}, {16000, 16999}}, NULL, REFUSED, "interaction-due", SIGN_IN_AGAIN},
    {NULL, {{65000, 65999}}, NULL, REFUSED, "consent-due", "sign in again and give consent: postrider login %s"},
    {"invalid_grant", {{1, LONG_MAX}}, NULL, REFUSED, "sign-in-expired", SIGN_IN_AGAIN},

    /* error codes: RFC 6749, RFC 8628, OpenID Connect, RFC 8707 */
    {"invalid_grant", {{0, 0}}, "bad request", OVER, "sign-in-expired", PUBLISH},
    {"invalid_grant", {{0, 0}}, NULL, OVER, "sign-in-expired", SIGN_IN_AGAIN},
    {"interaction_required", {{0, 0}}, NULL, REFUSED, "interaction-due", SIGN_IN_AGAIN},
    {"login_required", {{0, 0}}, NULL, REFUSED, "interaction-due", SIGN_IN_AGAIN},
    {"account_selection_required", {{0, 0}}, NULL, REFUSED, "interaction-due", SIGN_IN_AGAIN},
    {"mfa_required", {{0, 0}}, NULL, REFUSED, "interaction-due", "sign in again, with a second factor: postrider login %s"},
    {"consent_required", {{0, 0}}, NULL, REFUSED, "consent-due", "sign in again and give consent: postrider login %s"},
    {"expired_token", {{0, 0}}, NULL, REFUSED, "code-expired", LATE_CODE},
    {"code_expired", {{0, 0}}, NULL, REFUSED, "code-expired", LATE_CODE},
    {"bad_verification_code", {{0, 0}}, NULL, REFUSED, "code-expired", LATE_CODE},
    {"invalid_code", {{0, 0}}, NULL, REFUSED, "code-expired", NEW_CODE},
    {"invalid_authorization_code", {{0, 0}}, NULL, REFUSED, "code-expired", NEW_CODE},
    {"access_denied", {{0, 0}}, NULL, REFUSED, "declined", "to allow it, sign in again: postrider login %s; if the provider refused it, add the account to the test users of the application, or ask an administrator"},
    {"authorization_declined", {{0, 0}}, NULL, REFUSED, "declined", "to allow it, sign in again: postrider login %s; if the provider refused it, add the account to the test users of the application, or ask an administrator"},
    {NULL, {{0, 0}}, "client was not found|client not found|client was deleted|no such client|unknown client|unknown_client|client id cannot be empty|determine client id|missing a project id|invalid client id|invalid client_id|client_id is invalid|client does not exist|no client with|application not found|unknown application", REFUSED, "client-unknown", "check client-id of %s; the server has no such client-id"},
    {"invalid_client", {{0, 0}}, NULL, REFUSED, "client-secret", CHECK_CLIENT},
    {"unauthorized_client", {{0, 0}}, "secret|credentials", REFUSED, "client-secret", CHECK_CLIENT},
    {"unauthorized_client", {{0, 0}}, NULL, REFUSED, "client-registration", "check client-id, client-secret and grant of %s, then run postrider login; the registration doesn't allow this, or the sign-in was made with another client-id"},
    {"unsupported_grant_type", {{0, 0}}, NULL, REFUSED, "client-registration", "set another grant for %s; the server doesn't support this one"},
    {"unsupported_response_type", {{0, 0}}, NULL, REFUSED, "client-registration", "set another grant for %s; the server doesn't support this one"},
    {"redirect_uri_mismatch", {{0, 0}}, NULL, REFUSED, "client-registration", "register another client-id for %s, of the type Desktop app; this one doesn't allow the redirect URI http://127.0.0.1"},
    {"invalid_redirect_uri", {{0, 0}}, NULL, REFUSED, "client-registration", "add the redirect URI http://127.0.0.1 to the registration of client-id"},
    {"invalid_scope", {{0, 0}}, NULL, REFUSED, "scope-refused", "check scope of %s; the registration must allow it"},
    {"insufficient_scope", {{0, 0}}, NULL, REFUSED, "scope-refused", "check scope of %s; the registration must allow it"},
    {"invalid_target", {{0, 0}}, NULL, REFUSED, "scope-refused", "check scope of %s; there is no such resource"},
    {"invalid_resource", {{0, 0}}, NULL, REFUSED, "scope-refused", "check scope of %s; there is no such resource"},
    {"invalid_tenant", {{0, 0}}, NULL, REFUSED, "tenant-wrong", "set tenant of %s to the organisation's domain or GUID; there is no such tenant"},

    /* Google, Yahoo */
    {"admin_policy_enforced", {{0, 0}}, NULL, REFUSED, "policy-sign-in", "ask an administrator of the organisation to allow this application: https://admin.google.com, Security, API controls"},
    {"org_internal", {{0, 0}}, NULL, REFUSED, "client-registration", "sign in with an account of the organisation that owns client-id, or set the audience of the application to External"},
    {"disallowed_useragent", {{0, 0}}, NULL, REFUSED, "browser-due", "sign in with another browser: postrider login --paste %s; the provider doesn't accept this one"},
    {"disabled_client", {{0, 0}}, NULL, REFUSED, "client-unknown", "register another client; this one was disabled"},
    {"deleted_client", {{0, 0}}, NULL, REFUSED, "client-unknown", "register another client; this one was deleted"},
    {"INVALID_REFRESH_TOKEN", {{0, 0}}, NULL, REFUSED, "sign-in-expired", SIGN_IN_AGAIN},
    {"INVALID_CLIENT_SECRET", {{0, 0}}, NULL, REFUSED, "client-secret", CHECK_CLIENT},

    {"slow_down", {{0, 0}}, NULL, SOON, "too-many-sign-ins", "wait a minute, then try again; the server received too many requests"},
    {"rate_limit_exceeded", {{0, 0}}, NULL, SOON, "too-many-sign-ins", "wait a minute, then try again; the server received too many requests"},
    {"rate_limited", {{0, 0}}, NULL, SOON, "too-many-sign-ins", "wait a minute, then try again; the server received too many requests"},
    {"too_many_requests", {{0, 0}}, NULL, SOON, "too-many-sign-ins", "wait a minute, then try again; the server received too many requests"},
    {"temporarily_unavailable", {{0, 0}}, NULL, SOON, "token-endpoint", BUSY},
    {"server_error", {{0, 0}}, NULL, SOON, "token-endpoint", BUSY},
    {"internal_failure", {{0, 0}}, NULL, SOON, "token-endpoint", BUSY},
    {"backend_error", {{0, 0}}, NULL, SOON, "token-endpoint", BUSY},
    {"invalid_request", {{0, 0}}, "refresh_token|refresh token", REFUSED, "sign-in-expired", "sign in again: postrider login %s; the refresh token is missing or wrong"},
    {"invalid_request", {{0, 0}}, "client_secret|client secret", REFUSED, "client-secret", CHECK_CLIENT},
    {"invalid_request", {{0, 0}}, "client_id|client id", REFUSED, "client-unknown", "check client-id of %s; the server does not accept it"},
    {"invalid_request", {{0, 0}}, "scope", REFUSED, "scope-refused", "check scope of %s; the registration must allow it"},
    {"invalid_request", {{0, 0}}, NULL, REFUSED, "token-endpoint", "sign in again: postrider login %s; if it repeats, check provider, tenant and client-id, since the token endpoint does not understand the request"},
    {NULL, {{0, 0}}, NULL, REFUSED, NULL, NULL},
};
/* clang-format on */
