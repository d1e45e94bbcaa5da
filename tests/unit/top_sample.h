/* SPDX-License-Identifier: BSD-2-Clause */
/* A run of three processes of two executables, as the live view sees it. */
#ifndef TOP_SAMPLE_H
#define TOP_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "top/controls.h"

/* Groups 0 and 1 are processes of executable 0, group 2 is one of 1, groups from 3 on of none now.
 */
#define SAMPLE_ENDED 3

static const char *const sample_types[] = {"?", "int", "string", "main.Row"};

static inline struct output_type sample_type(void *ctx, uint32_t group, uint32_t type)
{
	(void)ctx;
	(void)group;
	return (struct output_type){.name = type < 4 ? sample_types[type] : "?", .size = 8};
}

/* Return addresses are 0x100 * line. */
static inline size_t sample_site(void *ctx, uint32_t group, uint64_t pc,
				 struct output_frame *frames, size_t max)
{
	static const char *const funcs[] = {"main.load", "main.Store", "main.\033[2Jwild"};

	(void)ctx;
	(void)group;
	(void)max;
	frames[0] = (struct output_frame){.func = funcs[pc / 0x100 % 3],
					  .file = "/src/app/main.go",
					  .line = (int)(pc / 0x100)};
	return 1;
}

static inline uint32_t sample_exe_of(void *ctx, uint32_t group)
{
	(void)ctx;
	return group == 2 || group == SAMPLE_ENDED + 1 ? 1 : 0;
}

static inline uint32_t sample_group_of_exe(void *ctx, uint32_t exe)
{
	(void)ctx;
	return SAMPLE_ENDED + exe;
}

static const struct output_target sample_targets[] = {
	{.pid = 100, .exe = "/srv/one", .go = "go1.24.4", .arch = "amd64"},
	{.pid = 101, .exe = "/srv/one", .go = "go1.24.4", .arch = "amd64"},
	{.pid = 200, .exe = "/srv/two", .go = "go1.24.4", .arch = "amd64"},
};
static const char *const sample_exes[] = {"/srv/one", "/srv/two"};

static const struct output_report sample_report = {
	.elapsed_s = 3725,
	.interval_s = 2,
	.targets = sample_targets,
	.ntargets = 3,
	.exes = sample_exes,
	.nexes = 2,
};

static const struct top_run sample_run = {
	.report = &sample_report,
	.by_target = {.type = sample_type, .site = sample_site},
	.by_exe = {.type = sample_type, .site = sample_site},
	.exe_of = sample_exe_of,
	.group_of_exe = sample_group_of_exe,
};

#define SAMPLE_ROWS_MAX 20000

/* What one interval brings. */
struct sample {
	struct report_row rows[SAMPLE_ROWS_MAX];
	const struct report_row *list[SAMPLE_ROWS_MAX];
	size_t n;
};

/* Events since attach and in the interval, of 8 bytes each. */
static inline void sample_add(struct sample *s, struct report_key key, uint64_t events, uint64_t d)
{
	assert_true(s->n < SAMPLE_ROWS_MAX);
	s->rows[s->n] = (struct report_row){
		.key = key,
		.sums = {.events = events, .cap_sum = events, .allocated = 8 * events},
		.d = {.events = d, .cap_sum = d, .allocated = 8 * d},
	};
	s->list[s->n] = &s->rows[s->n];
	s->n++;
}

static inline void sample_take(struct top_model *m, const struct sample *s)
{
	assert_int_equal(top_model_take(m, &sample_run, s->list, s->n), 0);
	assert_int_equal(top_model_show(m, &sample_run), 0);
}

/* Four sites of three types in three processes. */
static inline void sample_fill(struct sample *s)
{
	s->n = 0;
	sample_add(s, (struct report_key){0x100, 0, 1, 0, SS_OP_GROW}, 10, 2);
	sample_add(s, (struct report_key){0x100, 1, 1, 0, SS_OP_GROW}, 20, 4);
	sample_add(s, (struct report_key){0x300, 0, 1, 0, SS_OP_GROW}, 5, 5);
	sample_add(s, (struct report_key){0x400, 0, 2, 0, SS_OP_MAKE}, 7, 0);
	sample_add(s, (struct report_key){0x100, 2, 1, 0, SS_OP_GROW}, 100, 1);
	sample_add(s, (struct report_key){0x200, SAMPLE_ENDED, 3, 0, SS_OP_GROW}, 3, 0);
}

#endif
