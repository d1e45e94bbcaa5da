// SPDX-License-Identifier: BSD-2-Clause
#include "cli/names.h"

#include "symbol/stack.h"

static struct symbols *symbols_of(const struct trace *trace, uint32_t group)
{
	const struct executable *exe = NULL;

	if (trace_rows_by_target(trace))
		exe = group < trace->ntargets ? trace->targets[group].exe : NULL;
	else
		exe = group < trace->nexes ? trace->exes[group] : NULL;
	return exe ? exe->symbols : NULL;
}

static struct output_type type_of(void *ctx, uint32_t group, uint32_t type)
{
	struct symbols *symbols = symbols_of(ctx, group);
	struct symbol_type found = {.name = "?", .size = -1};

	if (symbols)
		found = symbols_type(symbols, type);
	return (struct output_type){.name = found.name, .size = found.size};
}

/* n frames as shown, at most max. */
static size_t show_frames(struct symbols *symbols, const struct gobin_frame *found, size_t n,
			  struct output_frame *frames, size_t max)
{
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++)
		frames[i] = (struct output_frame){
			.func = symbols_func_name(symbols, found[i].func),
			.file = found[i].file,
			.line = found[i].line,
		};
	return n;
}

static size_t site_of(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
		      size_t max)
{
	struct symbols *symbols = symbols_of(ctx, group);
	struct gobin_frame found[GOBIN_FRAMES_MAX];
	size_t n = symbols ? symbols_site(symbols, pc, found, GOBIN_FRAMES_MAX) : 0;

	return show_frames(symbols, found, n, frames, max);
}

/* Stacks are kept for rows of single processes only. */
static size_t stack_of(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
		       struct output_frame *frames, size_t max)
{
	const struct trace *trace = ctx;
	struct gobin_frame found[OUTPUT_STACK_MAX];
	uint64_t addrs[SS_STACK_DEPTH];
	int n = session_stack(trace->session, stack, addrs);
	struct symbol_source source;
	const struct traced *t;
	size_t own, callers;

	if (n <= 0 || !symbols_of(trace, group))
		return 0;
	t = &trace->targets[group];
	for (int i = 0; i < n; i++)
		addrs[i] -= t->bias;
	source = executable_source(t->exe);
	own = site_of(ctx, group, pc, frames, max);
	callers = stack_callers(&source, pc, addrs, (size_t)n, found, OUTPUT_STACK_MAX);
	return own + show_frames(t->exe->symbols, found, callers, frames + own, max - own);
}

struct output_names names_of(struct trace *trace)
{
	return (struct output_names){
		.type = type_of, .site = site_of, .stack = stack_of, .ctx = trace};
}
