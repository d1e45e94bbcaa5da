// SPDX-License-Identifier: BSD-2-Clause
#include "plan/callsites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/arch.h"
#include "plan/calls_arch.h"
#include "plan/flow.h"
#include "plan/trampoline.h"

/* Bytes of text that are scanned at a time: most functions lie in one block, which is cached. */
#define BLOCK (256u << 10)

/* Untrusted files: far above what programs have, and what is kept and decoded stays bounded. */
#define TEXT_MAX  (1ull << 30)
#define SITES_MAX (1u << 20)

/* Types last read, by address: most calls pass one of few. */
#define TYPES_KEPT 1024

struct kept_type {
	uint64_t addr; /* 0: none */
	struct gobin_type type;
};

struct finder {
	const struct gobin *bin;
	const struct plan_arch *plan_arch;
	const struct calls_arch *arch;
	struct callsite_search *search;
	struct callee *callees; /* the search's, and trampolines to them */
	size_t ncallees;
	uint64_t *targets; /* the callees' addresses */

	struct callsite *sites; /* until decided, index is that of the callee in callees */
	size_t count;
	size_t capacity;
	size_t candidates;

	struct kept_type *types; /* TYPES_KEPT of them */

	struct gobin_func func; /* that of the flow */
	struct flow flow;
};

static int no_memory(struct reason *why)
{
	return reason_set(why, -ENOMEM, "out of memory looking for calls");
}

static int open_finder(struct finder *f, struct reason *why)
{
	const struct plan_arch *arch = plan_arch_by_id(gobin_arch(f->bin));
	int64_t n;

	if (!arch) {
		reason_set(why, -ENOTSUP, "calls in %s code cannot be found",
			   gobin_arch_name(f->bin));
		return -ENOTSUP;
	}
	f->plan_arch = arch;
	f->arch = arch->calls;
	n = trampoline_callees(f->arch, f->bin, f->search->callees, f->search->ncallees,
			       &f->callees);
	if (n == -EFBIG)
		return reason_set(why, -EFBIG,
				  "more trampolines lead to its functions than a linker makes; the "
				  "file is corrupt or made up");
	if (n < 0)
		return no_memory(why);
	f->ncallees = (size_t)n;
	f->targets = calloc(f->ncallees + 1, sizeof(*f->targets));
	f->types = calloc(TYPES_KEPT, sizeof(*f->types));
	if (!f->targets || !f->types)
		return no_memory(why);
	for (size_t i = 0; i < f->ncallees; i++)
		f->targets[i] = f->callees[i].addr;
	return 0;
}

/* All but the sites. */
static void close_finder(struct finder *f)
{
	flow_free(&f->flow);
	free(f->targets);
	free(f->callees);
	free(f->types);
}

static int add_site(struct finder *f, uint64_t call, size_t callee, struct reason *why)
{
	if (f->candidates++ == SITES_MAX)
		return reason_set(why, -EFBIG, "more than %u calls are not looked at", SITES_MAX);
	if (f->count == f->capacity) {
		const size_t capacity = f->capacity ? 2 * f->capacity : 1024;
		struct callsite *sites = realloc(f->sites, capacity * sizeof(*sites));

		if (!sites)
			return no_memory(why);
		f->sites = sites;
		f->capacity = capacity;
	}
	f->sites[f->count++] = (struct callsite){
		.call = call,
		.ret = call + f->arch->call_len,
		.index = (uint32_t)callee,
	};
	return 0;
}

/* Calls that begin in the first len bytes of the block. */
static int scan_block(struct finder *f, const struct text *block, size_t len, struct reason *why)
{
	const size_t n = f->ncallees;
	size_t callee;
	size_t at = f->arch->next_call(block, 0, f->targets, n, &callee);

	while (at < len) {
		int err = add_site(f, block->addr + at, callee, why);

		if (err)
			return err;
		at = f->arch->next_call(block, at + 1, f->targets, n, &callee);
	}
	return 0;
}

/* Make f->flow that of the function at addr: -ENOENT where there is none. */
static int read_func(struct finder *f, uint64_t addr, const struct text *block, struct reason *why)
{
	struct gobin_func func;
	int err;

	if (addr >= f->func.addr && addr < f->func.end)
		return 0;
	f->func = (struct gobin_func){0};
	err = gobin_func_at(f->bin, addr, &func);
	if (err)
		return err;
	err = flow_read_from(&f->flow, f->arch, f->bin, &func, block);
	if (err)
		return reason_set(why, err, "cannot read the code of %.100s: %s", func.name,
				  strerror(-err));
	f->func = func;
	return 0;
}

static bool type_at(struct finder *f, uint64_t addr, struct gobin_type *type)
{
	/* Descriptors are larger than 32 bytes. */
	struct kept_type *kept = &f->types[addr / 32 % TYPES_KEPT];

	if (!addr || (kept->addr != addr && gobin_type_at(f->bin, NULL, addr, &kept->type))) {
		kept->addr = 0;
		return false;
	}
	kept->addr = addr;
	*type = kept->type;
	return true;
}

/* 0 where it is not a constant of the call at this offset. */
static uint64_t constant_type(struct finder *f, size_t call, int arg, struct gobin_type *type)
{
	uint64_t value;

	if (arg < 0 || (size_t)arg >= f->arch->nargs)
		return 0;
	if (!flow_constant(&f->flow, f->arch, call, f->arch->args[arg], &value))
		return 0;
	return type_at(f, value, type) ? value : 0;
}

/*
 * 0; -ENOENT for what is not wanted or bytes that are no call: outside of functions, or in an
 * instruction, as far as can be told.
 */
static int decide(struct finder *f, struct callsite *site, const struct text *block,
		  struct reason *why)
{
	const struct callee *callee = &f->callees[site->index];
	size_t at;
	int err;

	if (f->search->wants && !f->search->wants(f->search->ctx, site->call))
		return -ENOENT;
	err = read_func(f, site->call, block, why);
	if (err)
		return err;
	at = site->call - f->func.addr;
	f->search->undecided += at >= f->flow.decoded;
	if (!(f->flow.marks[at] & FLOW_START))
		return -ENOENT;
	site->type = constant_type(f, at, callee->type_arg, &site->elem);
	site->index = callee->index;
	if (f->search->bases)
		site->base = basepoint_find(&f->flow, f->plan_arch, at + f->arch->call_len);
	return 0;
}

/* Those found in this block. */
static int decide_from(struct finder *f, size_t first, const struct text *block, struct reason *why)
{
	size_t kept = first;

	for (size_t i = first; i < f->count; i++) {
		int err = decide(f, &f->sites[i], block, why);

		if (err && err != -ENOENT)
			return err;
		if (!err)
			f->sites[kept++] = f->sites[i];
	}
	f->count = kept;
	return 0;
}

static int search_block(struct finder *f, const struct text *block, size_t len, struct reason *why)
{
	const size_t first = f->count;
	int err = scan_block(f, block, len, why);

	if (!err)
		err = decide_from(f, first, block, why);
	/* The block goes; a function that reaches into the next one has been read on its own. */
	if (f->flow.text.bytes != f->flow.bytes)
		f->func = (struct gobin_func){0};
	return err;
}

/* Blocks overlap by what a call that begins in the one can have in the next. */
static int scan_text(struct finder *f, uint8_t *buf, struct reason *why)
{
	uint64_t start, end;

	gobin_text_range(f->bin, &start, &end);
	if (end - start > TEXT_MAX)
		return reason_set(why, -EFBIG, "more than %llu bytes of code are not searched",
				  TEXT_MAX);
	for (; start < end; start += BLOCK) {
		const size_t len = end - start < BLOCK ? end - start : BLOCK;
		const size_t more = f->arch->call_len - 1;
		const size_t n = end - start - len < more ? len : len + more;
		const struct text block = {.bytes = buf, .len = n, .addr = start};
		int err = gobin_read(f->bin, start, buf, n);

		if (err)
			return reason_set(why, err, "cannot read the code: %s", strerror(-err));
		err = search_block(f, &block, len, why);
		if (err)
			return err;
	}
	return 0;
}

static int find_sites(struct finder *f, struct reason *why)
{
	uint8_t *buf = malloc(BLOCK + f->arch->call_len);
	int err = buf ? scan_text(f, buf, why) : no_memory(why);

	free(buf);
	return err;
}

int64_t callsites_search(const struct gobin *bin, struct callsite_search *search,
			 struct callsite **out, struct reason *why)
{
	struct finder f = {.bin = bin, .search = search};
	int err = open_finder(&f, why);

	search->undecided = 0;
	if (!err)
		err = find_sites(&f, why);
	close_finder(&f);
	if (err) {
		free(f.sites);
		return err;
	}
	*out = f.sites;
	return (int64_t)f.count;
}

int64_t callsites_find(const struct gobin *bin, const struct callee *callees, size_t n,
		       struct callsite **out, struct reason *why)
{
	struct callsite_search search = {.callees = callees, .ncallees = n};

	return callsites_search(bin, &search, out, why);
}
