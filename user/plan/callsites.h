/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who calls given functions: every direct call in Go's text, with the element type it passes where
 * that is a constant of the call. Told from the bytes: a scan at memory speed for calls, decoding
 * only around those found.
 */
#ifndef SS_PLAN_CALLSITES_H
#define SS_PLAN_CALLSITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "log/reason.h"
#include "plan/basepoint.h"

/* A function whose calls are looked for. */
struct callee {
	uint64_t addr;	/* link-time address of its first instruction */
	int type_arg;	/* number of the integer argument that is the *abi.Type; -1 none */
	uint32_t index; /* the caller's own, copied to its call sites */
};

/* Addresses are link-time addresses. */
struct callsite {
	uint64_t call; /* the call instruction */
	uint64_t ret;  /* the instruction behind it: the return address */
	uint64_t type; /* the type's descriptor; 0 where it is not a constant of this call */
	struct gobin_type elem; /* that type, where it is */
	struct basepoint base;	/* where its first result is had, with callsite_search.bases */
	uint32_t index;		/* callee.index */
	uint8_t zero[4];
};

struct callsite_search {
	const struct callee *callees;
	size_t ncallees;
	/*
	 * Whether this is one of the calls that are looked for: others cost little. It is asked
	 * for what turns out to be no call too. NULL: all are.
	 */
	bool (*wants)(void *ctx, uint64_t call);
	void *ctx;
	bool bases; /* tell where the first results are had */
	/*
	 * Set: what looks like such a call, but lies behind bytes of its function that do not
	 * decode, so that nobody can tell whether it is one.
	 */
	size_t undecided;
};

/*
 * The calls looked for, ascending by address, in *out (the caller's, to be freed with free).
 * Their number; 0 is none; or a negative errno with the cause in why: -ENOTSUP an architecture that
 * this build cannot read, -EFBIG beyond what programs have, -ENOMEM, or that of reading.
 */
int64_t callsites_search(const struct gobin *bin, struct callsite_search *search,
			 struct callsite **out, struct reason *why);

/* The same for all calls of the callees. */
int64_t callsites_find(const struct gobin *bin, const struct callee *callees, size_t n,
		       struct callsite **out, struct reason *why);

#endif
