/* SPDX-License-Identifier: BSD-2-Clause */
/* The Go versions whose runtime functions the planner knows. */
#ifndef SS_PLAN_VERSION_H
#define SS_PLAN_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "gobin/gobin.h"
#include "log/reason.h"

/* 0, or -ENOTSUP with the cause in why; text is what build info calls the version. */
int version_check(struct gobin_version version, const char *text, struct reason *why);

/*
 * Whether objects with pointers may have headers, which take room: since Go 1.22, where the
 * experiment could still be left out.
 */
bool version_has_headers(struct gobin_version version, const char *text);

/* The version's first word, without experiments and a vendor's additions, cut to size. */
void version_word(const char *text, char *buf, size_t size);

#endif
