/* SPDX-License-Identifier: MIT */
/*
 * Converts domain names with libidn2 and checks their syntax. Makes no DNS
 * queries.
 */
#include "message/domain.h"

#include <idn2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	DOMAIN_MAX = 253, /* RFC 1035 2.3.4, as text */
	LABEL_MAX = 63
};

static char *domain_to_a_labels(const char *domain, struct error *err);
static const char *domain_find_fault(const char *domain);
static bool is_literal(const char *domain);
static bool is_name_character(char c);

char *
domain_to_ascii(const char *domain, struct error *err)
{
	size_t len = strlen(domain);
	char *ascii = text_has_8bit(domain, len)
	    ? domain_to_a_labels(domain, err)
	    : text_copy(domain, len);
	const char *fault;

	if (ascii == NULL) {
		if (!text_has_8bit(domain, len))
			error_no_memory(err);
		return NULL;
	}
	len = strlen(ascii);
	if (len > 1 && ascii[len - 1] == '.')
		ascii[len - 1] = '\0';
	fault = domain_find_fault(ascii);
	if (fault != NULL) {
		error_set(err, ERROR_DATA, "domain \"%.255s\": %s", domain,
		    fault);
		free(ascii);
		return NULL;
	}
	return ascii;
}

bool
domain_is_local(const char *domain)
{
	static const char *const ends[] = {".localdomain", ".local", ".lan",
	    ".home", ".home.arpa", ".internal", ".invalid"};
	size_t len = strlen(domain);

	if (*domain == '[')
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t end_len = strlen(ends[i]);

		if (len > end_len &&
		    text_equals(domain + len - end_len, ends[i]))
			return true;
	}
	return strchr(domain, '.') == NULL;
}

static char *
domain_to_a_labels(const char *domain, struct error *err)
{
	char *converted;
	char *copy;
	int code = idn2_to_ascii_8z(domain, &converted, IDN2_NONTRANSITIONAL);

	if (code == IDN2_MALLOC) {
		error_no_memory(err);
		return NULL;
	}
	if (code != IDN2_OK) {
		error_set(err, ERROR_DATA, "domain \"%.255s\": %s", domain,
		    idn2_strerror(code));
		return NULL;
	}
	copy = strdup(converted);
	idn2_free(converted);
	if (copy == NULL)
		error_no_memory(err);
	return copy;
}

static const char *
domain_find_fault(const char *domain)
{
	size_t label_len = 0;

	if (is_literal(domain))
		return NULL;
	if (strlen(domain) > DOMAIN_MAX)
		return "longer than 253 bytes";
	for (const char *at = domain;; at++) {
		if (*at == '.' || *at == '\0') {
			if (label_len == 0)
				return "empty label";
			if (label_len > LABEL_MAX)
				return "label longer than 63 bytes";
			if (*at == '\0')
				return NULL;
			label_len = 0;
		} else if (is_name_character(*at)) {
			label_len++;
		} else {
			return "invalid character";
		}
	}
}

/* RFC 5321 section 4.1.3, but only checked for unsafe characters; the server
 * checks the rest. */
static bool
is_literal(const char *domain)
{
	size_t len = strlen(domain);

	if (len < 3 || domain[0] != '[' || domain[len - 1] != ']')
		return false;
	for (size_t i = 1; i < len - 1; i++) {
		if (domain[i] <= ' ' || domain[i] >= 0x7F ||
		    strchr("[]\\<>", domain[i]) != NULL)
			return false;
	}
	return true;
}

/* Host names have no underscore, but some mail domains do. */
static bool
is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}
