/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_EDIT_H
#define CONFIG_CONFIG_EDIT_H

/*
 * Changes one setting, or adds a block, in the text of a configuration. All
 * other bytes stay: comments, order and spacing. The text must be valid before;
 * the caller checks it again afterwards (config-change.h).
 */

#include "base/buf.h"
#include "base/error.h"
#include "config/config-scan.h"
#include "config/settings.h"

/*
 * Writes the value of a setting: in the place of the last one that the block
 * has, else after its last setting; outside the blocks, before the first block
 * if there is no setting yet. is_list: the elements are joined with "\n".
 * ERROR_CONFIG if there is no such block.
 */
int config_edit_set(struct buf *text, const struct config_place *place,
    const char *value, bool is_list, struct error *err);

/*
 * Removes a setting, and its line if nothing else is on it. *ret_found is
 * whether it was there.
 */
int config_edit_unset(struct buf *text, const struct config_place *place,
    bool *ret_found, struct error *err);

/* Appends an account block. */
int config_edit_add_account(struct buf *text, const char *name,
    const struct settings *settings, struct error *err);

#endif
