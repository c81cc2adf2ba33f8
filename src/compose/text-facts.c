/* SPDX-License-Identifier: MIT */
/*
 * Measures text. A character that is divided between two pieces is kept until
 * it is complete.
 */
#include "compose/text-facts.h"

#include <string.h>

#include "base/text.h"

static size_t complete_carry(struct text_facts *facts, const char *bytes,
    size_t len);
static size_t character_size(char lead);
static size_t unfinished_len(const char *bytes, size_t len);
static void measure_lines(struct text_facts *facts, const char *bytes,
    size_t len);
static void end_line(struct text_facts *facts);

void
text_facts_init(struct text_facts *facts)
{
	*facts = (struct text_facts){.is_utf8 = true};
}

void
text_facts_add(struct text_facts *facts, const char *bytes, size_t len)
{
	size_t used = complete_carry(facts, bytes, len);
	size_t rest = unfinished_len(bytes + used, len - used);

	measure_lines(facts, bytes, len);
	if (!text_is_utf8(bytes + used, len - used - rest))
		facts->is_utf8 = false;
	memcpy(facts->carry + facts->carry_len, bytes + len - rest, rest);
	facts->carry_len += rest;
}

void
text_facts_finish(struct text_facts *facts)
{
	end_line(facts);
	if (facts->carry_len > 0)
		facts->is_utf8 = false;
	facts->carry_len = 0;
}

/* Returns how many bytes of the piece belong to the character before it. */
static size_t
complete_carry(struct text_facts *facts, const char *bytes, size_t len)
{
	size_t used = 0;

	if (facts->carry_len == 0)
		return 0;
	while (used < len && facts->carry_len < character_size(facts->carry[0]))
		facts->carry[facts->carry_len++] = bytes[used++];
	if (facts->carry_len < character_size(facts->carry[0]))
		return used;
	if (!text_is_utf8(facts->carry, facts->carry_len))
		facts->is_utf8 = false;
	facts->carry_len = 0;
	return used;
}

static size_t
character_size(char lead)
{
	unsigned char byte = (unsigned char)lead;

	if (byte >= 0xF0)
		return 4;
	if (byte >= 0xE0)
		return 3;
	return byte >= 0xC0 ? 2 : 1;
}

/* Returns the length of a character at the end that is not complete, or 0. */
static size_t
unfinished_len(const char *bytes, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		char byte = bytes[len - back];

		if (((unsigned char)byte & 0xC0) != 0x80)
			return character_size(byte) > back ? back : 0;
	}
	return 0;
}

static void
measure_lines(struct text_facts *facts, const char *bytes, size_t len)
{
	facts->size += len;
	for (size_t i = 0; i < len; i++) {
		facts->has_nul = facts->has_nul || bytes[i] == '\0';
		facts->count_8bit += ((unsigned char)bytes[i] & 0x80) != 0;
		facts->line_len++;
		if (bytes[i] == '\n') {
			facts->line_len--;
			end_line(facts);
		}
	}
}

static void
end_line(struct text_facts *facts)
{
	if (facts->line_len > facts->longest_line)
		facts->longest_line = facts->line_len;
	facts->line_len = 0;
}
