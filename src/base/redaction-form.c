/* SPDX-License-Identifier: MIT */
/*
 * Adds the forms in which a secret may appear to a redaction. Does not know the
 * text that they are searched in.
 */
#include "base/redaction-form.h"

#include <string.h>

#include "base/redaction.h"

enum {
	HEX_MAX = 1024 /* bytes: no password is longer */
};

static void add_base64(struct redaction *redaction, const unsigned char *byte,
    size_t len, const char *last_digits);
static char base64_digit(unsigned value, const char *last_digits);
static void add_hex(struct redaction *redaction, const unsigned char *byte,
    size_t len);
static void add_form_byte(struct redaction *redaction, unsigned char byte);
static void end_form(struct redaction *redaction);
static bool is_known(const struct redaction *redaction, const char *last);

void
redaction_done(struct redaction *redaction)
{
	secret_free(redaction->forms);
	redaction->forms = NULL;
	run_set_done(&redaction->runs);
}

void
redaction_add(struct redaction *redaction, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < len; i++)
		add_form_byte(redaction, byte[i]);
	end_form(redaction);
}

void
redaction_add_base64(struct redaction *redaction, const void *bytes, size_t len)
{
	add_base64(redaction, bytes, len, "+/");
	add_base64(redaction, bytes, len, "-_");
}

void
redaction_add_secret(struct redaction *redaction, const struct secret *secret)
{
	redaction_add(redaction, secret_bytes(secret), secret_len(secret));
	redaction_add_base64(redaction, secret_bytes(secret),
	    secret_len(secret));
	if (secret_len(secret) <= HEX_MAX)
		add_hex(redaction, (const unsigned char *)secret_bytes(secret),
		    secret_len(secret));
}

bool
redaction_form_has(unsigned char byte)
{
	return byte > ' ' && byte != 0x7f;
}

char
redaction_form_byte(unsigned char byte)
{
	return (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

/* Without padding, which shows nothing. */
static void
add_base64(struct redaction *redaction, const unsigned char *byte, size_t len,
    const char *last_digits)
{
	unsigned bits = 0;
	unsigned bit_count = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | byte[i];
		for (bit_count += 8; bit_count >= 6; bit_count -= 6)
			add_form_byte(redaction,
			    (unsigned char)base64_digit(bits >> (bit_count - 6),
				last_digits));
	}
	if (bit_count > 0)
		add_form_byte(redaction,
		    (unsigned char)base64_digit(bits << (6 - bit_count),
			last_digits));
	end_form(redaction);
}

static char
base64_digit(unsigned value, const char *last_digits)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789";
	unsigned index = value & 63;

	return index < 62 ? digits[index] : last_digits[index - 62];
}

static void
add_hex(struct redaction *redaction, const unsigned char *byte, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		add_form_byte(redaction, (unsigned char)digits[byte[i] >> 4]);
		add_form_byte(redaction, (unsigned char)digits[byte[i] & 15]);
	}
	end_form(redaction);
}

static void
add_form_byte(struct redaction *redaction, unsigned char byte)
{
	char compared = redaction_form_byte(byte);
	struct error ignored;

	if (!redaction_form_has(byte))
		return;
	if (redaction->forms == NULL)
		redaction->forms = secret_new(&ignored);
	if (redaction->forms == NULL ||
	    secret_add(redaction->forms, &compared, 1, &ignored) == -1)
		redaction->is_incomplete = true;
}

/* A form that is there already is dropped: sessions repeat them. */
static void
end_form(struct redaction *redaction)
{
	struct secret *forms = redaction->forms;
	const char *start = forms != NULL ? secret_bytes(forms) : "";
	const char *end = forms != NULL ? start + secret_len(forms) : start;
	const char *last = end;
	struct error ignored;

	while (last > start && last[-1] != '\0')
		last--;
	if (last == end)
		return;
	if (is_known(redaction, last))
		secret_truncate(forms, (size_t)(last - start));
	else if (run_set_add(&redaction->runs, last, (size_t)(end - last)) ==
		-1 ||
	    secret_add(forms, "", 1, &ignored) == -1)
		redaction->is_incomplete = true;
}

/* Returns whether a form before the last is the same. */
static bool
is_known(const struct redaction *redaction, const char *last)
{
	const char *form = secret_bytes(redaction->forms);

	while (form < last && strcmp(form, last) != 0)
		form += strlen(form) + 1;
	return form < last;
}
