/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_AUTOCONFIG_FILE_H
#define ONLINE_AUTOCONFIG_FILE_H

/*
 * Reads the submission server from a file in Thunderbird's autoconfig format
 * (config-v1.1.xml). The file comes from a server, and can contain anything.
 */

#include <stddef.h>

#include "base/error.h"
#include "online/autoconfig-server.h"

/*
 * Reads the first outgoing server of type smtp that can be used with TLS,
 * for address, which contains "@". ERROR_REFUSED if there is none, or if the
 * file isn't well-formed, has a document type (which could define entities), or
 * is nested too deeply; the message begins with source, a URL. ERROR_SYSTEM.
 */
int autoconfig_file_read(const char *text, size_t len, const char *address,
    const char *source, struct autoconfig_server *ret_server,
    struct error *err);

#endif
