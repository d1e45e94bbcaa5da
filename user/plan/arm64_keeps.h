/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_PLAN_ARM64_KEEPS_H
#define SS_PLAN_ARM64_KEEPS_H

#include <stdbool.h>
#include <stdint.h>

/* What an instruction may write, and nothing else of general registers and memory. */
struct arm64_writes {
	uint32_t regs; /* a bit for each; number 31 is the stack pointer */
	bool memory;
};

/*
 * False where that is not known: calls, exclusive and atomic accesses, what compilers do not put
 * between calls.
 */
bool arm64_writes(uint32_t word, struct arm64_writes *out);

#endif
