/* SPDX-License-Identifier: MIT */
/*
 * Finds the blocks of providers in the text of the registry by searching for
 * the words that a matching block must contain. Whether a provider matches is
 * decided by provider.c, after its block has been parsed.
 */
#include "config/registry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/parse.h"
#include "config/providers.h"
#include "config/region.h"

enum {
	WORD_SIZE = 512 /* longer than any domain */
};

static const char block_start[] = "\nprovider ";
static const char block_end[] = "\n}\n";

/* Loads the blocks that may match a value, which is in lower case. */
typedef int registry_search(struct config *config, const char *value,
    struct error *err);

static registry_search registry_load_name, registry_load_domain,
    registry_load_mx, registry_load_host, registry_load_word;
static int registry_complete(struct config *config, struct error *err);
static int registry_load_block(struct config *config, const char *at,
    struct error *err);
static int registry_parse(struct config *config, const char *text, size_t len,
    struct error *err);
static int registry_add(struct config *config, struct provider **provider,
    struct error *err);
static struct provider *registry_find_known(const struct config *config,
    const char *name);
static void word_fold(char word[WORD_SIZE], const char *text);
static const char *word_find(const char *at, const char *word);

static registry_search *const searches[] = {
    [REGISTRY_NAME] = registry_load_name,
    [REGISTRY_DOMAIN] = registry_load_domain,
    [REGISTRY_MX] = registry_load_mx,
    [REGISTRY_HOST] = registry_load_host,
};

int
registry_load_for(struct config *config, enum registry_key key,
    const char *value, struct error *err)
{
	char word[WORD_SIZE];

	if (config->has_registry)
		return 0;
	if (registry_complete(config, err) == -1)
		return -1;
	word_fold(word, value);
	return searches[key](config, word, err);
}

int
registry_load(struct config *config, struct error *err)
{
	if (config->has_registry)
		return 0;
	if (registry_parse(config, providers_text, strlen(providers_text),
		err) == -1)
		return -1;
	config->has_registry = true;
	return 0;
}

/* Adds what the user's blocks leave to the registry. */
static int
registry_complete(struct config *config, struct error *err)
{
	char word[WORD_SIZE];

	for (size_t i = 0; i < config->provider_count; i++) {
		word_fold(word, config->provider[i]->name);
		if (registry_load_name(config, word, err) == -1)
			return -1;
	}
	return 0;
}

static int
registry_load_name(struct config *config, const char *name, struct error *err)
{
	char start[WORD_SIZE + sizeof block_start];
	const char *at;

	snprintf(start, sizeof start, "%s%s {", block_start, name);
	at = text_has_prefix(providers_text, start + 1)
	    ? providers_text
	    : strstr(providers_text, start);
	return at != NULL ? registry_load_block(config, at + 1, err) : 0;
}

/* "gmx.co.uk" may match "gmx.*" and "gmx.co.*". */
static int
registry_load_domain(struct config *config, const char *value,
    struct error *err)
{
	char word[WORD_SIZE];

	if (registry_load_word(config, value, err) == -1)
		return -1;
	for (const char *dot = strchr(value, '.'); dot != NULL;
	     dot = strchr(dot + 1, '.')) {
		snprintf(word, sizeof word, "%.*s*", (int)(dot + 1 - value),
		    value);
		if (registry_load_word(config, word, err) == -1)
			return -1;
	}
	return 0;
}

/* "mx1.mail.example" may match "*.mail.example" and "*.example". */
static int
registry_load_mx(struct config *config, const char *host, struct error *err)
{
	char word[WORD_SIZE];

	if (registry_load_word(config, host, err) == -1)
		return -1;
	for (const char *dot = strchr(host, '.'); dot != NULL;
	     dot = strchr(dot + 1, '.')) {
		snprintf(word, sizeof word, "*%s", dot);
		if (registry_load_word(config, word, err) == -1)
			return -1;
	}
	return 0;
}

/* "smtp.eu-west-1.example" may match "smtp.{region}.example". */
static int
registry_load_host(struct config *config, const char *host, struct error *err)
{
	char word[WORD_SIZE];
	size_t len;

	if (registry_load_word(config, host, err) == -1)
		return -1;
	for (const char *label = host; *label != '\0'; label += len) {
		len = strcspn(label, ".");
		snprintf(word, sizeof word, "%.*s" REGION_MARK "%s",
		    (int)(label - host), host, label + len);
		if (registry_load_word(config, word, err) == -1)
			return -1;
		len += label[len] == '.';
	}
	return 0;
}

/* Loads every block that contains the word. Domains and hosts have a dot. */
static int
registry_load_word(struct config *config, const char *word, struct error *err)
{
	const char *at = providers_text;

	while (
	    strchr(word, '.') != NULL && (at = word_find(at, word)) != NULL) {
		if (registry_load_block(config, at, err) == -1)
			return -1;
		at += strlen(word);
	}
	return 0;
}

/* Loads the block around a place in the text. */
static int
registry_load_block(struct config *config, const char *at, struct error *err)
{
	const size_t start_len = strlen(block_start);
	const char *start = at;
	const char *end = strstr(at, block_end);

	while (start > providers_text &&
	    strncmp(start - 1, block_start, start_len) != 0)
		start--;
	if (end == NULL)
		return error_set(err, ERROR_BUG, "unclosed built-in provider");
	return registry_parse(config, start,
	    (size_t)(end - start) + strlen(block_end), err);
}

static int
registry_parse(struct config *config, const char *text, size_t len,
    struct error *err)
{
	struct config *registry = calloc(1, sizeof *registry);
	int result;

	if (registry == NULL)
		return error_no_memory(err);
	result =
	    config_parse(registry, "the built-in providers", text, len, err);
	for (size_t i = 0; result == 0 && i < registry->provider_count; i++)
		result = registry_add(config, &registry->provider[i], err);
	config_free(registry);
	return result;
}

/* Moves a provider to config, or the fields that the known provider of that
 * name doesn't have. */
static int
registry_add(struct config *config, struct provider **provider,
    struct error *err)
{
	struct provider *known = registry_find_known(config, (*provider)->name);
	struct provider **grown;

	if (known != NULL) {
		known->is_builtin = true;
		provider_fill(known, *provider);
		return 0;
	}
	grown = realloc(config->provider,
	    (config->provider_count + 1) * sizeof *grown);
	if (grown == NULL)
		return error_no_memory(err);
	config->provider = grown;
	config->provider[config->provider_count++] = *provider;
	(*provider)->is_builtin = true;
	*provider = NULL;
	return 0;
}

static struct provider *
registry_find_known(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->provider_count; i++) {
		if (text_equals(config->provider[i]->name, name))
			return config->provider[i];
	}
	return NULL;
}

/* The registry is in lower case. Without a trailing dot; empty if too long. */
static void
word_fold(char word[WORD_SIZE], const char *text)
{
	size_t len = strlen(text);

	if (len > 0 && text[len - 1] == '.')
		len--;
	if (len >= WORD_SIZE)
		len = 0;
	for (size_t i = 0; i < len; i++)
		word[i] = (char)tolower((unsigned char)text[i]);
	word[len] = '\0';
}

/* Finds the word as a whole value or element of a list. */
static const char *
word_find(const char *at, const char *word)
{
	size_t len = strlen(word);

	while ((at = strstr(at, word)) != NULL) {
		if (at > providers_text && strchr(" ,\"\t\n", at[-1]) != NULL &&
		    strchr(" ,\"\t\n", at[len]) != NULL)
			return at;
		at += len;
	}
	return NULL;
}
