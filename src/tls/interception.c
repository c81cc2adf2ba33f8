/* SPDX-License-Identifier: MIT */
/*
 * A table of products and a search for whole words.
 */
#include "tls/interception.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word;    /* in the name of the certificate */
	const char *product; /* NULL: the same */
} products[] = {
    {"Kaspersky", NULL},
    {"Avast", NULL},
    {"AVG", NULL},
    {"ESET", NULL},
    {"Bitdefender", NULL},
    {"Dr.Web", NULL},
    {"DrWeb", "Dr.Web"},
    {"Avira", NULL},
    {"Norton", NULL},
    {"NortonLifeLock", "Norton"},
    {"Symantec", NULL},
    {"McAfee", NULL},
    {"Skyhigh", NULL},
    {"Trellix", NULL},
    {"Trend Micro", NULL},
    {"F-Secure", NULL},
    {"G DATA", NULL},
    {"BullGuard", NULL},
    {"Panda Security", NULL},
    {"Comodo Internet Security", NULL},
    {"AdGuard", NULL},
    {"Zscaler", NULL},
    {"Netskope", NULL},
    {"goskope", "Netskope"},
    {"Fortinet", NULL},
    {"FortiGate", NULL},
    {"Sophos", NULL},
    {"Cyberoam", "Sophos"},
    {"Palo Alto", "Palo Alto Networks"},
    {"Check Point", NULL},
    {"CheckPoint", "Check Point"},
    {"Blue Coat", NULL},
    {"BlueCoat", "Blue Coat"},
    {"Forcepoint", NULL},
    {"Websense", "Forcepoint"},
    {"Barracuda", NULL},
    {"WatchGuard", NULL},
    {"SonicWall", NULL},
    {"Cisco Umbrella", NULL},
    {"Untangle", NULL},
    {"Arista Edge", NULL},
    {"Smoothwall", NULL},
    {"Lightspeed", NULL},
    {"Securly", NULL},
    {"GoGuardian", NULL},
    {"iboss", NULL},
    {"Menlo Security", NULL},
    {"Cloudflare for Teams", "Cloudflare Gateway"},
    {"Gateway CA", "Cloudflare Gateway"},
    {"pfSense", NULL},
    {"OPNsense", NULL},
    {"Squid", NULL},
    {"SSL Inspection", "a TLS inspection"},
    {"SSL Decryption", "a TLS inspection"},
    {"TLS Inspection", "a TLS inspection"},
    {"SSL Filter", "a TLS filter"},
    {"Qustodio", NULL},
    {"Net Nanny", NULL},
    {"Superfish", NULL},
    {"mitmproxy", NULL},
    {"Charles Proxy", NULL},
    {"Fiddler", NULL},
    {"DO_NOT_TRUST_FiddlerRoot", "Fiddler"},
    {"PortSwigger", "Burp"},
};

static bool interception_is_word(const char *name, const char *at, size_t len);

const char *
interception_find(const char *name)
{
	for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
		const char *word = products[i].word;
		size_t len = strlen(word);

		for (const char *at = name; *at != '\0'; at++) {
			if (strncasecmp(at, word, len) == 0 &&
			    interception_is_word(name, at, len))
				return products[i].product != NULL
				    ? products[i].product
				    : word;
		}
	}
	return NULL;
}

static bool
interception_is_word(const char *name, const char *at, size_t len)
{
	return (at == name || !isalnum((unsigned char)at[-1])) &&
	    !isalnum((unsigned char)at[len]);
}
