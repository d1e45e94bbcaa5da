/* SPDX-License-Identifier: BSD-2-Clause */
/* Real Go executables and what their callers tell. To be included behind cmocka.h. */
#ifndef SS_TESTS_GO_CALLERS_H
#define SS_TESTS_GO_CALLERS_H

#include "go_plan.h"
#include "plan/callers.h"

/* All operations on slices that a plan can hold. */
#define ALL_OPS ((1u << SS_OP_FUNC) - 2)

struct called {
	struct gobin *bin;
	struct plan plan;
	struct plan_callers *callers;
};

static inline struct called open_callers(int fd, uint32_t ops, const char *const *skip,
					 size_t nskip)
{
	struct called c = {.bin = open_bin(fd)};
	struct reason why = {""};

	if (plan_ops(c.bin, ops, &c.plan, &why) ||
	    plan_callers_make(c.bin, &c.plan, skip, nskip, &c.callers, &why))
		fail_msg("%s", why.text);
	return c;
}

static inline void close_callers(struct called *c)
{
	plan_callers_free(c->callers);
	gobin_free(c->bin);
}

/*
 * The return address of the function's only call that passes always the same type, with that type
 * in *type.
 */
static inline uint64_t typed_call_in(const struct called *c, const char *func, uint64_t *type)
{
	struct gobin_func f;
	uint64_t ret = 0;

	assert_int_equal(gobin_find_func(c->bin, func, &f), 0);
	*type = 0;
	for (uint64_t at = f.addr + 1; at <= f.end; at++) {
		uint64_t found = plan_callers_type(c->callers, at);

		if (!found)
			continue;
		assert_int_equal(ret, 0);
		ret = at;
		*type = found;
	}
	assert_int_not_equal(ret, 0);
	return ret;
}

#endif
