// SPDX-License-Identifier: BSD-2-Clause
#include "cli/names.h"

#include "symbol/stack.h"
#include "trace/groups.h"

static struct symbols *symbols_of(const struct executable *exe)
{
	return exe ? exe->symbols : NULL;
}

static struct symbols *symbols_of_exe(const struct trace *trace, uint32_t number)
{
	return symbols_of(number < trace->nexes ? trace->exes[number] : NULL);
}

/* A target's, or those of a group that is of no target any more. */
static struct symbols *symbols_of_target(const struct trace *trace, uint32_t group)
{
	if (group < trace->ntargets)
		return symbols_of(trace->targets[group].exe);
	return group < trace->room ? NULL : symbols_of_exe(trace, group - (uint32_t)trace->room);
}

static struct output_type find_type(struct symbols *symbols, uint32_t type)
{
	struct symbol_type found = {.name = "?", .size = -1};

	if (symbols)
		found = symbols_type(symbols, type);
	return (struct output_type){.name = found.name, .size = found.size};
}

static struct output_type type_of_exe(void *ctx, uint32_t group, uint32_t type)
{
	return find_type(symbols_of_exe(ctx, group), type);
}

static struct output_type type_of_target(void *ctx, uint32_t group, uint32_t type)
{
	return find_type(symbols_of_target(ctx, group), type);
}

static struct output_frame shown(struct symbols *symbols, const struct gobin_frame *found)
{
	return (struct output_frame){
		.func = symbols_func_name(symbols, found->func),
		.file = found->file,
		.line = found->line,
		.symbol = found->func,
	};
}

static size_t find_site(struct symbols *symbols, uint64_t pc, struct output_frame *frames,
			size_t max)
{
	struct gobin_frame found[GOBIN_FRAMES_MAX];
	size_t n = symbols ? symbols_site(symbols, pc, found, GOBIN_FRAMES_MAX) : 0;

	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++) {
		frames[i] = shown(symbols, &found[i]);
		frames[i].addr = pc - 1;
		frames[i].inlined = i + 1 < n;
	}
	return n;
}

static size_t callers_of(const struct traced *t, uint64_t pc, const uint64_t *addrs, size_t n,
			 struct output_frame *frames, size_t max)
{
	const struct symbol_source source = executable_source(t->exe);
	struct stack_frame found[OUTPUT_STACK_MAX];
	size_t count = stack_callers(&source, pc, addrs, n, found, max);

	for (size_t i = 0; i < count; i++) {
		frames[i] = shown(t->exe->symbols, &found[i].at);
		frames[i].addr = found[i].addr;
		frames[i].inlined = found[i].inlined;
	}
	return count;
}

static size_t site_of_exe(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			  size_t max)
{
	return find_site(symbols_of_exe(ctx, group), pc, frames, max);
}

static size_t site_of_target(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			     size_t max)
{
	return find_site(symbols_of_target(ctx, group), pc, frames, max);
}

/* Stacks are kept for rows of single processes only. */
static size_t stack_of(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
		       struct output_frame *frames, size_t max, bool *cut)
{
	const struct trace *trace = ctx;
	uint64_t addrs[SS_STACK_DEPTH];
	int n = session_stack(trace->session, stack, addrs);
	const struct traced *t;
	size_t count;

	*cut = false;
	if (n <= 0 || group >= trace->ntargets || !symbols_of_target(trace, group))
		return 0;
	t = &trace->targets[group];
	for (int i = 0; i < n; i++)
		addrs[i] -= t->bias;
	if (max > OUTPUT_STACK_MAX)
		max = OUTPUT_STACK_MAX;
	count = site_of_target(ctx, group, pc, frames, max);
	count += callers_of(t, pc, addrs, (size_t)n, frames + count, max - count);
	*cut = n == SS_STACK_DEPTH || count == max;
	return count;
}

struct output_names names_of_recorded(struct trace *trace, bool by_target)
{
	return (struct output_names){
		.type = by_target ? type_of_target : type_of_exe,
		.site = by_target ? site_of_target : site_of_exe,
		.stack = stack_of,
		.ctx = trace,
	};
}

struct output_names names_of(struct trace *trace)
{
	return names_of_recorded(trace, trace_rows_by_target(trace));
}
