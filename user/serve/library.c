// SPDX-License-Identifier: BSD-2-Clause
#include "serve/library.h"

#include <dlfcn.h>
#include <errno.h>

int library_open(const char *soname, const char *package, const struct library_function *functions,
		 size_t n, struct reason *why)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return reason_set(why, -ENOTSUP, "serve takes the package %s: %s", package,
				  dlerror());
	for (size_t i = 0; i < n; i++) {
		*functions[i].place = dlsym(library, functions[i].name);
		if (*functions[i].place)
			continue;
		dlclose(library);
		return reason_set(why, -ENOTSUP, "%s has no %s: serve takes that of the package %s",
				  soname, functions[i].name, package);
	}
	return 0;
}
