/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text that a program in FIPS mode checks for changes at its start and dies of: never probed
 * (crypto/internal/fips140/check, Go 1.24 and newer).
 */
#ifndef SS_PLAN_FIPS_H
#define SS_PLAN_FIPS_H

#include <stdbool.h>
#include <stdint.h>

#include "gobin/gobin.h"

/* Link-time addresses; 0 where there is no such end. */
struct fips_text {
	uint64_t start;
	uint64_t end;
};

struct fips_text fips_text_of(const struct gobin *bin);

/* Whether any of [start, end) may be checked. */
bool fips_holds(const struct fips_text *fips, uint64_t start, uint64_t end);

#endif
