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
#include <string.h>
#include <time.h>

#include "output/output.h"

static const struct output_target sample_target = {
	.pid = 7,
	.exe = "/srv/app",
	.go = "go1.24.4",
	.arch = "amd64",
	.stripped = true,
};

static const struct output_count sample_counts[] = {
	{"seen", 9}, {"folded", 8}, {"lost_bases_full", 0}, {"zero_size", 1}, {"panicked", 0},
};

#define SAMPLE_TYPE 3
#define SAMPLE_PC   0x4a5f31

/* By base: two events of eight-byte elements. */
static const struct report_row sample_base = {
	.key = {.addr = 0xc000012000},
	.sums = {.events = 2, .len_sum = 9, .cap_sum = 16, .allocated = 128, .slack = 56},
	.d = {.events = 1, .len_sum = 5, .cap_sum = 8, .allocated = 64, .slack = 24},
	.last = {.len = 5, .cap = 8, .site = SAMPLE_PC, .op = SS_OP_GROW, .type = SAMPLE_TYPE},
	.reused = 1,
};

/* One of length 0, two of 1, three of 4 to 7, four of the longest. */
static const uint64_t sample_lens[SS_LEN_BUCKETS] = {
	[0] = 1, [1] = 2, [3] = 3, [SS_LEN_BUCKETS - 1] = 4};

/* By site; by type and by process the same with parts of the key left out. */
static const struct report_row sample_site = {
	.key = {.addr = SAMPLE_PC, .type = SAMPLE_TYPE, .stack = 5, .op = SS_OP_GROW},
	.sums = {.events = 10,
		 .len_sum = 40,
		 .cap_sum = 1400,
		 .allocated = 11200,
		 .copied = 1536,
		 .slack = 10880},
	.d = {.events = 1, .len_sum = 5, .cap_sum = 8, .allocated = 64, .copied = 32, .slack = 24},
	.lens = sample_lens,
};

static const struct report_row *const sample_bases[] = {&sample_base};
static const struct report_row *const sample_sites[] = {&sample_site};
static const char *const sample_exes[] = {"/srv/app"};

/* One row of one target, 2026-01-02 03:04:05.678 UTC. */
static inline struct output_report sample_report(void)
{
	return (struct output_report){
		.time = {.tv_sec = 1767323045, .tv_nsec = 678900000},
		.elapsed_s = 12.5,
		.interval_s = 1.0,
		.view = OUTPUT_BY_BASE,
		.by_target = true,
		.exes = sample_exes,
		.nexes = 1,
		.targets = &sample_target,
		.ntargets = 1,
		.counts = sample_counts,
		.ncounts = sizeof(sample_counts) / sizeof(sample_counts[0]),
		.d_seen = 1,
		.traps = 12,
		.cost_s = 0.125,
		.d_cost_s = 0.009,
		.rows = sample_bases,
		.nrows = 1,
		.other = {.rows = 3, .events = 6, .len_sum = 60, .cap_sum = 64},
		.totals = {.rows = 4,
			   .d_rows = 1,
			   .sums = {.events = 8, .len_sum = 29, .cap_sum = 1048},
			   .d = {.events = 1}},
	};
}

/* The same by another view than by base, whose rows are of executables but by process. */
static inline struct output_report sample_report_by(enum output_view view)
{
	struct output_report r = sample_report();

	r.view = view;
	r.by_target = view == OUTPUT_BY_PROCESS;
	r.rows = sample_sites;
	return r;
}

/* Names that tell which numbers they were asked for. */
static inline struct output_type sample_type(void *ctx, uint32_t group, uint32_t type)
{
	(void)ctx;
	if (group > 1 || type != SAMPLE_TYPE)
		return (struct output_type){.name = "?0x77", .size = -1};
	return (struct output_type){.name = "main.point", .size = 8};
}

/* main.add, inlined into two others; 0x10 is known as code only. */
static inline size_t sample_lines(void *ctx, uint32_t group, uint64_t pc,
				  struct output_frame *frames, size_t max)
{
	static const struct output_frame known[] = {
		{.func = "main.add", .file = "/home/u/src/main.go", .line = 31},
		{.func = "main.load", .file = "/home/u/src/load.go", .line = 52},
		{.func = "main.main"},
	};
	size_t n = pc == SAMPLE_PC ? 3 : 0;

	(void)ctx;
	assert_int_equal(max, OUTPUT_FRAMES_MAX);
	if (group > 1)
		return 0;
	if (pc == 0x10)
		frames[n++] = (struct output_frame){.func = "runtime.goexit"};
	else
		for (size_t i = 0; i < n; i++)
			frames[i] = known[i];
	for (size_t i = 0; i < n; i++) {
		frames[i].addr = pc - 1;
		frames[i].inlined = i + 1 < n;
	}
	return n;
}

/* Stack 5 is the sample's site, and what called it. */
static inline size_t sample_stack(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
				  struct output_frame *frames, size_t max, bool *cut)
{
	size_t n;

	*cut = false;
	assert_int_equal(pc, SAMPLE_PC);
	assert_int_equal(max, OUTPUT_STACK_MAX);
	if (group != 0 || stack != 5)
		return 0;
	n = sample_lines(ctx, group, pc, frames, OUTPUT_FRAMES_MAX);
	return n + sample_lines(ctx, group, 0x10, frames + n, OUTPUT_FRAMES_MAX);
}

/* Nothing has a name; everything has one. */
static const struct output_options plain = {.color = false};
static const struct output_options named = {
	.names = {.type = sample_type, .site = sample_lines, .stack = sample_stack}};

/* What the format writes: to be freed. */
static inline char *written(const char *format, const struct output_options *opts,
			    const struct output_report *r)
{
	char *text = NULL, *copy;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(output_find(format)->write(f, opts, r), 0);
	assert_int_equal(fclose(f), 0);
	/* The compiler takes what the stream allocated to be gone with the variable. */
	copy = strdup(text);
	assert_non_null(copy);
	free(text);
	return copy;
}

static inline void assert_written(const char *format, const struct output_options *opts,
				  const struct output_report *r, const char *expected)
{
	char *text = written(format, opts, r);

	assert_string_equal(text, expected);
	free(text);
}

static inline int set_time_zone(void **state)
{
	(void)state;
	if (setenv("TZ", "UTC", 1))
		return -1;
	tzset();
	return 0;
}

#endif
