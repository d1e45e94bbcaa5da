/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the code that calls the probed functions tells: which functions are wrappers, whose caller
 * is the user's line, and the element type that each call passes.
 */
#ifndef SS_PLAN_CALLERS_H
#define SS_PLAN_CALLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "log/reason.h"
#include "plan/plan.h"

/* A call whose type argument only the run knows: it is probed. */
struct plan_type_call {
	uint64_t offset; /* in the file */
	uint32_t arg;	 /* number of the integer argument that is the type */
	uint32_t zero;
};

/* A call that passes always the same type; addresses are link-time addresses. */
struct plan_constant_call {
	uint64_t ret; /* the return address */
	uint64_t type;
	uint64_t size; /* of an element, in bytes */
};

struct plan_callers {
	uint64_t text; /* link-time address of Go's text */
	uint64_t text_size;
	uint64_t *marks; /* SS_MARK_* as in slicestat.h */
	size_t nmarks;
	struct plan_type_call *type_calls;
	size_t ntype_calls;
	struct plan_constant_call *constant_calls; /* ascending by ret */
	size_t nconstant_calls;
};

/*
 * Look at the calls of the plan's functions. skip: patterns of function names, as in glob(7) but
 * that * matches any text, of packages whose callers are wanted in their place. Sets *out, to be
 * freed with plan_callers_free; 0 or a negative errno with why set.
 */
int plan_callers_make(const struct gobin *bin, const struct plan *plan, const char *const *skip,
		      size_t nskip, struct plan_callers **out, struct reason *why);
void plan_callers_free(struct plan_callers *callers);

/* How many words of marks so much text has. */
size_t plan_callers_words(uint64_t text_size);

/* The type that the call before this return address passes always; 0 where that is not known. */
uint64_t plan_callers_type(const struct plan_callers *callers, uint64_t ret);

/* The SS_MARK_* of the call before this return address. */
uint32_t plan_callers_marks(const struct plan_callers *callers, uint64_t ret);

/* True for a function that is no user's line: a wrapper of the runtime's, or one to be skipped. */
bool plan_is_wrapper(const char *func, const char *const *skip, size_t nskip);

#endif
