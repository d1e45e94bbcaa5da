// SPDX-License-Identifier: BSD-2-Clause
/*
 * Recordings for fuzz_recording: made reports, written as a run writes them, with lines and
 * functions of the executable.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "recording/write.h"
#include "slicestat.h"

#include "require.h"
#include "seeds.h"

#define SITES	  6
#define RAW_MAX	  3500
#define PC_STEP	  0x190
#define FLAG_FILE 1

/* The functions' own lines, some of which have inlined bodies. */
static size_t frames_at(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			size_t max)
{
	const struct origin *origin = ctx;
	struct gobin_frame found[GOBIN_FRAMES_MAX];
	int n = gobin_frames(origin->bin, pc - 1, found, GOBIN_FRAMES_MAX);
	size_t count = n < 0 ? 0 : (size_t)n < max ? (size_t)n : max;

	(void)group;
	for (size_t i = 0; i < count; i++)
		frames[i] = (struct output_frame){
			.func = found[i].func,
			.file = found[i].file,
			.line = found[i].line,
			.addr = pc - 1,
			.inlined = i + 1 < count,
		};
	return count;
}

static size_t stack_at(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
		       struct output_frame *frames, size_t max, bool *cut)
{
	const size_t n = frames_at(ctx, group, pc, frames, max);

	*cut = stack % 2;
	return n + frames_at(ctx, group, pc + (uint64_t)stack * PC_STEP, frames + n, max - n);
}

static struct output_type type_at(void *ctx, uint32_t group, uint32_t type)
{
	static const struct output_type types[] = {
		{"?", -1}, {"uint8", 1}, {"main.order", 24}, {"?0x4a5f00", -1}};

	(void)ctx;
	(void)group;
	return types[type % 4];
}

static int line_at(void *ctx, const char *file, int line, char *text, size_t size)
{
	(void)ctx;
	(void)file;
	(void)line;
	snprintf(text, size, "list = append(list, value)");
	return 0;
}

static const struct output_count counts[] = {{"seen", 99}, {"folded", 90}, {"lost_fault", 9}};
static const struct output_count chain_counts[] = {{"linked", 60}, {"lost_tails", 1}};
static const struct output_est ests[] = {{"events", 250.5, 12}, {"bytes_copied", 1e6, INFINITY}};
static const char *const exes[] = {"/srv/app", "/srv/tool"};
static const struct output_target targets[] = {
	{.pid = 7, .exe = "/srv/app", .go = "go1.24.4", .arch = "amd64", .build_id = "00ff"},
	{.pid = 8, .exe = "/srv/tool", .go = "go1.21", .arch = "arm64", .cgroup = "/a"},
	{.forgotten = true},
};
static const uint32_t target_exes[] = {0, 1, 0};

struct made {
	struct report_row rows[SITES];
	const struct report_row *list[SITES];
	struct chain_row chains[SITES];
	struct chain_end ends[SITES][2];
	uint64_t lens[SS_LEN_BUCKETS];
};

static void make_rows(struct made *m, const struct origin *origin, bool bases)
{
	uint64_t start, end;

	gobin_text_range(origin->bin, &start, &end);
	memset(m, 0, sizeof(*m));
	m->lens[3] = 4;
	for (uint32_t i = 0; i < SITES; i++) {
		struct report_row *row = &m->rows[i];
		const uint64_t pc = start + (uint64_t)(i / 2 + 3) * PC_STEP;

		*row = (struct report_row){
			.key = {.group = i % 2, .addr = bases ? 0xc000010000 + i : pc},
			.sums = {i + 2, 10, 20, 160, 80, 80, i == 3},
			.d = {.events = i % 3, .len_sum = 3, .cap_sum = 4},
		};
		m->list[i] = row;
		if (bases) {
			row->last = (struct report_last){3, 4, pc, SS_OP_MAKE, i % 4};
			continue;
		}
		row->key.type = i % 4;
		row->key.stack = i;
		row->key.op = i % 2 ? SS_OP_GROW : SS_OP_MAKE;
		row->lens = m->lens;
		m->ends[i][0] = (struct chain_end){8, 5, 30, 15, 4096, 5000};
		m->ends[i][1] = (struct chain_end){1024, 90, 90000, 900, 1 << 20, 1 << 21};
		m->chains[i] = (struct chain_row){
			.key = row->key, .elem_size = 8, .ends = m->ends[i], .nends = 2};
	}
}

static size_t written(const struct recording_source *source, uint8_t *file, size_t room)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	ssize_t n;

	require(fd >= 0 && recording_write(fd, source) == 0);
	n = pread(fd, file, room, 0);
	require(n > 0 && (size_t)n < room);
	close(fd);
	return (size_t)n;
}

/* What the file holds; 0: too much for an input. */
static size_t inflated(const uint8_t *file, size_t len, uint8_t *raw)
{
	z_stream z = {.next_in = (uint8_t *)file, .avail_in = (uInt)len, .next_out = raw};
	int status;

	z.avail_out = RAW_MAX;
	require(inflateInit2(&z, 15 + 16) == Z_OK);
	status = inflate(&z, Z_FINISH);
	require(inflateEnd(&z) == Z_OK);
	return status == Z_STREAM_END ? z.total_out : 0;
}

static void write_seed(const struct origin *origin, const char *part, uint8_t flags,
		       const uint8_t *first, size_t len, const uint8_t *second, size_t len_second)
{
	struct seed seed = {.len = 0};

	seed_byte(&seed, flags);
	seed_u16(&seed, len);
	seed_put(&seed, first, len);
	seed_put(&seed, second, len_second);
	seed_write(origin, "recording", part, &seed);
}

static void seed_of(const struct origin *origin, enum output_view view, const char *part)
{
	struct made m;
	struct output_report r = {
		.time = {1767323045, 678900000},
		.elapsed_s = 12.5,
		.view = view,
		.by_target = view != OUTPUT_CHAINS,
		.stacks = view == OUTPUT_BY_SITE,
		.exes = exes,
		.nexes = 2,
		.targets = targets,
		.ntargets = 3,
		.counts = counts,
		.ncounts = 3,
		.ests = ests,
		.nests = 2,
		.rows = m.list,
		.nrows = view == OUTPUT_CHAINS ? 0 : SITES,
		.chains = m.chains,
		.nchains = view == OUTPUT_CHAINS ? SITES : 0,
		.chain_counts = chain_counts,
		.nchain_counts = 2,
	};
	const struct recording_source source = {
		.report = &r,
		.target_exes = target_exes,
		.groups_of_exes = 3,
		.names = {type_at, frames_at, stack_at, (void *)origin},
		.source = line_at,
	};
	uint8_t file[RAW_MAX], raw[RAW_MAX];
	size_t len, file_len;

	make_rows(&m, origin, view == OUTPUT_BY_BASE);
	file_len = written(&source, file, sizeof(file));
	len = inflated(file, file_len, raw);
	if (!len)
		return;
	write_seed(origin, part, 0, raw, len, raw, len);
	if (view == OUTPUT_BY_SITE)
		write_seed(origin, "file", FLAG_FILE, file, file_len, raw, len);
}

void seeds_of_recordings(const struct origin *origin)
{
	seed_of(origin, OUTPUT_BY_SITE, "sites");
	seed_of(origin, OUTPUT_BY_BASE, "bases");
	seed_of(origin, OUTPUT_CHAINS, "chains");
}
