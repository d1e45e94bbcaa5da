/* SPDX-License-Identifier: BSD-2-Clause */
/* Which functions are in scope, told by their names and the user's patterns. */
#ifndef SS_PLAN_SCOPE_NAMES_H
#define SS_PLAN_SCOPE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/scope.h"

struct scope_names;

/* The patterns stay the caller's. 0 or -ENOMEM. */
int scope_names_new(const struct plan_patterns *patterns, struct scope_names **out);
void scope_names_free(struct scope_names *names);

/*
 * Whether the function of this name, as pclntab spells it, is in scope. Names longer than compilers
 * make them are not.
 */
bool scope_names_have(struct scope_names *names, const char *func);

/* Which functions are in scope, in words: "functions that match 'main.*'". */
void scope_names_describe(const struct plan_patterns *patterns, char *buf, size_t size);

#endif
