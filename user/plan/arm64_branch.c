// SPDX-License-Identifier: BSD-2-Clause
#include "plan/arm64_branch.h"

#include "plan/arm64_word.h"

/* Of all encodings that are branches or system's, the first that fits counts. */
static const struct transfer {
	struct arm64_form form;
	uint8_t flow; /* enum arm64_flow */
	uint8_t low;  /* of the target's distance, in words */
	uint8_t bits; /* of it; 0: none */
} transfers[] = {
	{{0xfc000000, 0x94000000}, ARM64_CALL, 0, 26},
	{{0xff000000, 0x54000000}, ARM64_BRANCH, 5, 19}, /* b.cond, bc.cond */
	{{0x7e000000, 0x34000000}, ARM64_BRANCH, 5, 19}, /* cbz, cbnz */
	{{0x7e000000, 0x36000000}, ARM64_BRANCH, 5, 14}, /* tbz, tbnz */
	{{0xfc000000, 0x14000000}, ARM64_JUMP, 0, 26},
	{{0xffffffff, 0xd65f03c0}, ARM64_RETURN, 0, 0},
	{{0xfffffc1f, 0xd63f0000}, ARM64_CALL_REG, 0, 0},
	{{0xffe0001f, 0xd4200000}, ARM64_NEVER_PASSED, 0, 0}, /* brk */
	{{0xffe0001f, 0xd4400000}, ARM64_NEVER_PASSED, 0, 0}, /* hlt */
	{{0xff000000, 0xd4000000}, ARM64_ON, 0, 0},	      /* svc and the like */
	{{0xff000000, 0xd5000000}, ARM64_ON, 0, 0}, /* hints, barriers, system registers */
};

/* Undefined, as are most small numbers among the code. */
static const struct arm64_form undefined[] = {
	{0x9e000000, 0x00000000},
	{0x1a000000, 0x02000000},
};

#define TRANSFERS (sizeof(transfers) / sizeof(transfers[0]))

enum arm64_flow arm64_flow(uint32_t word, uint64_t addr, uint64_t *target)
{
	*target = 0;
	if (!arm64_is(word, ARM64_BRANCH_OR_SYSTEM))
		return arm64_is_any(word, undefined, sizeof(undefined) / sizeof(undefined[0]))
			       ? ARM64_NEVER_PASSED
			       : ARM64_ON;
	for (size_t i = 0; i < TRANSFERS; i++) {
		const struct transfer *t = &transfers[i];

		if (!arm64_is(word, t->form))
			continue;
		if (t->bits)
			*target = addr + (uint64_t)arm64_signed(word, t->low, t->bits) * ARM64_WORD;
		return (enum arm64_flow)t->flow;
	}
	return ARM64_ELSEWHERE;
}
