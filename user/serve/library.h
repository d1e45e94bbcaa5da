/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A shared library that is opened when it is needed. What speaks HTTP brings thirty others with it:
 * who only traces would start later, be larger, and run the code of all of them as root.
 */
#ifndef SS_SERVE_LIBRARY_H
#define SS_SERVE_LIBRARY_H

#include <stddef.h>

#include "log/reason.h"

/* A function that is wanted of it, and where its address goes. */
struct library_function {
	const char *name;
	void **place;
};

/*
 * Open it by the name that its ABI has, for as long as the process runs, and find all functions. 0,
 * or -ENOTSUP with why set: it is not there (package is whose it is), or is another one.
 */
int library_open(const char *soname, const char *package, const struct library_function *functions,
		 size_t n, struct reason *why);

#endif
