/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls in chosen functions of real Go executables. To be included behind cmocka.h. */
#ifndef SS_TESTS_GO_SCOPE_H
#define SS_TESTS_GO_SCOPE_H

#include <errno.h>

#include "go_plan.h"
#include "plan/scope.h"

#define SCOPE_OPS (1u << SS_OP_GROW | 1u << SS_OP_MAKE | 1u << SS_OP_COPY)

/* in and not_in are one pattern each, or NULL. NULL where nothing is found. */
static inline struct plan_scope *scope_skipping(const struct gobin *bin, const char *in,
						const char *not_in, const char *skip)
{
	const struct plan_request request = {.ops = SCOPE_OPS};
	const struct plan_patterns patterns = {
		.in = &in, .nin = in != NULL, .not_in = &not_in, .nnot_in = not_in != NULL};
	struct plan_scope *scope = NULL;
	struct reason why = {""};
	int err = plan_scope_make(bin, &request, &patterns, &skip, skip != NULL, &scope, &why);

	if (err && err != -ENOENT)
		fail_msg("%s", why.text);
	assert_int_equal(err == -ENOENT, scope == NULL);
	return scope;
}

static inline struct plan_scope *scope_of(const struct gobin *bin, const char *in,
					  const char *not_in)
{
	return scope_skipping(bin, in, not_in, NULL);
}

static inline size_t count(const struct plan_scope *scope)
{
	return scope ? scope->ncalls : 0;
}

#endif
