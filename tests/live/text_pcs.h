/* SPDX-License-Identifier: BSD-2-Clause */
/* Random addresses of an executable's Go text, the same in every run. */
#ifndef SS_TESTS_TEXT_PCS_H
#define SS_TESTS_TEXT_PCS_H

#include <stdint.h>

#include "gobin/gobin.h"

#define TEXT_PCS_SEED 0x9e3779b97f4a7c15ull

struct text_pcs {
	uint64_t start, size; /* of the text */
	uint64_t random;
};

static inline struct text_pcs text_pcs_of(const struct gobin *bin)
{
	struct text_pcs pcs = {.random = TEXT_PCS_SEED};
	uint64_t end;

	gobin_text_range(bin, &pcs.start, &end);
	pcs.size = end - pcs.start;
	return pcs;
}

/* xorshift64* */
static inline uint64_t text_pcs_next(struct text_pcs *pcs)
{
	uint64_t *r = &pcs->random;

	*r ^= *r >> 12;
	*r ^= *r << 25;
	*r ^= *r >> 27;
	return pcs->start + *r * 0x2545f4914f6cdd1dull % pcs->size;
}

#endif
