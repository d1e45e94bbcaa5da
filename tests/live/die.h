/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a comparison that cannot be made, told by the program's name. */
#ifndef SS_TESTS_LIVE_DIE_H
#define SS_TESTS_LIVE_DIE_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((format(printf, 1, 2), noreturn)) static inline void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

#endif
