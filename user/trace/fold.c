// SPDX-License-Identifier: BSD-2-Clause
/* From the maps' numbers to rows: whose event it was, of which type, how many bytes. */
#include "trace/fold.h"

#include <errno.h>

#include "trace/comings.h"
#include "trace/groups.h"

/* convTslice allocates a slice header (src/runtime/iface.go). */
#define HEADER_BYTES 24

/* That which has the number in the maps now; NULL where it is not known. */
static struct traced *find_target(struct trace *trace, uint32_t number)
{
	return trace->comings ? trace_comings_find(trace->comings, number)
			      : &trace->targets[number];
}

static int read_target(void *ctx, uint64_t addr, void *buf, size_t len)
{
	return ctx ? target_read(ctx, addr, buf, len) : -ESRCH;
}

static uint32_t type_number(struct traced *t, uint64_t site, uint64_t type)
{
	const struct gobin_memory memory = {.read = read_target, .ctx = t->target, .bias = t->bias};

	return symbols_type_number(t->exe->symbols, &t->types, &memory, site, type);
}

/* The products fit: no more than 2^48 bytes can be alive, and few times as many be counted. */
static void add_bytes(struct report_sums *sums, int64_t size, uint64_t copied_elems)
{
	uint64_t allocated, copied;

	if (size < 0 || __builtin_mul_overflow(sums->cap_sum, (uint64_t)size, &allocated) ||
	    __builtin_mul_overflow(copied_elems, (uint64_t)size, &copied)) {
		sums->unsized = sums->events;
		return;
	}
	sums->allocated = allocated;
	sums->slack = (sums->cap_sum - sums->len_sum) * (uint64_t)size;
	sums->copied += copied;
}

static void fold_base(struct trace *trace, struct traced *t, const struct ss_base_key *k,
		      const struct ss_base *v)
{
	const struct report_key row = {.addr = k->base, .group = trace_group_of(trace, t)};
	uint64_t text = t->exe->callers->text;
	uint64_t site = v->site ? text + v->site : 0;
	struct report_delta delta = {
		.sums = {.events = v->events, .len_sum = v->len_sum, .cap_sum = v->cap_sum},
		.last = {.len = v->len, .cap = v->cap, .site = site, .op = v->op},
		.reused = v->reused,
		.first_site = v->first_site ? text + v->first_site : 0,
		.first_op = v->first_op,
	};

	delta.last.type = type_number(t, site, SS_BASE_TYPE(v));
	/* What came to be of another site may be of another type. */
	add_bytes(&delta.sums, v->reused ? -1 : symbols_type_size(t->exe->symbols, delta.last.type),
		  0);
	report_add(trace->report, &row, &delta);
}

void trace_fold_base(void *ctx, const void *key, const void *val)
{
	struct trace *trace = ctx;
	const struct ss_base_key *k = key;
	const struct ss_base *v = val;
	struct traced *t = find_target(trace, k->target);

	if (t)
		fold_base(trace, t, k, v);
	else
		trace->unknown += v->events;
}

static struct report_key site_row(const struct trace *trace, const struct traced *t,
				  const struct ss_site_key *k, uint64_t pc, uint32_t type)
{
	struct report_key row = {.group = trace_group_of(trace, t)};

	if (trace->opts->view == OUTPUT_BY_PROCESS)
		return row;
	row.op = k->op;
	row.type = type;
	if (trace->opts->view == OUTPUT_BY_SITE) {
		row.addr = pc;
		row.stack = k->stack;
	}
	return row;
}

/* With all that tells rows of any view apart. */
static struct report_key finest_row(const struct trace *trace, const struct traced *t,
				    const struct ss_site_key *k, uint64_t pc, uint32_t type)
{
	return (struct report_key){
		.addr = pc,
		.group = (uint32_t)(t - trace->targets),
		.type = type,
		.stack = trace->opts->stacks ? k->stack : 0,
		.op = k->op,
	};
}

/* The base, which would have told by being runtime.zerobase, is not known. */
static bool takes_no_memory(const struct ss_site_key *k, int64_t size)
{
	return size == 0 && (k->op == SS_OP_MAKE || k->op == SS_OP_COPY || k->op == SS_OP_REFLECT);
}

static void fold_site(struct trace *trace, struct traced *t, const struct ss_site_key *k,
		      const struct ss_site *v)
{
	uint64_t pc = k->pc ? k->pc - t->bias : 0;
	uint32_t type = type_number(t, pc, k->type);
	int64_t size = symbols_type_size(t->exe->symbols, type);
	const struct report_key row = site_row(trace, t, k, pc, type);
	const struct report_key finest = finest_row(trace, t, k, pc, type);
	struct report_delta delta = {
		.sums = {.events = v->events,
			 .len_sum = v->len_sum,
			 .cap_sum = v->cap_sum,
			 .copied = v->copied_bytes},
		.lens = v->lens,
	};

	if (takes_no_memory(k, size)) {
		trace->zero_sized += v->events;
		return;
	}
	if (k->op == SS_OP_CONV)
		delta.sums.allocated = v->events * HEADER_BYTES;
	else
		add_bytes(&delta.sums, size, v->copied_elems);
	report_add(trace->report, &row, &delta);
	if (trace->finest)
		report_add(trace->finest, &finest, &delta);
}

void trace_fold_site(void *ctx, const void *key, const void *val)
{
	struct trace *trace = ctx;
	const struct ss_site_key *k = key;
	const struct ss_site *v = val;
	struct traced *t = find_target(trace, k->target);

	if (t)
		fold_site(trace, t, k, v);
	else
		trace->unknown += v->events;
}

void trace_fold_stack(void *ctx, const void *key, const void *val)
{
	struct trace *trace = ctx;
	const struct ss_site_key *k = key;
	const struct ss_site *v = val;
	uint64_t addrs[SS_STACK_DEPTH];

	if (k->stack && session_stack(trace->session, k->stack, addrs) == SS_STACK_DEPTH)
		trace->stacks_cut += v->events;
	trace_fold_site(ctx, key, val);
}

static void fold_chain(struct trace *trace, struct traced *t, const struct ss_life_key *k,
		       const struct ss_life *v)
{
	uint64_t pc = k->pc ? k->pc - t->bias : 0;
	const struct report_key row = {
		.addr = pc,
		.group = t->exe_number,
		.type = type_number(t, pc, k->type),
		.op = k->op,
	};
	const struct chain_end end = {
		.cap = k->cap,
		.chains = v->chains,
		.len_sum = v->len_sum,
		.steps = v->steps,
		.copied = v->copied,
		.dead = v->dead,
	};

	/* All of them have grown on. */
	if (!v->chains)
		return;
	if (trace->comings && trace_comings_is_leaving(trace->comings, k->target))
		chains_keep(trace->chains, &row, v->size, &end);
	else
		chains_add(trace->chains, &row, v->size, &end);
}

void trace_fold_chain(void *ctx, const void *key, const void *val)
{
	const struct ss_life_key *k = key;
	struct traced *t = find_target(ctx, k->target);

	if (t)
		fold_chain(ctx, t, k, val);
}
