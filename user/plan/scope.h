/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A part of the program instead of all of it: the calls that grow, make and copy slices in chosen
 * functions, to be probed in the place of what they call. All arguments are in registers there, and
 * the other functions run at full speed.
 */
#ifndef SS_PLAN_SCOPE_H
#define SS_PLAN_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "log/reason.h"
#include "plan/basepoint.h"
#include "plan/plan.h"

/*
 * The integer arguments of a call by number, for Go 1.21 to 1.27 (src/runtime/slice.go); et is the
 * *abi.Type of the elements.
 */
enum plan_scope_form {
	SCOPE_GROW, /* growslice: 0 oldPtr, 1 newLen, 2 oldCap, 3 num, 4 et */
	/*
	 * growsliceBuf, since Go 1.26: the same, 5 bufPtr, 6 bufLen. Where newLen is not above
	 * bufLen the slice stays in its buffer and nothing grows; else it calls growslice.
	 */
	SCOPE_GROW_BUF,
	SCOPE_MAKE, /* makeslice: 0 et, 1 len, 2 cap */
	SCOPE_COPY, /* makeslicecopy: 0 et, 1 tolen, 2 fromlen, 3 from */
};

struct plan_scope_call {
	uint64_t addr;	 /* link-time address of the call instruction */
	uint64_t offset; /* the same in the file */
	uint64_t ret;	 /* link-time return address */
	uint64_t type;	 /* link-time address of et; 0: only the run knows */
	uint64_t size;	 /* of an element in bytes, where type != 0 */
	struct basepoint base;
	uint64_t base_offset; /* base.addr in the file; 0 with CALLSITE_NO_PROBE */
	uint8_t op;	      /* enum ss_op */
	uint8_t pointers;     /* 1: the elements have pointers, where type != 0 */
	uint8_t form;	      /* enum plan_scope_form */
	uint8_t zero[5];
};

/* The calls' numbers have 16 bits in attach cookies. */
#define PLAN_SCOPE_CALLS_MAX 65536

/*
 * Which functions are in scope: those whose names match any pattern of in (all, where there is
 * none) and none of not_in. A pattern is as in glob(7) but that * matches any text. Type arguments
 * of generic functions may be left out or be "[...]", both of which mean all instantiations; or be
 * those of the linker's name, where brackets are no glob's: "main.Map[go.shape.*]".
 */
struct plan_patterns {
	const char *const *in;
	size_t nin;
	const char *const *not_in;
	size_t nnot_in;
};

struct plan_scope {
	struct plan_scope_call *calls; /* ascending by addr */
	size_t ncalls;
	bool has_headers; /* Go 1.22 and newer: see bpf/size_classes.h */
	size_t fips;	  /* calls left out: in the text that a FIPS program checks for changes */
	size_t undecided; /* left out: what may be calls, behind bytes that do not decode */
};

/*
 * Whether the base of call number i is had at the very instruction that is the next call in scope:
 * one probe serves both, for the order of two on one instruction is the kernel's.
 */
bool plan_scope_ends_at_next(const struct plan_scope *scope, size_t i);

/*
 * Find the calls for the request's operations, which may be SS_OP_GROW, SS_OP_MAKE and SS_OP_COPY.
 * The function that counts is the one that reports show: the innermost of the bodies inlined into
 * each other at the call that is no wrapper; skip as for plan_callers_make. Sets *out, to be freed
 * with plan_scope_free; or a negative errno with the cause in why: -EINVAL another operation or a
 * recorded function is requested, -ENOENT no such calls, -E2BIG more than PLAN_SCOPE_CALLS_MAX,
 * -ENOTSUP and -EBADMSG as plan_make, and those of callsites_search.
 */
int plan_scope_make(const struct gobin *bin, const struct plan_request *request,
		    const struct plan_patterns *patterns, const char *const *skip, size_t nskip,
		    struct plan_scope **out, struct reason *why);
void plan_scope_free(struct plan_scope *scope);

/*
 * For how many calls the instruction behind, where the base is had, is of this enum plan_price, or
 * CALLSITE_NO_PROBE. Only with --by base it is probed.
 */
size_t plan_scope_rets(const struct plan_scope *scope, uint8_t price);

#endif
