/* SPDX-License-Identifier: MIT */
/*
 * Removes pin-source from a "pkcs11:" URI and reads the PIN.
 */
#include "tls/pkcs11-uri.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static const char attribute[] = "pin-source=";

static int pkcs11_decode_path(const char *encoded, size_t len,
    char path[PATH_MAX], struct error *err);
static int pkcs11_refuse_pin_source(struct error *err);
static int hex_value(char digit);
static int pkcs11_read_pin(const char *source, struct secret *pin,
    struct error *err);

bool
pkcs11_uri_is(const char *name)
{
	return text_has_prefix(name, "pkcs11:");
}

int
pkcs11_uri_init(struct pkcs11_uri *pkcs11, const char *name, struct error *err)
{
	const char *found = strstr(name, attribute);
	const char *value;
	size_t value_len;
	char source[PATH_MAX];

	*pkcs11 = (struct pkcs11_uri){.uri = secret_new(err)};
	if (pkcs11->uri == NULL)
		return -1;
	if (found == NULL)
		return secret_add_text(pkcs11->uri, name, err);
	value = found + strlen(attribute);
	value_len = strcspn(value, "&;");
	pkcs11->pin = secret_new(err);
	if (pkcs11->pin == NULL ||
	    pkcs11_decode_path(value, value_len, source, err) == -1 ||
	    pkcs11_read_pin(source, pkcs11->pin, err) == -1)
		return -1;
	/* Keep one separator between the attributes around it. */
	value += value_len;
	if (*value != '\0')
		value++;
	if (secret_add(pkcs11->uri, name, (size_t)(found - name), err) == -1)
		return -1;
	return secret_add_text(pkcs11->uri, value, err);
}

void
pkcs11_uri_done(struct pkcs11_uri *pkcs11)
{
	secret_free(pkcs11->uri);
	secret_free(pkcs11->pin);
	*pkcs11 = (struct pkcs11_uri){.uri = NULL};
}

static int
pkcs11_decode_path(const char *encoded, size_t len, char path[PATH_MAX],
    struct error *err)
{
	size_t used = 0;

	path[0] = '\0';
	for (size_t i = 0; i < len && used < PATH_MAX - 1; i++) {
		char byte = encoded[i];

		if (byte == '%' && len - i > 2) {
			int high = hex_value(encoded[i + 1]);
			int low = hex_value(encoded[i + 2]);

			if (high < 0 || low < 0)
				return pkcs11_refuse_pin_source(err);
			byte = (char)(high * 16 + low);
			i += 2;
		}
		path[used++] = byte;
	}
	path[used] = '\0';
	if (used > 0 && used < PATH_MAX - 1 && strlen(path) == used)
		return 0;
	return pkcs11_refuse_pin_source(err);
}

static int
pkcs11_refuse_pin_source(struct error *err)
{
	return error_set(err, ERROR_CONFIG, "pin-source does not name a file");
}

static int
hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = digit == '\0' ? NULL : strchr(digits, digit);

	return at == NULL ? -1 : (int)(at - digits) % 16;
}

/* The value is a file: URI, or "|" and a command (RFC 7512 section 2.4), which
 * is not run. */
static int
pkcs11_read_pin(const char *source, struct secret *pin, struct error *err)
{
	static const char *const prefixes[] = {"file://", "file:"};
	int fd;
	int result = 0;

	if (*source == '|')
		return error_set(err, ERROR_CONFIG,
		    "pin-source must be a file; commands are not supported");
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (text_has_prefix(source, prefixes[i])) {
			source += strlen(prefixes[i]);
			break;
		}
	}
	fd = file_open_protected(source, FILE_SECRET, ERROR_CONFIG, err);
	if (fd == -1)
		return -1;
	if (secret_read(pin, fd, INT64_MAX, err) == -1)
		result =
		    error_set(err, ERROR_CONFIG, "%s: cannot be read", source);
	close(fd);
	secret_cut_line(pin);
	return result;
}
