// SPDX-License-Identifier: BSD-2-Clause
/*
 * verifier_cost
 *	loads the programs as each mode of the product does, and prints what that takes the kernel's
 *	verifier: mode, program, instructions processed, states in all, states at most at a time;
 *	separated by tabs. Sizes are fixed, so that the figures depend on the kernel and the
 *	compiler alone.
 */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "session/features.h"
#include "session/maps.h"
#include "session/programs.h"
#include "session/slots.h"

/* BPF_LOG_STATS of include/linux/bpf_verifier.h. */
#define LOG_STATS 4

#define MAX_BASES  262144
#define MAX_SITES  16384
#define MAX_SMALL  1024
#define SHARDS	   4
#define TEXT_BYTES (1u << 20)

/* The points that a mode has sites for, as bits. */
#define BIT(point)  (1u << (point))
#define GROW_POINTS (BIT(PLAN_GROW_CALL) | BIT(PLAN_GROW_RET))
#define PAIR_POINTS (BIT(PLAN_MAKE_ENTER) | BIT(PLAN_MAKE_RET) | BIT(PLAN_COPY_ENTER))
#define CHAIN_POINTS                                                                               \
	(GROW_POINTS | PAIR_POINTS | BIT(PLAN_SLICE_RET) | BIT(PLAN_TYPE_CALL) |                   \
	 BIT(PLAN_GROW_ENTER))
#define ALL_POINTS                                                                                 \
	(GROW_POINTS | PAIR_POINTS | BIT(PLAN_SLICE_RET) | BIT(PLAN_TYPE_CALL) |                   \
	 BIT(PLAN_STRING_RET) | BIT(PLAN_CONV_ENTER) | BIT(PLAN_FUNC_ENTER))
#define SCOPE_POINTS (BIT(PLAN_SCOPE_CALL) | BIT(PLAN_SCOPE_RET))

static const struct mode {
	const char *name;
	enum session_fold fold;
	bool stacks;
	uint32_t points;
} modes[] = {
	{"base", SESSION_FOLD_BASES, false, ALL_POINTS},
	{"site", SESSION_FOLD_SITES, false, ALL_POINTS},
	{"stacks", SESSION_FOLD_SITES, true, ALL_POINTS},
	{"chains", SESSION_FOLD_CHAINS, false, CHAIN_POINTS},
	{"scope-base", SESSION_FOLD_BASES, false, SCOPE_POINTS},
	{"scope-site", SESSION_FOLD_SITES, false, SCOPE_POINTS},
	{"scope-stacks", SESSION_FOLD_SITES, true, SCOPE_POINTS},
};

static const struct mode *loading;
static unsigned int printed;

/* "prog 'NAME': -- BEGIN PROG LOAD LOG --", lines, among them "processed N insns ...". */
static void print_stats(const char *log)
{
	const char *stats = strstr(log, "\nprocessed ");
	unsigned long insns, total, peak;
	char name[64];

	if (sscanf(log, "libbpf: prog '%63[^']'", name) != 1 || !stats ||
	    sscanf(stats,
		   "\nprocessed %lu insns (limit %*u) max_states_per_insn %*u total_states %lu "
		   "peak_states %lu",
		   &insns, &total, &peak) != 3)
		errx(1, "cannot read the verifier's statistics: %s", log);
	printf("%s\t%s\t%lu\t%lu\t%lu\n", loading->name, name, insns, total, peak);
	printed++;
}

static int take_message(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char *text = NULL;
	int n;

	n = vasprintf(&text, fmt, ap);
	if (n < 0)
		err(1, "no memory");
	if (strstr(text, "BEGIN PROG LOAD LOG") && level == LIBBPF_DEBUG)
		print_stats(text);
	else if (level != LIBBPF_DEBUG)
		fputs(text, stderr);
	free(text);
	return n;
}

/* A site at each point; slots of a frame as Go 1.24 has them. */
static struct plan make_plan(uint32_t points)
{
	struct plan plan = {.nfuncs = 1,
			    .grow_frame = {.base = 0x58, .len = 0x48, .cap = 0x30, .caller = 0x68}};

	for (int point = 0; point < PLAN_POINTS; point++)
		if (points & BIT(point))
			plan.sites[plan.nsites++] = (struct plan_site){.point = (uint8_t)point};
	return plan;
}

static unsigned int count_programs(const struct programs *p)
{
	unsigned int n = 0;

	for (int point = 0; point < PLAN_POINTS; point++)
		n += programs_at(p, point) != NULL;
	return n;
}

static void load_programs(const struct mode *m, struct maps_bpf *maps, uint32_t entries)
{
	const struct programs_mode mode = {
		.by = features_uprobe_multi() ? SESSION_UPROBE_MULTI : SESSION_PERF_EVENT,
		.fold = m->fold,
		.stacks = m->stacks,
		.shards = m->fold == SESSION_FOLD_SITES ? SHARDS : 1,
		.slots = slots_for(entries),
		.log_level = LOG_STATS,
	};
	static uint64_t marks[TEXT_BYTES >> SS_MARK_WORD_SHIFT];
	const struct plan plan = make_plan(m->points);
	struct plan_callers callers = {
		.text_size = TEXT_BYTES, .marks = marks, .nmarks = sizeof(marks) / sizeof(*marks)};
	struct plan_scope_call call = {.base = {.price = PLAN_EMULATED}};
	struct plan_scope scope = {.calls = &call, .ncalls = 1, .has_headers = true};
	struct plan_type_call type_call = {.arg = 0};
	const bool scoped = m->points == SCOPE_POINTS;
	const struct programs_sites sites = {&plan, &callers, scoped ? &scope : NULL};
	struct programs *p;
	struct reason why;

	if (m->points & BIT(PLAN_TYPE_CALL)) {
		callers.type_calls = &type_call;
		callers.ntype_calls = 1;
	}
	loading = m;
	printed = 0;
	if (programs_load(&sites, maps, &mode, &p, &why))
		errx(1, "%s: %s", m->name, why.text);
	if (printed != count_programs(p))
		errx(1, "%s: %u programs, statistics of %u", m->name, count_programs(p), printed);
	programs_free(p);
}

static void load_mode(const struct mode *m)
{
	const struct session_options opts = {.fold = m->fold,
					     .stacks = m->stacks,
					     .max_bases = MAX_BASES,
					     .max_sites = MAX_SITES,
					     .max_tails = MAX_SMALL,
					     .max_lives = MAX_SMALL,
					     .max_pending = MAX_SMALL,
					     .max_targets = 1};
	const uint32_t entries = maps_entries(&opts, SHARDS);
	struct maps_bpf *maps;
	struct windows *windows = NULL;

	if (maps_new(&opts, entries, &maps))
		errx(1, "%s: cannot make the maps", m->name);
	if (m->fold != SESSION_FOLD_CHAINS && maps_windows(maps, &opts, entries, &windows))
		errx(1, "%s: cannot make the windows", m->name);
	load_programs(m, maps, entries);
	windows_free(windows);
	maps_bpf__destroy(maps);
}

int main(void)
{
	libbpf_set_print(take_message);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		load_mode(&modes[i]);
	return 0;
}
