/* SPDX-License-Identifier: MIT */
/*
 * Builds the envelope from the arguments and the header.
 */
#include "message/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/dsn.h"
#include "message/resolver.h"

static int envelope_set_sender(struct envelope *envelope,
    const struct envelope_request *request, struct error *err);
static int envelope_set_recipients(struct envelope *envelope,
    const struct envelope_request *request, const struct header *header,
    struct error *err);
static int resolve_arguments(struct resolver *resolver);
static int resolve_header(struct resolver *resolver,
    const struct header *header);
static int envelope_set_dsn(struct envelope *envelope,
    const struct envelope_request *request, struct error *err);
static void envelope_set_needs_utf8(struct envelope *envelope);

void
envelope_init(struct envelope *envelope)
{
	memset(envelope, 0, sizeof *envelope);
}

void
envelope_done(struct envelope *envelope)
{
	free(envelope->sender);
	address_list_done(&envelope->recipients);
	free(envelope->notify);
	free(envelope->return_type);
	free(envelope->envelope_id);
	envelope_init(envelope);
}

int
envelope_build(struct envelope *envelope,
    const struct envelope_request *request, const struct header *header,
    struct error *err)
{
	if (envelope_begin(envelope, request, err) == -1)
		return -1;
	if (envelope_set_recipients(envelope, request, header, err) == -1) {
		envelope_done(envelope);
		return -1;
	}
	envelope_set_needs_utf8(envelope);
	return 0;
}

int
envelope_begin(struct envelope *envelope,
    const struct envelope_request *request, struct error *err)
{
	envelope_done(envelope);
	if (envelope_set_dsn(envelope, request, err) == -1 ||
	    envelope_set_sender(envelope, request, err) == -1) {
		envelope_done(envelope);
		return -1;
	}
	envelope_set_needs_utf8(envelope);
	return 0;
}

int
envelope_resolve(const struct envelope_request *request, const char *address,
    struct address_list *list, struct error *err)
{
	struct resolver resolver = {.request = request, .err = err};
	struct address_list parsed;
	int result;

	address_list_init(&parsed);
	result = address_list_parse(&parsed, address, strlen(address),
	    "recipient", err);
	if (result == 0 && parsed.count != 1)
		result = error_set(err, ERROR_DATA,
		    "recipient \"%s\": must be one address", address);
	if (result == 0)
		result = resolver_add(&resolver, &parsed);
	for (size_t i = 0; i < resolver.addresses.count && result == 0; i++)
		result =
		    address_list_add(list, resolver.addresses.address[i], err);
	resolver_done(&resolver);
	address_list_done(&parsed);
	return result;
}

static int
envelope_set_sender(struct envelope *envelope,
    const struct envelope_request *request, struct error *err)
{
	struct address_list list;
	char *full = NULL;
	int result = -1;

	address_list_init(&list);
	if (*request->sender == '\0') {
		envelope->sender = strdup("");
		result = envelope->sender != NULL ? 0 : error_no_memory(err);
		goto out;
	}
	if (address_list_parse(&list, request->sender, strlen(request->sender),
		"sender", err) == -1)
		goto out;
	if (list.count != 1) {
		error_set(err, ERROR_DATA, "sender \"%s\": must be one address",
		    request->sender);
		goto out;
	}
	full = resolver_add_domain(list.address[0], request->local_domain, err);
	if (full == NULL)
		goto out;
	envelope->sender = address_for_envelope(full, err);
	result = envelope->sender != NULL ? 0 : -1;
out:
	free(full);
	address_list_done(&list);
	return result;
}

/*
 * The recipients that arguments_remove excludes are compared after both are
 * resolved: "bob" excludes "bob@local.domain" too.
 */
static int
envelope_set_recipients(struct envelope *envelope,
    const struct envelope_request *request, const struct header *header,
    struct error *err)
{
	struct resolver resolver = {.request = request, .err = err};
	struct address_list excluded;
	int result = -1;

	address_list_init(&excluded);
	if (resolve_arguments(&resolver) == -1)
		goto out;
	if (request->from_header && request->arguments_remove) {
		excluded = resolver.addresses;
		address_list_init(&resolver.addresses);
		address_list_done(&resolver.expanded);
	}
	if (request->from_header && resolve_header(&resolver, header) == -1)
		goto out;
	for (size_t i = 0; i < resolver.addresses.count; i++) {
		const char *address = resolver.addresses.address[i];

		if (!address_list_has(&excluded, address) &&
		    address_list_add(&envelope->recipients, address, err) == -1)
			goto out;
	}
	if (envelope->recipients.count > 0) {
		result = 0;
		goto out;
	}
	error_set(err, ERROR_USAGE, "no recipients");
	error_hint(err,
	    request->from_header ? "add a To, Cc or Bcc field for -t"
				 : "name them after the options, or use -t");
out:
	address_list_done(&excluded);
	resolver_done(&resolver);
	return result;
}

static int
resolve_arguments(struct resolver *resolver)
{
	const struct envelope_request *request = resolver->request;
	struct address_list list;
	int result = 0;

	address_list_init(&list);
	for (size_t i = 0; i < request->argument_count && result == 0; i++)
		result = address_list_parse(&list, request->arguments[i],
		    strlen(request->arguments[i]), "recipient", resolver->err);
	if (result == 0)
		result = resolver_add(resolver, &list);
	address_list_done(&list);
	return result;
}

static int
resolve_header(struct resolver *resolver, const struct header *header)
{
	struct address_list list;
	int result;

	address_list_init(&list);
	result = header_recipients(header, &list, resolver->err);
	if (result == 0)
		result = resolver_add(resolver, &list);
	address_list_done(&list);
	return result;
}

static int
envelope_set_dsn(struct envelope *envelope,
    const struct envelope_request *request, struct error *err)
{
	const struct {
		const char *text;
		char *(*parse)(const char *, struct error *);
		char **ret_text;
	} reports[] = {
	    {request->notify, dsn_notify, &envelope->notify},
	    {request->return_type, dsn_return, &envelope->return_type},
	    {request->envelope_id, dsn_envelope_id, &envelope->envelope_id},
	};

	for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
		if (reports[i].text == NULL)
			continue;
		*reports[i].ret_text = reports[i].parse(reports[i].text, err);
		if (*reports[i].ret_text == NULL)
			return -1;
	}
	return 0;
}

static void
envelope_set_needs_utf8(struct envelope *envelope)
{
	const struct address_list *list = &envelope->recipients;

	envelope->needs_utf8 =
	    text_has_8bit(envelope->sender, strlen(envelope->sender));
	for (size_t i = 0; i < list->count; i++) {
		if (text_has_8bit(list->address[i], strlen(list->address[i])))
			envelope->needs_utf8 = true;
	}
}
