/* SPDX-License-Identifier: MIT */
/*
 * Encodes and decodes forms. All characters except the unreserved ones of RFC
 * 3986 are written as %XX, a space too: every parser accepts that form.
 */
#include "https/form.h"

#include <string.h>

static int form_add_pair(struct secret *form, const char *name,
    const char *value, size_t value_len, struct error *err);
static int form_add_encoded(struct secret *form, const char *bytes, size_t len,
    struct error *err);
static bool form_is_unreserved(unsigned char c);
static size_t form_decode_byte(const char *at, size_t left,
    unsigned char *ret_byte);
static int form_hex_digit(char c);

int
form_add(struct secret *form, const char *name, const char *value,
    struct error *err)
{
	return form_add_pair(form, name, value, strlen(value), err);
}

int
form_add_secret(struct secret *form, const char *name,
    const struct secret *value, struct error *err)
{
	return form_add_pair(form, name, secret_bytes(value), secret_len(value),
	    err);
}

int
form_add_value(struct secret *form, const char *value, struct error *err)
{
	return form_add_encoded(form, value, strlen(value), err);
}

bool
form_next(const char **at, size_t *left, struct form_pair *ret_pair)
{
	const char *end;
	const char *equals;
	size_t len;

	while (*left > 0 && **at == '&') {
		++*at;
		--*left;
	}
	if (*left == 0)
		return false;
	end = memchr(*at, '&', *left);
	len = end == NULL ? *left : (size_t)(end - *at);
	equals = memchr(*at, '=', len);
	*ret_pair = (struct form_pair){.name = *at,
	    .name_len = len,
	    .value = *at + len};
	if (equals != NULL) {
		ret_pair->name_len = (size_t)(equals - *at);
		ret_pair->value = equals + 1;
		ret_pair->value_len = len - ret_pair->name_len - 1;
	}
	*at += len;
	*left -= len;
	return true;
}

bool
form_pair_is(const struct form_pair *pair, const char *name)
{
	const char *at = pair->name;
	size_t left = pair->name_len;

	while (left > 0 && *name != '\0') {
		unsigned char byte;
		size_t used = form_decode_byte(at, left, &byte);

		if (used == 0 || byte != (unsigned char)*name)
			return false;
		at += used;
		left -= used;
		name++;
	}
	return left == 0 && *name == '\0';
}

int
form_pair_decode(const struct form_pair *pair, struct secret *out,
    struct error *err)
{
	const char *at = pair->value;
	size_t left = pair->value_len;
	unsigned char byte = 0;
	int result = 0;

	while (left > 0 && result == 0) {
		size_t used = form_decode_byte(at, left, &byte);

		result = used == 0
		    ? error_set(err, ERROR_DATA,
			  "a \"%%\" isn't followed by two hexadecimal digits")
		    : secret_add(out, &byte, 1, err);
		at += used;
		left -= used;
	}
	secret_wipe(&byte, sizeof byte);
	return result;
}

static int
form_add_pair(struct secret *form, const char *name, const char *value,
    size_t value_len, struct error *err)
{
	if (secret_len(form) > 0 && secret_add_text(form, "&", err) == -1)
		return -1;
	if (form_add_encoded(form, name, strlen(name), err) == -1 ||
	    secret_add_text(form, "=", err) == -1)
		return -1;
	return form_add_encoded(form, value, value_len, err);
}

static int
form_add_encoded(struct secret *form, const char *bytes, size_t len,
    struct error *err)
{
	static const char digits[] = "0123456789ABCDEF";
	int result = 0;

	for (size_t i = 0; i < len && result == 0; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		char text[3] = {'%', digits[byte >> 4], digits[byte & 15]};

		result = form_is_unreserved(byte)
		    ? secret_add(form, &byte, 1, err)
		    : secret_add(form, text, 3, err);
	}
	return result;
}

static bool
form_is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

/* Decodes the first byte at at. Returns how many characters encode it, or 0 if
 * they are not a valid encoding. */
static size_t
form_decode_byte(const char *at, size_t left, unsigned char *ret_byte)
{
	int high;
	int low;

	if (*at != '%') {
		*ret_byte = *at == '+' ? ' ' : (unsigned char)*at;
		return 1;
	}
	if (left < 3)
		return 0;
	high = form_hex_digit(at[1]);
	low = form_hex_digit(at[2]);
	if (high == -1 || low == -1)
		return 0;
	*ret_byte = (unsigned char)(high << 4 | low);
	return 3;
}

static int
form_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}
