/* SPDX-License-Identifier: MIT */
/*
 * Says what follows from DNS records and from addresses that don't answer.
 */
#include "cli/check-network.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "cli/check-client.h"
#include "cli/check-mend.h"

/* RFC 6724 section 2.1, in the syntax of glibc. */
static const char prefer_ipv4[] =
    "echo 'precedence ::ffff:0:0/96 100' | sudo tee -a /etc/gai.conf";

static void advise_on_server_records(struct check_advice *advice,
    const struct check_dns *dns);
static void advise_on_sender(struct check_advice *advice,
    const struct account *account, const struct check_dns *dns);
static void advise_on_missing_mx(struct check_advice *advice,
    const char *address, const struct check_record *mx,
    const struct check_record *implicit);
static void advise_on_client(struct check_advice *advice,
    const struct account *account, const struct check_dns *dns);
static void advise_on_ehlo_name(struct check_advice *advice,
    const struct account *account, const struct check_dns *dns,
    const struct check_record *ptr);
static const struct check_record *find_record(const struct check_dns *dns,
    enum check_record_purpose purpose, const char *type);
static bool is_missing(const struct check_record *record);
static const struct check_address *
find_address(const struct check_addresses *addresses, bool is_ipv6,
    int failure);

void
check_dns_advise(struct check_advice *advice, const struct account *account,
    const struct check_dns *dns, bool has_name)
{
	size_t answered = 0;

	for (size_t i = 0; i < dns->count; i++)
		answered += dns->record[i].state != CHECK_RECORD_NO_ANSWER;
	if (answered == 0 && dns->count > 0) {
		check_advice_add(advice, false, NULL,
		    "the name servers in /etc/resolv.conf do not answer, so "
		    "DNS records were not checked");
		return;
	}
	if (has_name)
		advise_on_server_records(advice, dns);
	advise_on_sender(advice, account, dns);
	advise_on_client(advice, account, dns);
}

void
check_addresses_advise(struct check_advice *advice,
    const struct check_addresses *addresses)
{
	const struct check_address *v6 =
	    find_address(addresses, true, ETIMEDOUT);
	const struct check_address *v4 =
	    find_address(addresses, false, ETIMEDOUT);
	bool has_v6 = find_address(addresses, true, 0) != NULL;
	bool has_v4 = find_address(addresses, false, 0) != NULL;

	if (v6 != NULL && !has_v6 && has_v4)
		check_advice_add(advice, true, prefer_ipv4,
		    "IPv6 does not work between here and the server: %s does "
		    "not answer, which delays each connection by 0.25 s; "
		    "repair it, or prefer IPv4",
		    v6->text);
	else if (v6 != NULL && has_v6)
		check_advice_add(advice, true, NULL,
		    "%s does not answer; another address is used", v6->text);
	if (v4 != NULL && (has_v4 || has_v6))
		check_advice_add(advice, true, NULL,
		    "%s does not answer; another address is used", v4->text);
}

static void
advise_on_server_records(struct check_advice *advice,
    const struct check_dns *dns)
{
	const struct check_record *v4 =
	    find_record(dns, CHECK_RECORD_SERVER, "A");
	const struct check_record *v6 =
	    find_record(dns, CHECK_RECORD_SERVER, "AAAA");

	if (is_missing(v4) && is_missing(v6))
		check_advice_add(advice, false, NULL,
		    "%s is not in DNS; only /etc/hosts or a local service "
		    "knows it",
		    v4->name);
}

static void
advise_on_sender(struct check_advice *advice, const struct account *account,
    const struct check_dns *dns)
{
	const char *address = account_address(account);
	const struct check_record *mx =
	    find_record(dns, CHECK_RECORD_SENDER, "MX");
	const struct check_record *implicit =
	    find_record(dns, CHECK_RECORD_SENDER, "A");

	if (mx == NULL || address == NULL)
		return;
	if (is_missing(mx))
		advise_on_missing_mx(advice, address, mx, implicit);
	else if (mx->count == 1 &&
	    (mx->value[0][0] == '\0' || strcmp(mx->value[0], ".") == 0))
		check_advice_add(advice, false, NULL,
		    "%s receives no mail (its MX record is \".\"): replies to "
		    "%s are lost, and servers may refuse it as the sender; set "
		    "from to another address",
		    mx->name, address);
}

static void
advise_on_missing_mx(struct check_advice *advice, const char *address,
    const struct check_record *mx, const struct check_record *implicit)
{
	if (mx->state == CHECK_RECORD_NO_NAME)
		check_advice_add(advice, false, NULL,
		    "the domain %s does not exist: replies to %s are lost, and "
		    "servers may refuse it as the sender; check the spelling "
		    "of from",
		    mx->name, address);
	else if (implicit != NULL && implicit->state == CHECK_RECORD_FOUND)
		check_advice_add(advice, false, NULL,
		    "%s has no MX record: replies to %s go to its address, %s, "
		    "which may not take mail",
		    mx->name, address, implicit->value[0]);
	else
		check_advice_add(advice, false, NULL,
		    "%s has no MX record: replies to %s are lost, and servers "
		    "may refuse it as the sender",
		    mx->name, address);
}

static void
advise_on_client(struct check_advice *advice, const struct account *account,
    const struct check_dns *dns)
{
	const struct check_record *ptr =
	    find_record(dns, CHECK_RECORD_CLIENT, "PTR");

	if (is_missing(ptr))
		check_advice_add(advice, true, NULL,
		    "%s, the address of this host, has no PTR record: servers "
		    "that take mail without a sign-in often refuse it; ask the "
		    "operator of the network for a record, or sign in",
		    ptr->address);
	advise_on_ehlo_name(advice, account, dns, ptr);
}

static void
advise_on_ehlo_name(struct check_advice *advice, const struct account *account,
    const struct check_dns *dns, const struct check_record *ptr)
{
	const struct check_record *v4 =
	    find_record(dns, CHECK_RECORD_CLIENT, "A");
	const struct check_record *v6 =
	    find_record(dns, CHECK_RECORD_CLIENT, "AAAA");
	bool has_name = ptr != NULL && ptr->state == CHECK_RECORD_FOUND;
	char command[CHECK_COMMAND_SIZE];

	check_mend_setting(account, "domain",
	    has_name ? ptr->value[0] : "mail.example.org", command);
	if (is_missing(v4) && is_missing(v6))
		check_advice_add(advice, true, command,
		    "%s, the name that EHLO gives, is not in DNS: servers that "
		    "take mail without a sign-in often refuse it; set domain "
		    "to a name that is",
		    v4->name);
	else if (v4 != NULL && has_name &&
	    !text_equals(v4->name, ptr->value[0]))
		check_advice_add(advice, false, command,
		    "EHLO gives the name %s, but %s belongs to %s; some "
		    "servers compare them",
		    v4->name, ptr->address, ptr->value[0]);
}

static const struct check_record *
find_record(const struct check_dns *dns, enum check_record_purpose purpose,
    const char *type)
{
	for (size_t i = 0; i < dns->count; i++) {
		if (dns->record[i].purpose == purpose &&
		    strcmp(dns->record[i].type, type) == 0)
			return &dns->record[i];
	}
	return NULL;
}

static bool
is_missing(const struct check_record *record)
{
	return record != NULL &&
	    (record->state == CHECK_RECORD_NONE ||
		record->state == CHECK_RECORD_NO_NAME);
}

static const struct check_address *
find_address(const struct check_addresses *addresses, bool is_ipv6, int failure)
{
	for (size_t i = 0; i < addresses->count; i++) {
		const struct check_address *address = &addresses->address[i];

		if (address->is_ipv6 == is_ipv6 && address->failure == failure)
			return address;
	}
	return NULL;
}
