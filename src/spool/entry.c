/* SPDX-License-Identifier: MIT */
/*
 * Holds the state of a message. entry-file.c formats and parses it.
 */
#include "spool/entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void
spool_entry_init(struct spool_entry *entry)
{
	memset(entry, 0, sizeof *entry);
}

void
spool_entry_done(struct spool_entry *entry)
{
	for (int i = 0; i < SPOOL_TEXT_COUNT; i++)
		free(entry->text[i]);
	for (size_t i = 0; i < entry->count; i++) {
		free(entry->recipient[i].address);
		free(entry->recipient[i].reason);
		free(entry->recipient[i].notify);
		free(entry->recipient[i].original);
	}
	free(entry->recipient);
	spool_entry_init(entry);
}

int
spool_entry_set(struct spool_entry *entry, enum spool_text text,
    const char *value, struct error *err)
{
	return text_replace(&entry->text[text], value, err);
}

int
spool_entry_add(struct spool_entry *entry, const char *address,
    struct error *err)
{
	struct spool_recipient recipient = {.address = strdup(address)};
	struct spool_recipient *list = entry->recipient;
	size_t count = entry->count;

	if ((count & (count - 1)) == 0) /* 0 or a power of 2 */
		list =
		    realloc(list, (count > 0 ? 2 * count : 1) * sizeof *list);
	if (list != NULL)
		entry->recipient = list;
	if (list == NULL || recipient.address == NULL) {
		free(recipient.address);
		return error_no_memory(err);
	}
	list[entry->count++] = recipient;
	return 0;
}

int
spool_recipient_set_reports(struct spool_recipient *recipient,
    const char *notify, const char *original, struct error *err)
{
	return text_replace(&recipient->notify, notify, err) == -1
	    ? -1
	    : text_replace(&recipient->original, original, err);
}

void
spool_recipient_set(struct spool_recipient *recipient, enum spool_status status,
    const char *reason)
{
	free(recipient->reason);
	recipient->status = status;
	recipient->reason =
	    reason != NULL && *reason != '\0' ? strdup(reason) : NULL;
}

size_t
spool_entry_change(struct spool_entry *entry, enum spool_status from,
    enum spool_status to)
{
	size_t changed = 0;

	for (size_t i = 0; i < entry->count; i++) {
		if (entry->recipient[i].status != from)
			continue;
		entry->recipient[i].status = to;
		changed++;
	}
	return changed;
}

size_t
spool_entry_count(const struct spool_entry *entry, enum spool_status status)
{
	size_t count = 0;

	for (size_t i = 0; i < entry->count; i++)
		count += entry->recipient[i].status == status;
	return count;
}
