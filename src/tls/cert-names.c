/* SPDX-License-Identifier: MIT */
/*
 * Matches host names with certificates. The check of GnuTLS is not used because
 * it falls back to the common name and accepts an address in a dNSName (3.7.9).
 */
#include "tls/cert-names.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	NAME_MAX_LEN = 256,
	LISTED_MAX = 3
};

static bool is_host_name(const char *name);
static bool match_address(unsigned type, const char *name, size_t name_len,
    const unsigned char *address, size_t address_len);
static size_t parse_address(const char *host, unsigned char out[16]);

bool
cert_names_match(gnutls_x509_crt_t certificate, const char *host)
{
	unsigned char address[16];
	size_t address_len = parse_address(host, address);

	for (unsigned i = 0;; i++) {
		char name[NAME_MAX_LEN + 1] = "";
		size_t name_len = NAME_MAX_LEN;
		unsigned type = 0;
		int result = gnutls_x509_crt_get_subject_alt_name2(certificate,
		    i, name, &name_len, &type, NULL);

		if (result == GNUTLS_E_SHORT_MEMORY_BUFFER)
			continue; /* no host name is that long */
		if (result < 0)
			return false;
		if (address_len > 0) {
			if (match_address(type, name, name_len, address,
				address_len))
				return true;
		} else if (type == GNUTLS_SAN_DNSNAME &&
		    strlen(name) == name_len &&
		    cert_names_match_dns(name, host)) {
			return true;
		}
	}
}

bool
cert_names_match_dns(const char *pattern, const char *host)
{
	const char *parent;

	if (strchr(pattern, '*') == NULL)
		return text_equals(pattern, host);
	if (pattern[0] != '*' || pattern[1] != '.' ||
	    strchr(pattern + 1, '*') != NULL)
		return false;
	parent = strchr(host, '.');
	return parent != NULL && parent > host &&
	    strchr(pattern + 2, '.') != NULL &&
	    text_equals(pattern + 1, parent);
}

void
cert_names_list(gnutls_x509_crt_t certificate, char *out, size_t size)
{
	size_t used = 0;
	unsigned listed = 0;

	out[0] = '\0';
	for (unsigned i = 0; listed < LISTED_MAX; i++) {
		char name[NAME_MAX_LEN + 1] = "";
		size_t name_len = NAME_MAX_LEN;
		unsigned type = 0;
		int result = gnutls_x509_crt_get_subject_alt_name2(certificate,
		    i, name, &name_len, &type, NULL);

		if (result < 0 && result != GNUTLS_E_SHORT_MEMORY_BUFFER)
			return;
		if (result < 0 || type != GNUTLS_SAN_DNSNAME ||
		    !is_host_name(name) || used + name_len + 3 > size)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s%s",
		    listed > 0 ? ", " : "", name);
		listed++;
	}
}

/* A name, or a pattern of names. */
static bool
is_host_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-._*";

	return *name != '\0' && name[strspn(name, allowed)] == '\0';
}

bool
cert_names_is_address(const char *host)
{
	unsigned char address[16];

	return parse_address(host, address) > 0;
}

static bool
match_address(unsigned type, const char *name, size_t name_len,
    const unsigned char *address, size_t address_len)
{
	return type == GNUTLS_SAN_IPADDRESS && name_len == address_len &&
	    memcmp(name, address, address_len) == 0;
}

/* The length of the address that host is, or 0 when it is a name. */
static size_t
parse_address(const char *host, unsigned char out[16])
{
	if (inet_pton(AF_INET, host, out) == 1)
		return 4;
	if (inet_pton(AF_INET6, host, out) == 1)
		return 16;
	return 0;
}
