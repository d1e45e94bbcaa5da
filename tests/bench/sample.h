/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What measuring programs print, and summary.c reads: one line a sample, fields between tabs. The
 * n-th samples of all sides of a case are of one round, taken one right after the other, and are
 * compared with each other.
 */
#ifndef SS_BENCH_SAMPLE_H
#define SS_BENCH_SAMPLE_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

static inline void sample_print(const char *section, const char *name, const char *side,
				const char *unit, double value)
{
	printf("sample\t%s\t%s\t%s\t%s\t%.9g\n", section, name, side, unit, value);
	fflush(stdout);
}

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec t = {0};

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

#endif
