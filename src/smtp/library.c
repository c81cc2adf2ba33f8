/* SPDX-License-Identifier: MIT */
/*
 * Loads libraries that most sessions do not need. Knows none of them.
 */
#include "smtp/library.h"

#include <dlfcn.h>
#include <string.h>

bool
library_open(const char *name, const struct library_symbol *symbols,
    size_t count)
{
	void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);

	if (library == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		void *found = dlsym(library, symbols[i].name);

		if (found == NULL)
			return false;
		memcpy(symbols[i].to, &found, sizeof found);
	}
	return true;
}
