/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings made of two processes of two executables, and read back. */
#ifndef SS_TESTS_RECORDING_SAMPLE_H
#define SS_TESTS_RECORDING_SAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "recording/recording.h"
#include "recording/recording.pb-c.h"
#include "recording/write.h"
#include "slicestat.h"

#define SAMPLE_GROUPS 100 /* groups from here on are of no process */
#define SAMPLE_PC     0x4a5f31

static const struct output_count sample_counts[] = {{"seen", 99}, {"folded", 90}, {"lost_x", 9}};
static const struct output_count sample_chain_counts[] = {{"linked", 60}, {"fresh", 1}};
static const struct output_est sample_ests[] = {{"events", 250.5, 12.25}, {"len_sum", 1, INFINITY}};
static const char *const sample_exes[] = {"/srv/app", NULL, "/srv/\xff\x01tool"};
static const struct output_target sample_targets[] = {
	{.pid = 7,
	 .exe = "/srv/app",
	 .go = "go1.24.4",
	 .arch = "amd64",
	 .stripped = true,
	 .text_start = 0x401000,
	 .text_limit = 0x500000,
	 .text_offset = 0x1000,
	 .build_id = "0a"},
	{.forgotten = true},
	{.pid = 9,
	 .exe = "/srv/\xff\x01tool",
	 .go = "go1.21",
	 .arch = "arm64",
	 .cgroup = "/a",
	 .build_id = ""},
};
static const uint32_t sample_target_exes[] = {0, 0, 2};

/* Bucket 1 is more than 32 bits hold. */
static const uint64_t sample_lens[SS_LEN_BUCKETS] = {[1] = 1ULL << 40, [SS_LEN_BUCKETS - 1] = 2};

/*
 * Of process 7 a growth at a line with two stacks, and a make; of process 9 the growth's address,
 * which is another line there; of one of /srv/app that is forgotten the growth again.
 */
static const struct report_row sample_sites[] = {
	{.key = {SAMPLE_PC, 0, 3, 5, SS_OP_GROW},
	 .sums = {10, 40, 50, 400, 80, 80, 0},
	 .d = {.events = 4, .len_sum = 16, .cap_sum = 20},
	 .lens = sample_lens},
	{.key = {SAMPLE_PC, 0, 3, 2, SS_OP_GROW},
	 .sums = {1, 2, 3, 24, 5, 8, 0},
	 .lens = sample_lens},
	{.key = {SAMPLE_PC + 64, 0, 1, 0, SS_OP_MAKE},
	 .sums = {6, 6, 6, 0, 0, 0, 6},
	 .d = {.events = 6, .len_sum = 6, .cap_sum = 6}},
	{.key = {SAMPLE_PC, 2, 3, 2, SS_OP_GROW}, .sums = {7, 8, 9, 72, 1, 8, 0}},
	{.key = {SAMPLE_PC, SAMPLE_GROUPS, 3, 0, SS_OP_GROW}, .sums = {3, 3, 3, 24, 0, 0, 0}},
	{.key = {0, 0, 0, 0, SS_OP_BYTES}, .sums = {1, 1, 1, 0, 0, 0, 1}},
};

static const struct report_row sample_bases[] = {
	{.key = {.addr = 0xc000010000, .group = 0},
	 .sums = {3, 30, 40, 320, 0, 80, 0},
	 .d = {.events = 1, .len_sum = 10, .cap_sum = 20},
	 .last = {10, 20, SAMPLE_PC, SS_OP_GROW, 3},
	 .reused = 2},
	{.key = {.addr = 0xc000010000, .group = 2},
	 .sums = {1, 1, 1, 0, 0, 0, 1},
	 .d = {.events = 1, .len_sum = 1, .cap_sum = 1},
	 .last = {1, 1, 0, SS_OP_MAKE, 0}},
};

static const struct chain_end sample_ends[] = {{8, 5, 30, 15, 400, 500},
					       {64, 90, 900, 270, 8000, 9000}};
static const struct chain_row sample_chains[] = {
	{.key = {.addr = SAMPLE_PC, .group = 0, .type = 3, .op = SS_OP_GROW},
	 .elem_size = 8,
	 .ends = sample_ends,
	 .nends = 2},
	{.key = {.addr = SAMPLE_PC, .group = 2, .type = 3, .op = SS_OP_MAKE},
	 .elem_size = 24,
	 .ends = sample_ends,
	 .nends = 1},
};

static inline uint32_t sample_exe_of(uint32_t group, const struct output_report *r)
{
	if (!r->by_target)
		return group;
	return group < SAMPLE_GROUPS ? sample_target_exes[group] : group - SAMPLE_GROUPS;
}

/* ctx: the report. Types 1 and 3 of each executable are others. */
static inline struct output_type sample_type(void *ctx, uint32_t group, uint32_t type)
{
	static const struct output_type types[2][2] = {{{"?0x99", -1}, {"uint64", 8}},
						       {{"?", -1}, {"main.\xffpoint", 24}}};

	assert_true(type == 1 || type == 3);
	return types[sample_exe_of(group, ctx) == 2][type == 3];
}

static inline size_t sample_site(void *ctx, uint32_t group, uint64_t pc,
				 struct output_frame *frames, size_t max)
{
	assert_true(max == OUTPUT_FRAMES_MAX);
	if (pc != SAMPLE_PC)
		return 0;
	if (sample_exe_of(group, ctx) == 2) {
		frames[0] = (struct output_frame){.func = "main.tool"};
		return 1;
	}
	frames[0] = (struct output_frame){.func = "main.add[...]",
					  .file = "/src/add.go",
					  .line = 31,
					  .symbol = "main.add[int]",
					  .addr = SAMPLE_PC - 1,
					  .inlined = true};
	frames[1] =
		(struct output_frame){"main.load", "/src/main.go", 52, NULL, SAMPLE_PC - 1, false};
	return 2;
}

static inline size_t sample_stack(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
				  struct output_frame *frames, size_t max, bool *cut)
{
	(void)ctx;
	(void)group;
	(void)pc;
	assert_true(max == OUTPUT_STACK_MAX);
	*cut = stack == 5;
	frames[0] = (struct output_frame){.func = stack == 5 ? "main.five" : "main.two", .line = 5};
	return 1;
}

static inline int sample_source(void *ctx, const char *file, int line, char *text, size_t size)
{
	(void)ctx;
	assert_string_equal(file, "/src/add.go");
	assert_int_equal(line, 31);
	assert_true(size > 16);
	snprintf(text, size, "append(s,\x1b[31m v)");
	return 0;
}

static inline struct output_report sample_recorded(enum output_view view,
						   const struct report_row **list)
{
	const bool bases = view == OUTPUT_BY_BASE, chains = view == OUTPUT_CHAINS;
	struct output_report r = {
		.time = {.tv_sec = 1767323045, .tv_nsec = 678900000},
		.elapsed_s = 0.1 + 0.2,
		.final = true,
		.view = view,
		.by_target = !chains,
		.stacks = view == OUTPUT_BY_SITE,
		.stackless = 1,
		.stacks_cut = 2,
		.typeless = 3,
		.exes = sample_exes,
		.nexes = 3,
		.targets = sample_targets,
		.ntargets = 3,
		.forgotten = 4,
		.counts = sample_counts,
		.ncounts = 3,
		.traps = 123,
		.cost_s = 1e-9 / 3,
		.exposure = 0.25,
		.ests = sample_ests,
		.nests = 2,
		.nrows = chains	 ? 0
			 : bases ? sizeof(sample_bases) / sizeof(sample_bases[0])
				 : sizeof(sample_sites) / sizeof(sample_sites[0]),
		.rows = list,
		.other = {.rows = 2},
		.totals.sums = {1000, 2000, 3000, 4000, 5000, 6000, 70},
		.chains = sample_chains,
		.nchains = chains ? 2 : 0,
		.chain_total = {1, 2, 3, 4, 5, 6},
		.chain_counts = sample_chain_counts,
		.nchain_counts = 2,
	};

	for (size_t i = 0; i < r.nrows; i++)
		list[i] = bases ? &sample_bases[i] : &sample_sites[i];
	return r;
}

/* The file, as an fd to be closed. */
static inline int sample_file(enum output_view view)
{
	const struct report_row *list[8];
	struct output_report r = sample_recorded(view, list);
	const struct recording_source source = {
		.report = &r,
		.target_exes = sample_target_exes,
		.groups_of_exes = SAMPLE_GROUPS,
		.names = {sample_type, sample_site, sample_stack, &r},
		.source = view == OUTPUT_CHAINS ? sample_source : NULL,
	};
	int fd = memfd_create("recording", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(recording_write(fd, &source), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static inline struct recording *sample_recording(enum output_view view)
{
	struct recording *r = NULL;
	struct reason why = {""};
	int fd = sample_file(view);

	if (recording_read(fd, "FILE", &r, &why))
		fail_msg("%s", why.text);
	close(fd);
	return r;
}

#define SAMPLE_BYTES 8192

/* What the file decompresses to. */
static inline size_t sample_bytes(enum output_view view, uint8_t bytes[SAMPLE_BYTES])
{
	int fd = sample_file(view), n;
	gzFile gz = gzdopen(fd, "rb");

	assert_non_null(gz);
	n = gzread(gz, bytes, SAMPLE_BYTES);
	assert_true(n > 0 && n < SAMPLE_BYTES);
	gzclose_r(gz);
	return (size_t)n;
}

#endif
