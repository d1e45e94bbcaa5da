/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_CLOCK_CLOCK_H
#define SS_CLOCK_CLOCK_H

#include <time.h>

/* CLOCK_MONOTONIC, in seconds. */
static inline double clock_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
