/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports to write, and what was written. */
#ifndef SS_TESTS_OUTPUT_SAMPLE_H
#define SS_TESTS_OUTPUT_SAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "output/output.h"

#define SAMPLE_BIAS 0x555555400000ULL

static const struct output_target sample_target = {
	.id = 1,
	.pid = 7,
	.exe = "/srv/app",
	.go = "go1.24.4",
	.arch = "amd64",
	.stripped = true,
	.bias = SAMPLE_BIAS,
};

static const struct output_count sample_counts[] = {
	{"seen", 9}, {"folded", 8}, {"lost_bases_full", 0}, {"zero_size", 1}, {"panicked", 0},
};

static const struct report_row sample_row = {
	.target = 1,
	.op = SS_OP_GROW,
	.base = 0xc000012000,
	.events = 2,
	.len_sum = 9,
	.cap_sum = 16,
	.d_events = 1,
	.d_len_sum = 5,
	.d_cap_sum = 8,
	.len = 5,
	.cap = 8,
	.site = SAMPLE_BIAS + 0x4a5f31,
	.type = SAMPLE_BIAS + 0x4b1f20,
};

/* One row of one target, 2026-01-02 03:04:05.678 UTC. */
static inline struct output_report sample_report(void)
{
	return (struct output_report){
		.time = {.tv_sec = 1767323045, .tv_nsec = 678900000},
		.elapsed_s = 12.5,
		.interval_s = 1.0,
		.targets = &sample_target,
		.ntargets = 1,
		.counts = sample_counts,
		.ncounts = sizeof(sample_counts) / sizeof(sample_counts[0]),
		.d_seen = 1,
		.traps = 12,
		.cost_s = 0.125,
		.d_cost_s = 0.009,
		.rows = &sample_row,
		.nrows = 1,
		.other = {.rows = 3, .events = 6, .len_sum = 60, .cap_sum = 64},
		.totals = {.rows = 4,
			   .events = 8,
			   .len_sum = 29,
			   .cap_sum = 1048,
			   .d_rows = 1,
			   .d_events = 1},
	};
}

static inline int64_t eight_bytes(void *ctx, const struct output_target *t, uint64_t type)
{
	(void)ctx;
	return t->bias == SAMPLE_BIAS && type == 0x4b1f20 ? 8 : -1;
}

/* What the format writes: to be freed. */
static inline char *written(const char *format, const struct output_options *opts,
			    const struct output_report *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(output_find(format)->write(f, opts, r), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

#endif
