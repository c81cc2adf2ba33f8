/* SPDX-License-Identifier: MIT */
/*
 * The table of endpoint errors. The first row that applies counts: those with
 * words come before those with Microsoft's numbers, and these before the error
 * codes that they explain. A number never ends a sign-in that the error code
 * does not end; it can only keep it.
 */
#include "config/endpoint-failure.h"

#include <stddef.h>

/* clang-format off */
#define SIGN_IN_AGAIN "sign in again: {login}"
#define LATE_CODE "start again: {login-device}; the code was not entered in time"
#define CHECK_CLIENT "check client-id and client-secret (or client-key) of {account} against the registration"
#define UNKNOWN_CLIENT "check client-id and tenant of {account}; the tenant has no such client-id (an application of another organisation needs an administrator's consent there first)"
#define NO_CLIENT "check client-id of {account}; the server has no such client-id"
#define NO_GOOGLE_CLIENT "check client-id and client-secret of {account}; the server has no such client-id. Make a client of the type Desktop app at https://console.cloud.google.com/auth/clients and set its whole ID, which ends in .apps.googleusercontent.com"
#define WRONG_SCOPE "check scope, and add the permission SMTP.Send (for applications SMTP.SendAsApp) of Office 365 Exchange Online to the registration"
#define PERMISSIONS "correct the permissions in the application's registration (API permissions: remove those that Office 365 Exchange Online does not know, add SMTP.Send), then sign in again: {login}"
#define NO_SUCH_SCOPE "check scope of {account}, letter by letter: the resource has no such permission; postrider's own is used if scope is not set"
#define NEW_SECRET "create a new client secret (https://entra.microsoft.com, App registrations, Certificates & secrets), then run {login} and enter its Value, not its ID; this one is wrong or has expired"
#define NEED_SECRET "set client-secret of {account} (env:NAME, file:PATH or keyring); the registration of client-id has one, and the server requires it"
#define SEND_SECRET "let the registration of client-id accept client_secret_post, or set issuer of the provider, whose metadata tells how the secret is to be sent"
#define OTHER_CLIENT "sign in again: {login}; the sign-in was made with another client-id"
#define DEFAULT_SCOPE "remove scope of {account}, or let it end in /.default: an application gets all permissions of its registration at once (https://outlook.office365.com/.default)"
#define ISSUER "sign in again: {login}; the server's own name (issuer) has changed, or the browser reaches it by another name than token-url"
#define NO_USER "sign in again with another account: {login}; the server does not know this one"
#define SET_CLOCK "set the clock of this computer, and check the certificate of client-key; the server considers the signed assertion too old or too new"
#define CHECK_KEY "check that the certificate is registered, that client-key belongs to it, and that this computer's clock is correct"
#define BLOCKED "ask the organisation's administrator; Conditional Access or security defaults block the sign-in: https://entra.microsoft.com, Sign-in logs, names the policy"
#define POLICY "ask the organisation's administrator; a policy does not let {user} sign in here"
#define ASSIGN "ask the organisation's administrator to assign {user} to the application"
#define FEDERATION "try again later, then ask the organisation's administrator: the sign-in server that its domain delegates to has a problem"
#define DESKTOP "add the redirect URI {redirect} to the application's registration (Mobile and desktop applications); if client-id is another program's, register one of your own"
#define REDIRECT "add the redirect URI {redirect} to the registration of client-id, for a desktop or native application, in which the port may vary"
#define ORGANISATION "set tenant of {account} to the organisation's domain, to organizations or to consumers, then sign in again; the account does not belong to this tenant"
#define ANOTHER_TENANT "sign in as {user}, or set tenant of {account} (consumers for personal accounts, else the organisation's domain): the account that signed in is of the wrong kind or organisation. Personal accounts need a client-id that allows them, too"
#define CONSUMERS "set tenant = consumers for {account}; the application is registered for personal accounts only"
#define AUDIENCE "set tenant of {account} to what the registration allows: consumers for personal accounts, organizations or a domain for others; or change its supported account types"
#define NO_TENANT "set tenant of {account} to the organisation's domain or GUID; there is no such tenant"
#define ONE_TENANT "set tenant to the organisation of the application for {account}; it is registered for one organisation only"
#define NATIONAL "set authorization-url and token-url of the provider to those of the account's cloud (login.microsoftonline.us, login.partner.microsoftonline.cn); it belongs to another one"
#define PUBLIC_CLIENT "enable \"Allow public client flows\" in the application's registration (Authentication), with http://localhost under Mobile and desktop applications; or, for an application with a secret, set client-secret of {account}"
#define NO_SECRET "remove client-secret from {account}; a public client must not send a secret"
#define OTHER_METHOD "let the registration of client-id accept a client secret, or set client-key of {account} for a signed JWT; the server expects another way to authenticate"
#define NEW_CODE "sign in again: {login}; the code of the sign-in is wrong, expired or was used already"
#define PKCE "sign in again: {login}; the code does not belong to this sign-in (PKCE), or something between changes the request"
#define WHOLE_ADDRESS "sign in again, and open the whole address that {login} shows, unchanged; the server found no valid code_challenge (PKCE) in it"
#define WHOLE_LINK "sign in again, and open the whole address that {login} shows (everything after the first & as well); the page found only a part of it"
#define OTHER_BROWSER "open the address that {login-paste} shows in another browser, on a computer that the organisation manages in its own one; this one does not pass the request on. If it repeats, ask the administrator about Conditional Access"
#define NEW_CODE_OR_URI "sign in again: {login}; the code is used up or older than some minutes, or the registration of client-id lacks the redirect URI {redirect}"
#define PUBLISH "sign in again: {login}; if that lasts 7 days only, publish the application: https://console.cloud.google.com/auth/audience"
#define TESTER "add {user} to the test users of the application, or publish it: https://console.cloud.google.com/auth/audience"
#define OWN_CLIENT "register a client-id of your own for {account}, of the type Desktop app: https://console.cloud.google.com/auth/clients; this one is refused"
#define DATA_CENTRE "check client-id and client-secret of {account}; if they are right, the account belongs to another data centre of Zoho: use its provider or endpoints, such as accounts.zoho.eu or accounts.zoho.in"
#define BUSY "try again later; the token endpoint has a problem"
#define MANY "wait a minute, then try again; the server received too many requests"
#define LOOK_UP "sign in again: {login}; if it repeats, https://login.microsoftonline.com/error?code={number} describes this error"
#define EXPIRED "sign in again: {login}; the sign-in has expired or was revoked"
#define SESSION_OVER "sign in again: {login}; the server has ended the session. To stay signed in, add offline_access to scope, if the server grants it"
#define REPLACED "sign in again: {login}; a newer sign-in or another program has replaced the refresh token, which is valid once"
#define CHECK_SCOPE "check scope of {account}, letter by letter; the server does not know it, or the registration does not allow it"
#define GRANT "set another grant for {account}; the server doesn't support this one"
#define BROWSER "sign in with a browser: {login}; the server does not offer this to devices"
#define DECLINED "to allow it, sign in again: {login}; if the provider refused it, add the account to the test users of the application, or ask an administrator"
#define SECOND_FACTOR "sign in again, with a second factor: {login}"
#define CONSENT "sign in again and give consent: {login}; if the page does not let you, ask an administrator of the organisation to consent"
#define ADMIN_CONSENT "ask an administrator of the organisation to consent to this application"
#define NEW_PASSWORD "change the password on the provider's website, then sign in again: {login}"
#define WRONG_PASSWORD "sign in again: {login}; the user name or the password is wrong"
#define DELETED "if {user} exists again, sign in again: {login}; otherwise sign in with another account, or ask the administrator: this one was deleted"
#define DISABLED "ask the administrator; the account is disabled, locked or deleted"
#define WORKSPACE "ask an administrator of the organisation to allow this application: https://admin.google.com, Security, API controls"
#define WORK "sign in with a work or school account: {login}; for a personal account, set client-id of {account} to a client whose registration allows personal Microsoft accounts (supported account types), and tenant = consumers"
#define PERSONAL "sign in with a personal account: {login}; for a work or school account, set tenant of {account} to the organisation's domain, and client-id to a client whose registration allows organisations"
#define SECURITY_INFO "sign in at https://myaccount.microsoft.com (or the provider's website) in a browser and finish what it asks for, a new password or security info for a second factor; then sign in again: {login}"
#define MANAGED_DEVICE "sign in from a device that the organisation manages, or ask its administrator to exempt the application: {login}"
#define WEBSITE "sign in to the provider's website in a browser, do what it asks for, then sign in again: {login}"
#define FACTOR_ADMIN "sign in again with another second factor: {login}; if each fails, ask the organisation's administrator"

#define OVER ENDPOINT_OVER
#define SOON ENDPOINT_SOON
#define LATER ENDPOINT_LATER

const struct endpoint_failure endpoint_failures[] = {
    /* words, where neither a number nor a code tells */
    {.says = "valid time range|short-lived token|reasonable timeframe|'exp' claim|'iat' claim|'nbf' claim|issued in the future|token used too early|iat in future|not yet valid", .cause = "clock-wrong", .hint = SET_CLOCK},
    {.number = "700024 500133", .cause = "clock-wrong", .hint = SET_CLOCK},
    {.says = "service abuse mode|abuse mode", .cause = "account-suspended", .hint = "sign in at https://outlook.live.com in a browser and verify the account; Microsoft suspects abuse"},
    {.error = "invalid_grant", .number = "70000", .says = "scopes requested", .cause = "scope-refused", .hint = "sign in again: {login}; the sign-in was for other scopes"},
    {.number = "90023", .says = "permissions", .cause = "scope-refused", .hint = "sign in again: {login}; the sign-in was for other scopes"},
    {.number = "50012", .says = "client secret", .cause = "client-secret", .hint = NEW_SECRET},
    {.number = "90023", .says = "public client|client secret|client_secret|client_assertion", .cause = "client-registration", .hint = NO_SECRET},
    {.number = "70002", .says = "client_secret or client_assertion|must contain|must include", .cause = "client-registration", .hint = PUBLIC_CLIENT},
    {.number = "70002", .says = "client_secret|client secret|invalid client secret", .cause = "client-secret", .hint = NEW_SECRET},
    {.number = "0", .says = "client_secret is missing|client secret is missing|client_secret is required|client secret is required|secret not provided|missing client_secret|missing parameter: client_secret|client_secret parameter is required|no client secret|client_secret_required", .cause = "client-secret", .hint = NEED_SECRET},
    {.number = "0", .says = "client_secret_basic|client_secret_post|http basic|basic auth", .cause = "client-registration", .hint = SEND_SECRET},
    {.number = "0", .says = "not issued for this client|client don't match|client does not match|different client|client mismatch|client_id mismatch|client id mismatch|wrong client_id|not issued to this client|issued to a different|token client and", .at = ENDPOINT_AT_RENEWAL, .cause = "client-registration", .hint = OTHER_CLIENT},
    {.number = "0", .says = "does not match the one from the authorize|client id from this request does not match", .cause = "client-registration", .hint = OTHER_CLIENT},
    {.number = "0", .says = "unauthorized to retrieve access tokens using this method|not authorized for any of the scopes", .cause = "client-registration", .hint = "ask an administrator of the organisation to authorise the client for https://mail.google.com/ (https://admin.google.com, Security, API controls, Domain-wide delegation); or sign in as a person: {login}"},
    {.number = "0", .says = "invalid jwt|jwt signature|signature verification|signature validation|invalid signature", .cause = "client-secret", .hint = CHECK_KEY},
    {.number = "0", .says = "valid email or user|invalid email or user", .cause = "user-unknown", .hint = "check user of {account}; the server knows no such address"},
    {.number = "0", .says = "account restricted|restricted account|parental|family link", .cause = "policy-sign-in", .hint = POLICY},
    {.number = "0", .says = "realm does not exist|realm not found|realm not enabled|no such realm", .cause = "token-endpoint", .hint = "check token-url or issuer of the provider; the server has no such realm"},
    {.number = "0", .says = "token issuer|invalid issuer|issuer mismatch|unexpected issuer|wrong issuer", .cause = "sign-in-expired", .hint = ISSUER},
    {.number = "0", .says = "https required|must use https|https is required", .cause = "token-endpoint", .hint = "set token-url and issuer of the provider with https://; the server takes nothing else"},
    {.says = "/.default", .at = ENDPOINT_AT_APPLICATION, .cause = "scope-refused", .hint = DEFAULT_SCOPE},
    {.number = "0", .says = "unable to find user|user not found|no such user|unknown user|user does not exist|user doesn't exist|user was not found|account not found", .cause = "user-unknown", .hint = NO_USER},
    {.number = "0", .says = "offline tokens not allowed|offline access is not allowed", .cause = "scope-refused", .hint = "remove offline_access from scope of {account}, or let the registration of client-id have it"},
    {.says = "client was deleted|client has been deleted|client is deleted", .cause = "client-unknown", .hint = "register another client-id for {account}; this one was deleted"},
    {.says = "must be marked as 'mobile'|not supported for this feature", .cause = "client-registration", .hint = PUBLIC_CLIENT},
    {.says = "enabled for consumers", .cause = "tenant-wrong", .hint = "allow personal Microsoft accounts in the application's registration (supported account types), or check client-id of {account}; with tenant consumers, no such application is enabled"},
    {.says = "with 'consumer' as the user audience|use the /consumers endpoint", .cause = "tenant-wrong", .hint = CONSUMERS},
    {.says = "'useraudience'|user audience", .cause = "tenant-wrong", .hint = AUDIENCE},
    {.says = "oauth 2.0 policy|out-of-band|oob flow|device_id and device_name|redirect_uri|redirect uri", .from = "gmail|google", .cause = "client-registration", .hint = OWN_CLIENT},
    {.says = "not completed the google verification|developer-approved|being tested|testing mode", .cause = "client-registration", .hint = TESTER},
    {.says = "invalid client type|clients of type|limited input|appropriate client", .cause = "client-registration", .hint = "register a client for devices (TVs and Limited Input devices), or sign in with a browser: {login}"},
    {.says = "registered origin", .from = "gmail|google", .cause = "client-registration", .hint = OWN_CLIENT},
    {.says = "user cap|has reached its limit of users|sign in with google temporarily disabled for this app|this app is blocked", .cause = "client-registration", .hint = OWN_CLIENT},
    {.says = "response_type", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = WHOLE_LINK},
    {.says = "code_challenge|code challenge|challenge method", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = WHOLE_ADDRESS},
    {.says = "code_verifier|code verifier|code_challenge|code challenge|pkce", .cause = "code-expired", .hint = PKCE},
    {.number = "70000 70008 54005 50089 0", .says = "malformed auth code|malformed code|bad code|wrong code|code was already|code already|code has already|code is invalid|code is expired|code has expired|code expired|code not found|code not valid|code has been used|code was used|invalid code|invalid authorization code|authorization code is|authorization code has|authorization code was|authorization code not|'code' parameter|code doesn't exist|code does not exist", .cause = "code-expired", .hint = NEW_CODE},
    {.number = "0", .says = "redirect_uri|redirect uri|redirect url|reply url|reply address", .at = ENDPOINT_AT_CODE, .cause = "client-registration", .hint = NEW_CODE_OR_URI},
    {.number = "500112", .cause = "client-registration", .hint = "sign in again: {login}; the code was made for another redirect URI than the one that the request for the token names"},
    {.number = "1-", .says = "redirect_uri|redirect uri|redirect url|reply url|reply address", .cause = "client-registration", .hint = DESKTOP},
    {.number = "0", .says = "redirect_uri|redirect uri|redirect url|callback url|reply url|reply address", .cause = "client-registration", .hint = REDIRECT},
    {.says = "different tenant|other tenant|another tenant", .cause = "tenant-wrong", .hint = ORGANISATION},
    {.error = "invalid_grant", .says = "invalid_rapt|rapt_required|reauth related", .cause = "interaction-due", .hint = "sign in again: {login}; a policy of the organisation limits how long a sign-in lasts (Google Cloud session control in the admin console), which can exempt the application"},
    {.error = "invalid_grant", .says = "token has been expired or revoked", .outcome = OVER, .cause = "sign-in-expired", .hint = PUBLISH},
    {.number = "0", .says = "not fully set up|required action|update password|verify your email|email not verified|captcha|unusual activity|suspicious|verification required|accept the terms", .cause = "interaction-due", .hint = WEBSITE},
    {.number = "0", .says = "temporarily disabled|temporarily locked|too many failed|too many login", .outcome = LATER, .cause = "account-locked", .hint = "wait some minutes, then sign in again: {login}; there were too many wrong passwords"},
    {.number = "0", .says = "client was disabled|client is disabled|client disabled|client is not active|application is disabled|app is disabled|moderation|app was rejected", .cause = "client-unknown", .hint = "register another client-id for {account}; this one was disabled"},
    {.number = "0", .says = "has been deleted|was deleted|account deleted|user deleted", .cause = "account-suspended", .hint = DELETED},
    {.number = "0", .says = "user is disabled|account is disabled|account disabled|user disabled|account is locked|account locked|suspended|deactivated|user is inactive|account is blocked|account has been blocked|user not active", .cause = "account-suspended", .hint = DISABLED},
    {.error = "invalid_grant", .number = "0", .says = "is disabled", .cause = "account-suspended", .hint = DISABLED},
    {.error = "invalid_grant", .number = "0", .says = "login or password|username or password|user name or password|invalid user credentials|bad credentials|user credentials|email or password|password is not valid|password is incorrect|wrong password", .cause = "wrong-secret", .hint = WRONG_PASSWORD},
    {.number = "0", .says = "password expired|password has expired|password change|change your password|change password", .cause = "password-expired", .hint = NEW_PASSWORD},
    {.number = "0", .says = "multifactor|multi-factor|second factor|two-factor|2fa", .cause = "interaction-due", .hint = SECOND_FACTOR},
    {.number = "0", .says = "not assigned to|is not assigned", .cause = "policy-sign-in", .hint = ASSIGN},
    {.number = "0", .says = "policy evaluation failed|access policy|administrator has|admin has|admin policy|ip address is not|ip restriction|location is not", .cause = "policy-sign-in", .hint = POLICY},
    {.error = "invalid_grant", .number = "0", .says = "reuse|stale|replay|already been used|already used|has been rotated|was rotated|token family", .at = ENDPOINT_AT_RENEWAL, .outcome = OVER, .cause = "sign-in-expired", .hint = REPLACED},
    {.error = "invalid_grant", .number = "0", .says = "session|offline|token is not active|token not active", .at = ENDPOINT_AT_RENEWAL, .outcome = OVER, .cause = "sign-in-expired", .hint = SESSION_OVER},
    {.number = "0", .says = "too many requests|rate limit|ratelimit|throttl|requests continuously|too many attempts|quota exceeded", .outcome = LATER, .cause = "too-many-sign-ins", .hint = "wait some minutes, then try again; the server received too many requests"},

    /* pages in the browser that show no number */
    {.says = "need admin approval|needs admin approval|needs permission to access|admin must approve|only an admin can grant|requires your admin|admin approval|approval required", .at = ENDPOINT_AT_BROWSER, .cause = "consent-due", .hint = ADMIN_CONSENT},
    {.says = "get there from here|cannot access this right now|does not meet the criteria|keep your device secure|set up your device", .at = ENDPOINT_AT_BROWSER, .cause = "policy-sign-in", .hint = BLOCKED},
    {.number = "0", .says = "selected user account does not exist|does not exist in tenant|pick a different account", .at = ENDPOINT_AT_BROWSER, .cause = "tenant-wrong", .hint = ANOTHER_TENANT},
    {.says = "may not be secure|couldn't sign you in|browser is not supported|unsupported browser|disable automation", .at = ENDPOINT_AT_BROWSER, .cause = "browser-due", .hint = "sign in with another browser: {login-paste}; the provider doesn't accept this one"},
    {.says = "admin needs to review|institution|blocked by your admin|by your organization", .at = ENDPOINT_AT_BROWSER, .from = "gmail|google", .cause = "policy-sign-in", .hint = WORKSPACE},
    {.says = "verified this app|app isn't verified|app is not verified", .at = ENDPOINT_AT_BROWSER, .cause = "consent-due", .hint = "choose Advanced on that page, then go on to the application, which is your own; Google warns because it has not verified it. Start again: {login}"},
    {.number = "0", .says = "sign in here with a work|use your personal account|use a personal account|use a personal microsoft|your personal microsoft account instead|with a personal account instead", .at = ENDPOINT_AT_BROWSER, .cause = "tenant-wrong", .hint = PERSONAL},
    {.number = "0", .says = "sign in here with a personal|use your work or school|use a work or school|personal accounts aren't|personal accounts are not|personal microsoft accounts are not|personal account is not|personal account isn't|doesn't accept personal", .at = ENDPOINT_AT_BROWSER, .cause = "tenant-wrong", .hint = WORK},
    {.number = "0", .says = "account doesn't exist|account does not exist|username may be incorrect|find an account with|couldn't find your|could not find your|don't recognize this|don't recognise this|do not recognize this", .at = ENDPOINT_AT_BROWSER, .cause = "user-unknown", .hint = NO_USER},
    {.number = "0", .says = "was not found in the directory", .at = ENDPOINT_AT_BROWSER, .cause = "client-unknown", .hint = UNKNOWN_CLIENT},
    {.number = "0", .says = "password registration|password reset|security info|more information required|needs more information|need more information|more info required|keep your account secure|register for multi|additional security verification|set up authenticator|set up your authenticator", .at = ENDPOINT_AT_BROWSER, .cause = "interaction-due", .hint = SECURITY_INFO},
    {.number = "0", .says = "must be managed|must be compliant|must comply|not compliant|managed device|unmanaged|device is not registered|device must be|enroll your device|enrol your device|join your device|register your device|company portal", .at = ENDPOINT_AT_BROWSER, .cause = "policy-sign-in", .hint = MANAGED_DEVICE},
    {.number = "0", .says = "conditional access|access has been blocked|don't have access to this|do not have access to this|don't have permission to access this|sign-in was blocked|sign-in is blocked", .at = ENDPOINT_AT_BROWSER, .cause = "policy-sign-in", .hint = BLOCKED},
    {.number = "0", .says = "too many times|too many incorrect|too many unsuccessful|account has been locked|account is temporarily", .at = ENDPOINT_AT_BROWSER, .outcome = LATER, .cause = "account-locked", .hint = "wait some minutes, then sign in again: {login}; there were too many wrong passwords"},
    {.number = "0", .says = "password is incorrect|incorrect password|wrong password|password isn't correct", .at = ENDPOINT_AT_BROWSER, .cause = "wrong-secret", .hint = WRONG_PASSWORD},
    {.says = "within its organization|within its organisation|to users within", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = "sign in with an account of the organisation that owns client-id, or set the audience of the application to External"},
    {.says = "request is invalid", .at = ENDPOINT_AT_BROWSER, .from = "gmail|google", .cause = "client-registration", .hint = OWN_CLIENT},
    {.says = "specify a valid request|a valid request and", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = "check client-id, scope and the redirect URI {redirect} in the registration, or use an app password if the provider has them: postrider login; the page refuses the request"},
    {.says = "advanced protection", .at = ENDPOINT_AT_BROWSER, .cause = "policy-sign-in", .hint = "use an app password instead (postrider login, if the provider has them), or leave Google's Advanced Protection; a policy of the account blocks this application"},
    {.number = "0", .says = "valid scope|invalid scope|unknown scope|scope is not|scope is invalid", .at = ENDPOINT_AT_BROWSER, .cause = "scope-refused", .hint = CHECK_SCOPE},
    {.number = "0", .says = "contact your admin|ask your admin|your administrator|your it department|your it admin|your organization's policy|your organisation's policy", .at = ENDPOINT_AT_BROWSER, .cause = "policy-sign-in", .hint = POLICY},

    /* consent and policies */
    {.number = "65002 700019", .cause = "client-registration", .hint = "register a client-id of your own for {account}; Microsoft lets no one else use this one"},
    {.number = "90093 90094 90095 90099 650056", .cause = "consent-due", .hint = ADMIN_CONSENT},
    {.number = "65001 65004 90008", .cause = "consent-due", .hint = CONSENT},
    {.number = "65006 650051 67003", .cause = "client-registration", .hint = PERMISSIONS},
    {.number = "50105", .cause = "policy-sign-in", .hint = ASSIGN},
    {.number = "501051-501052", .cause = "policy-sign-in", .hint = "ask the organisation's administrator to grant the application SMTP.SendAsApp of Office 365 Exchange Online; it has no role there"},
    {.number = "500021-500022 500212-500213 50015 54000 80012 90084 90123 50177-50178 50170 700003 1000031 240001", .cause = "policy-sign-in", .hint = POLICY},
    {.number = "50017 50192 220501 50127 50129 50155 50187 50097 130007-130008 135000-135999 221000", .cause = "policy-sign-in", .hint = "sign in with a certificate or device that the organisation knows, or ask its administrator: {login}"},
    {.number = "5000224-5000225", .cause = "policy-sign-in", .hint = "ask the organisation's administrator; Microsoft has blocked or closed its tenant (for inactivity, perhaps)"},
    {.number = "51000 90082", .cause = "policy-sign-in", .hint = "ask the organisation's administrator; the number of users or the feature that the sign-in needs is not enabled"},
    {.number = "53004 53010", .cause = "interaction-due", .hint = "register for multi-factor authentication at https://aka.ms/mfasetup, from a place or device that the organisation trusts, then sign in again: {login}"},
    {.number = "53000-53011 530000-530099 50131 50005 50002", .cause = "policy-sign-in", .hint = BLOCKED},
    {.number = "50086 50161 130004-130006", .cause = "interaction-due", .hint = FACTOR_ADMIN},

    /* the tenant */
    {.number = "90038 90043 90051 900381-900383 900432 1000104", .cause = "tenant-wrong", .hint = NATIONAL},
    {.number = "50194 9001023 90124 90130", .cause = "tenant-wrong", .hint = ONE_TENANT},
    {.number = "9002331 9002346", .cause = "tenant-wrong", .hint = CONSUMERS},
    {.number = "90133", .cause = "tenant-wrong", .hint = "set tenant of {account} to the organisation's domain or to organizations, or sign in with a browser: {login}; the device grant needs it"},
    {.number = "9002332", .cause = "tenant-wrong", .hint = "set tenant of {account} to the organisation's domain or GUID; the application is registered for organisations only"},
    {.number = "90002 900021-900023 90019 50049 50059 50128 50029 50050 50169", .cause = "tenant-wrong", .hint = NO_TENANT},
    {.number = "7000012 700005 50013", .cause = "tenant-wrong", .hint = ORGANISATION},
    {.number = "50020 500200-500209 90072 51004 50014 90125-90126 16000 16003 50136 51001 50143", .cause = "tenant-wrong", .hint = ANOTHER_TENANT},

    /* the client */
    {.number = "7000112", .cause = "client-unknown", .hint = "ask the organisation's administrator; the application of {account} is disabled"},
    {.number = "70001", .cause = "client-unknown", .hint = "check client-id and tenant of {account}; the tenant has no such client-id, or an administrator has disabled the application there"},
    {.number = "700011 700016 7000229 90112 900490-900491", .cause = "client-unknown", .hint = UNKNOWN_CLIENT},
    {.number = "50011 500113-500117 70004 900971 700009 90102", .cause = "client-registration", .hint = DESKTOP},
    {.number = "7000218", .cause = "client-registration", .hint = PUBLIC_CLIENT},
    {.number = "700025", .cause = "client-registration", .hint = NO_SECRET},
    {.number = "9002325-9002327", .cause = "client-registration", .hint = "move the redirect URI of the application to Mobile and desktop applications in its registration; it is no single-page application"},
    {.number = "70003 70005 70007 700051 700054", .cause = "client-registration", .hint = GRANT},
    {.number = "50003 50007 50010 50042-50043 50124 501241 50146 501461 501621 50120 75011 50168", .cause = "client-registration", .hint = "ask the organisation's administrator, who must correct the application's registration (signing key, claims, audience)"},
    {.number = "7000215-7000217 7000222", .cause = "client-secret", .hint = NEW_SECRET},
    {.number = "50032", .cause = "client-secret", .hint = "set client-key of {account} to a key of 2048 bits or more; the server refuses this one as too weak"},
    {.number = "28000 700022", .cause = "scope-refused", .hint = "set scope to the scopes of one resource only"},
    {.number = "700023", .says = "assertion", .cause = "client-secret", .hint = CHECK_KEY},
    {.number = "700027", .says = "expired", .cause = "client-secret", .hint = "create a new certificate for client-key and register it (https://entra.microsoft.com, App registrations, Certificates & secrets); this one has expired"},
    {.number = "700027 50012 700021 700026 700030 700210-700219 7000219 7000220 50006 50027 50048 50099 700028", .cause = "client-secret", .hint = CHECK_KEY},

    /* scopes */
    {.number = "650053", .cause = "scope-refused", .hint = NO_SUCH_SCOPE},
    {.number = "500011 500014 50001 650052 650054 90027", .cause = "scope-refused", .hint = "check scope of {account}, or ask an administrator; the organisation lacks the resource or has disabled it"},
    {.number = "70011 28002-28003 1002012", .at = ENDPOINT_AT_APPLICATION, .cause = "scope-refused", .hint = DEFAULT_SCOPE},
    {.number = "70011 28002-28003 650057 65005 90009 700023 901002", .cause = "scope-refused", .hint = WRONG_SCOPE},
    {.number = "900144 90014 90100", .says = "'scope'|scope parameter", .cause = "scope-refused", .hint = "use the v2.0 endpoints in the provider's authorization-url and token-url, or set scope of {account}; the server requires one"},
    {.number = "900144 90014 90100", .says = "refresh_token", .cause = "sign-in-expired", .hint = "sign in again: {login}; no refresh token was kept, which the scope offline_access asks for"},
    {.number = "900144 90014 90100", .says = "client_id|response_type|scope", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = WHOLE_LINK},
    {.number = "900144 90014 90100", .says = "client_id", .cause = "client-unknown", .hint = "set client-id of {account}; the request had none"},
    {.number = "900144 90014 90100", .says = "'code'|code parameter", .cause = "code-expired", .hint = NEW_CODE},
    {.number = "900144 90014", .says = "'client_secret'|'client_assertion'", .cause = "client-registration", .hint = PUBLIC_CLIENT},
    {.number = "900561 90056", .at = ENDPOINT_AT_BROWSER, .cause = "token-endpoint", .hint = OTHER_BROWSER},
    {.number = "900561 90056", .cause = "token-endpoint", .hint = "sign in again: {login}; if it repeats, check token-url of the provider, and whether a proxy changes requests"},

    /* the account */
    {.number = "50057 500571", .cause = "account-suspended", .hint = "ask the administrator; the account is disabled"},
    {.number = "50053", .outcome = LATER, .cause = "account-locked", .hint = "wait some minutes, then sign in again: {login}; there were too many wrong passwords, or the network's address is blocked"},
    {.number = "50034 500341 50197 81011", .cause = "user-unknown", .hint = "sign in again with another account: {login}; the organisation does not know this one"},
    {.number = "90013 90022 90101", .cause = "user-unknown", .hint = "check user of {account}; the user name must be a full address"},
    {.number = "50055 50142 50144 50135 120000-120021", .cause = "password-expired", .hint = NEW_PASSWORD},
    {.number = "50126 50056 50064", .cause = "wrong-secret", .hint = WRONG_PASSWORD},

    /* sign in again */
    {.number = "50072-50079 50158", .cause = "interaction-due", .hint = SECOND_FACTOR},
    {.number = "81000-81999 50180 51006", .cause = "interaction-due", .hint = "sign in again, in another browser or a private window: {login}; the automatic sign-in of this computer (Kerberos) failed"},
    {.number = "220450", .cause = "browser-due", .hint = "sign in with another browser: {login}; the provider doesn't accept this one"},
    {.number = "16001-16002 160021 50058 50125 50140 50199 140000-140001", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.number = "50134", .cause = "interaction-due", .hint = "sign in with a browser on this computer: {login}; the code was entered in another region of Microsoft's cloud"},
    {.number = "700084", .outcome = OVER, .cause = "sign-in-expired", .hint = "sign in again: {login}; to stay signed in, move the redirect URI in the registration to Mobile and desktop applications"},
    {.number = "54005 70002", .says = "redeemed", .cause = "code-expired", .hint = NEW_CODE},
    {.number = "50147-50149 501481 501491", .cause = "code-expired", .hint = PKCE},
    {.number = "70000 70008 54005 50089 700081-700083", .at = ENDPOINT_AT_CODE, .cause = "code-expired", .hint = NEW_CODE},
    {.error = "invalid_grant", .number = "70008 700081-700082 70043-70046 50173 50089 54005", .outcome = OVER, .cause = "sign-in-expired", .hint = EXPIRED},
    {.number = "70008 700081-700083 70043-70046 50173 50089 54005 90086 50132-50133", .cause = "sign-in-expired", .hint = EXPIRED},
    {.error = "authorization_pending", .outcome = SOON, .cause = "interaction-due", .hint = "enter the code in a browser, and sign in there"},
    {.number = "70016", .cause = "code-expired", .hint = LATE_CODE},
    {.number = "70018-70020 90119-90120", .cause = "code-expired", .hint = "start again: {login-device}; the code is wrong or has expired"},

    /* the server */
    {.number = "50196", .outcome = LATER, .cause = "too-many-sign-ins", .hint = "wait before the next attempt; the server received too many identical requests"},
    {.number = "90055 50088 50166", .outcome = SOON, .cause = "too-many-sign-ins", .hint = MANY},
    {.number = "20000-20099 40000-40099 50008 5000819 50107 90081 90085 90087", .outcome = SOON, .cause = "token-endpoint", .hint = FEDERATION},
    {.number = "80013", .cause = "clock-wrong", .hint = "ask the organisation's administrator: the clocks of its servers (password agent, Active Directory) differ"},
    {.number = "90006 90012 90024 90033 90036 90090-90092 80000-80999 230109", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.number = "50000 50033 50087 70012 51005", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.number = "1002016", .cause = "tls-obsolete", .hint = "update postrider's TLS libraries, or remove tls-priority; Microsoft requires TLS 1.2"},

    /* Microsoft's classes: a number that is not listed never ends a sign-in */
    {.error = "invalid_grant", .number = "50000-50999 500000-509999 16000-16999", .cause = "interaction-due", .hint = LOOK_UP},
    {.number = "65000-65999 650000-659999", .cause = "consent-due", .hint = "sign in again and give consent: {login}; if the page does not let you, check the permissions in the application's registration, or ask an administrator to consent"},
    {.error = "invalid_grant", .number = "1-", .at = ENDPOINT_AT_CODE, .cause = "code-expired", .hint = NEW_CODE},
    {.error = "invalid_grant", .number = "1-", .cause = "sign-in-expired", .hint = LOOK_UP},
    {.error = "invalid_client", .number = "1-", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = "check client-id, permissions and redirect URI of the application's registration; https://login.microsoftonline.com/error?code={number} describes this error"},
    {.error = "unauthorized_client", .number = "1-", .cause = "client-registration", .hint = "check client-id, tenant and the application's registration; https://login.microsoftonline.com/error?code={number} describes this error"},
    {.number = "1-", .at = ENDPOINT_AT_BROWSER, .cause = "token-endpoint", .hint = "check tenant and client-id of {account}, then sign in again: {login}; https://login.microsoftonline.com/error?code={number} describes this error"},
    {.error = "invalid_request", .number = "1-", .cause = "token-endpoint", .hint = "check tenant, client-id and scope of {account}; https://login.microsoftonline.com/error?code={number} describes this error"},

    /* error codes: RFC 6749, RFC 8628, OpenID Connect, RFC 8707, RFC 9449 */
    {.number = "0", .says = "internal error|internal server error|unexpected error|backend error|temporarily unavailable|service unavailable|under maintenance|try again later", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "invalid_grant", .says = "bad request", .at = ENDPOINT_AT_RENEWAL, .outcome = OVER, .cause = "sign-in-expired", .hint = PUBLISH},
    {.error = "invalid_grant", .at = ENDPOINT_AT_RENEWAL, .from = "gmail|google", .outcome = OVER, .cause = "sign-in-expired", .hint = PUBLISH},
    {.error = "invalid_grant", .at = ENDPOINT_AT_CODE, .cause = "code-expired", .hint = NEW_CODE_OR_URI},
    {.error = "invalid_grant", .at = ENDPOINT_AT_DEVICE, .cause = "code-expired", .hint = "start again: {login-device}; the code is wrong, expired or was used already"},
    {.error = "invalid_grant", .at = ENDPOINT_AT_APPLICATION, .cause = "client-secret", .hint = "check client-id and client-key of {account}, and this computer's clock; the server does not accept the application's assertion or grant"},
    {.error = "invalid_grant", .outcome = OVER, .cause = "sign-in-expired", .hint = SIGN_IN_AGAIN},
    {.error = "interaction_required", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "login_required", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "account_selection_required", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "insufficient_user_authentication", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "unmet_authentication_requirements", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "invalid_token", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "user_logged_out", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "reauth_required", .cause = "interaction-due", .hint = SIGN_IN_AGAIN},
    {.error = "mfa_required", .cause = "interaction-due", .hint = SECOND_FACTOR},
    {.error = "consent_required", .cause = "consent-due", .hint = CONSENT},
    {.error = "expired_token", .at = ENDPOINT_AT_BROWSER | ENDPOINT_AT_CODE, .cause = "code-expired", .hint = NEW_CODE},
    {.error = "code_expired", .at = ENDPOINT_AT_BROWSER | ENDPOINT_AT_CODE, .cause = "code-expired", .hint = NEW_CODE},
    {.error = "bad_verification_code", .at = ENDPOINT_AT_BROWSER | ENDPOINT_AT_CODE, .cause = "code-expired", .hint = NEW_CODE},
    {.error = "expired_token", .cause = "code-expired", .hint = LATE_CODE},
    {.error = "code_expired", .cause = "code-expired", .hint = LATE_CODE},
    {.error = "bad_verification_code", .cause = "code-expired", .hint = LATE_CODE},
    {.error = "incorrect_device_code", .cause = "code-expired", .hint = LATE_CODE},
    {.error = "invalid_code", .cause = "code-expired", .hint = NEW_CODE},
    {.error = "invalid_authorization_code", .cause = "code-expired", .hint = NEW_CODE},
    {.error = "access_denied", .says = "verification|403", .at = ENDPOINT_AT_BROWSER, .from = "gmail|google", .cause = "client-registration", .hint = TESTER},
    {.error = "access_denied", .at = ENDPOINT_AT_APPLICATION, .cause = "consent-due", .hint = ADMIN_CONSENT},
    {.error = "access_denied", .at = ENDPOINT_AT_RENEWAL, .cause = "policy-sign-in", .hint = "sign in again: {login}; if that is refused, too, ask an administrator: the permission was withdrawn, or a policy forbids it"},
    {.error = "access_denied", .at = ENDPOINT_AT_DEVICE, .cause = "declined", .hint = "to allow it, start again: {login-device}; it was declined on the other device, or the server refuses this client-id or account"},
    {.error = "access_denied", .cause = "declined", .hint = DECLINED},
    {.error = "authorization_declined", .says = "verification|403", .at = ENDPOINT_AT_BROWSER, .from = "gmail|google", .cause = "client-registration", .hint = TESTER},
    {.error = "authorization_declined", .at = ENDPOINT_AT_APPLICATION, .cause = "consent-due", .hint = ADMIN_CONSENT},
    {.error = "authorization_declined", .at = ENDPOINT_AT_RENEWAL, .cause = "policy-sign-in", .hint = "sign in again: {login}; if that is refused, too, ask an administrator: the permission was withdrawn, or a policy forbids it"},
    {.error = "authorization_declined", .at = ENDPOINT_AT_DEVICE, .cause = "declined", .hint = "to allow it, start again: {login-device}; it was declined on the other device, or the server refuses this client-id or account"},
    {.error = "authorization_declined", .cause = "declined", .hint = DECLINED},
    {.says = "unknown client, no client authentication|unsupported authentication method|no client credentials", .cause = "client-secret", .hint = "check client-id and client-secret of {account}, and that its registration accepts a client secret; the server knows only that the client did not authenticate"},
    {.says = "client_assertion_type|client_assertion|client assertion|private_key_jwt|authentication method|client_secret_basic|client_secret_post|client_secret_jwt", .cause = "client-registration", .hint = OTHER_METHOD},
    {.says = "determine client id|client id cannot be empty|missing client_id|missing required parameter: client_id|client_id is required|client_id is missing|missing parameter: client_id|no client_id|client_id parameter is required", .cause = "client-unknown", .hint = "set client-id of {account} (and client-secret, if it has one); the server could not read any in the request"},
    {.says = "client id does not exist|client id", .from = "zoho", .cause = "client-unknown", .hint = "check client-id of {account}; if it is right, it is registered in another data centre of Zoho: use the provider or endpoints of that one, such as accounts.zoho.eu or accounts.zoho.in"},
    {.error = "invalid_client", .at = ENDPOINT_AT_BROWSER, .from = "zoho", .cause = "client-unknown", .hint = "check client-id of {account}; if it is right, it is registered in another data centre of Zoho: use the provider or endpoints of that one, such as accounts.zoho.eu or accounts.zoho.in"},
    {.error = "invalid_client", .from = "zoho", .cause = "client-secret", .hint = DATA_CENTRE},
    {.says = "client was not found|valid client and|specify a valid client|с таким client_id|client not found|no such client|unknown client|unknown_client|missing a project id|invalid client id|invalid client_id|client_id is invalid|client does not exist|client id does not exist|no client with|application not found|unknown application|not a registered client|valid client_id|'client_id' parameter|application does not exist|no application", .from = "gmail|google", .cause = "client-unknown", .hint = NO_GOOGLE_CLIENT},
    {.says = "client was not found|valid client and|specify a valid client|с таким client_id|client not found|no such client|unknown client|unknown_client|missing a project id|invalid client id|invalid client_id|client_id is invalid|client does not exist|client id does not exist|no client with|application not found|unknown application|not a registered client|valid client_id|'client_id' parameter|application does not exist|no application", .cause = "client-unknown", .hint = NO_CLIENT},
    {.error = "invalid_client", .at = ENDPOINT_AT_BROWSER, .from = "gmail|google", .cause = "client-unknown", .hint = NO_GOOGLE_CLIENT},
    {.error = "invalid_client", .at = ENDPOINT_AT_BROWSER, .cause = "client-unknown", .hint = NO_CLIENT},
    {.error = "invalid_client", .client = ENDPOINT_CLIENT_PUBLIC, .cause = "client-secret", .hint = "check client-id of {account}, and set client-secret if its registration has one; the server does not accept the client"},
    {.error = "invalid_client", .client = ENDPOINT_CLIENT_KEY, .cause = "client-secret", .hint = CHECK_KEY},
    {.error = "invalid_client", .cause = "client-secret", .hint = CHECK_CLIENT},
    {.error = "unauthorized_client", .says = "secret|credentials", .cause = "client-secret", .hint = CHECK_CLIENT},
    {.error = "unauthorized_client", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = "check client-id of {account}; its registration must allow the code grant and the redirect URI {redirect}"},
    {.error = "unauthorized_client", .at = ENDPOINT_AT_DEVICE, .cause = "client-registration", .hint = "enable the device code grant in the registration of client-id, or sign in with a browser: {login}"},
    {.error = "device_flow_disabled", .at = ENDPOINT_AT_DEVICE, .cause = "client-registration", .hint = "enable the device code grant in the registration of client-id, or sign in with a browser: {login}"},
    {.error = "unauthorized_client", .at = ENDPOINT_AT_APPLICATION, .cause = "client-registration", .hint = "enable the client credentials grant in the registration of client-id, or permit its scopes there; the server doesn't allow it to {account}"},
    {.error = "unauthorized_client", .at = ENDPOINT_AT_RENEWAL, .cause = "client-registration", .hint = "sign in again: {login}; the sign-in was made with another client-id, or the registration doesn't let it be renewed (check client-id, client-secret and grant of {account})"},
    {.error = "unauthorized_client", .cause = "client-registration", .hint = "check client-id, client-secret and grant of {account}, then run {login}; the registration doesn't allow this, or the sign-in was made with another client-id"},
    {.error = "unsupported_grant_type", .at = ENDPOINT_AT_DEVICE, .cause = "client-registration", .hint = BROWSER},
    {.error = "unsupported_grant_type", .at = ENDPOINT_AT_RENEWAL, .cause = "client-registration", .hint = "sign in again: {login}; the registration of client-id must allow refresh tokens (grant type refresh_token)"},
    {.error = "unsupported_grant_type", .cause = "client-registration", .hint = GRANT},
    {.error = "invalid_grant_type", .cause = "client-registration", .hint = GRANT},
    {.error = "unsupported_response_type", .cause = "client-registration", .hint = GRANT},
    {.error = "request_not_supported", .cause = "client-registration", .hint = GRANT},
    {.error = "request_uri_not_supported", .cause = "client-registration", .hint = GRANT},
    {.error = "unsupported_response_mode", .cause = "client-registration", .hint = GRANT},
    {.error = "invalid_dpop_proof", .cause = "client-registration", .hint = "turn off DPoP in the registration of client-id, if the server lets you; postrider sends plain bearer tokens"},
    {.error = "use_dpop_nonce", .cause = "client-registration", .hint = "turn off DPoP in the registration of client-id, if the server lets you; postrider sends plain bearer tokens"},
    {.error = "redirect_uri_mismatch", .cause = "client-registration", .hint = "register another client-id for {account}, of the type Desktop app; this one doesn't allow the redirect URI {redirect}"},
    {.error = "invalid_redirect_uri", .cause = "client-registration", .hint = REDIRECT},
    {.error = "invalid_scope", .says = "offline_access|offline tokens", .cause = "scope-refused", .hint = "remove offline_access from scope of {account}, or let the registration of client-id have it"},
    {.error = "invalid_scope", .says = "device flow", .at = ENDPOINT_AT_DEVICE, .cause = "scope-refused", .hint = BROWSER},
    {.error = "invalid_scope", .at = ENDPOINT_AT_DEVICE, .cause = "scope-refused", .hint = "check scope of {account}, or sign in with a browser: {login}; the server does not grant it to devices"},
    {.error = "invalid_scope", .at = ENDPOINT_AT_RENEWAL, .cause = "scope-refused", .hint = "sign in again: {login}; the sign-in was for other scopes, or the registration no longer allows scope of {account}"},
    {.error = "invalid_scope", .cause = "scope-refused", .hint = CHECK_SCOPE},
    {.error = "insufficient_scope", .cause = "scope-refused", .hint = CHECK_SCOPE},
    {.error = "invalid_oauthscope", .cause = "scope-refused", .hint = CHECK_SCOPE},
    {.error = "oauth_scope_mismatch", .cause = "scope-refused", .hint = CHECK_SCOPE},
    {.error = "invalid_authorization_details", .cause = "scope-refused", .hint = CHECK_SCOPE},
    {.error = "invalid_target", .cause = "scope-refused", .hint = "check scope of {account}; there is no such resource"},
    {.error = "invalid_resource", .cause = "scope-refused", .hint = "check scope of {account}; there is no such resource"},
    {.error = "invalid_tenant", .cause = "tenant-wrong", .hint = NO_TENANT},

    /* Google, Yahoo, Yandex, Zoho, GitHub's kind */
    {.error = "admin_policy_enforced", .cause = "policy-sign-in", .hint = WORKSPACE},
    {.error = "access_not_configured", .cause = "policy-sign-in", .hint = WORKSPACE},
    {.error = "policy_enforced", .cause = "policy-sign-in", .hint = "use an app password instead (postrider login, if the provider has them), or leave Google's Advanced Protection; a policy of the account blocks this application"},
    {.error = "app_not_configured_for_user", .cause = "policy-sign-in", .hint = "ask an administrator of the organisation to turn the service on for {user}: https://admin.google.com, Apps, Additional services"},
    {.error = "org_internal", .cause = "client-registration", .hint = "sign in with an account of the organisation that owns client-id, or set the audience of the application to External"},
    {.error = "restricted_client", .cause = "client-registration", .hint = OWN_CLIENT},
    {.error = "origin_mismatch", .cause = "client-registration", .hint = OWN_CLIENT},
    {.error = "disallowed_useragent", .cause = "browser-due", .hint = "sign in with another browser: {login-paste}; the provider doesn't accept this one"},
    {.error = "disabled_client", .cause = "client-unknown", .hint = "register another client; this one was disabled"},
    {.error = "deleted_client", .cause = "client-unknown", .hint = "register another client; this one was deleted"},
    {.error = "invalid_input", .cause = "token-endpoint", .hint = "sign in again: {login}; if it repeats, check client-id, client-secret and the endpoint URLs of the provider, which does not understand the request"},
    {.error = "invalid_argument", .cause = "token-endpoint", .hint = "sign in again: {login}; if it repeats, check client-id, client-secret and the endpoint URLs of the provider, which does not understand the request"},
    {.error = "permission_denied", .cause = "policy-sign-in", .hint = "try another network or ask the provider; it refuses this client or account"},
    {.error = "incorrect_client_credentials", .cause = "client-secret", .hint = CHECK_CLIENT},
    {.error = "invalid_client_secret", .cause = "client-secret", .hint = CHECK_CLIENT},
    {.error = "invalid_client_credentials", .cause = "client-secret", .hint = CHECK_CLIENT},
    {.error = "invalid_client_id", .cause = "client-unknown", .hint = NO_CLIENT},
    {.error = "application_suspended", .cause = "client-unknown", .hint = NO_CLIENT},
    {.error = "invalid_refresh_token", .cause = "sign-in-expired", .hint = SIGN_IN_AGAIN},
    {.error = "slow_down", .outcome = SOON, .cause = "too-many-sign-ins", .hint = MANY},
    {.error = "rate_limit_exceeded", .outcome = SOON, .cause = "too-many-sign-ins", .hint = MANY},
    {.error = "rate_limited", .outcome = SOON, .cause = "too-many-sign-ins", .hint = MANY},
    {.error = "too_many_requests", .outcome = SOON, .cause = "too-many-sign-ins", .hint = MANY},
    {.error = "resource_exhausted", .outcome = SOON, .cause = "too-many-sign-ins", .hint = MANY},
    {.error = "quota_exceeded", .outcome = SOON, .cause = "too-many-sign-ins", .hint = MANY},
    {.error = "temporarily_unavailable", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "server_error", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "internal_failure", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "backend_error", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "internal_error", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "general_error", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "service_unavailable", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "unavailable", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "internal", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "internal_server_error", .outcome = SOON, .cause = "token-endpoint", .hint = BUSY},
    {.error = "invalid_request", .says = "refresh_token|refresh token", .cause = "sign-in-expired", .hint = "sign in again: {login}; the refresh token is missing or wrong"},
    {.error = "invalid_request", .says = "client_secret|client secret", .cause = "client-secret", .hint = CHECK_CLIENT},
    {.error = "invalid_request", .says = "client_id|client id", .cause = "client-unknown", .hint = "check client-id of {account}; the server does not accept it"},
    {.error = "invalid_request", .says = "scope", .cause = "scope-refused", .hint = CHECK_SCOPE},
    {.error = "invalid_request", .at = ENDPOINT_AT_BROWSER, .cause = "client-registration", .hint = "sign in again: {login}; if it repeats, check client-id, scope and the redirect URI {redirect} in the registration, since the page refuses the request"},
    {.number = "0", .says = "refresh token|refresh_token|token expired|token has expired|token is expired|token revoked|token invalid|invalid token", .at = ENDPOINT_AT_RENEWAL, .cause = "sign-in-expired", .hint = SIGN_IN_AGAIN},
    {.error = "invalid_request", .cause = "token-endpoint", .hint = "sign in again: {login}; if it repeats, check provider, tenant and client-id, since the token endpoint does not understand the request"},
    {.cause = NULL},
};
/* clang-format on */
