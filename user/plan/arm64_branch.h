/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_PLAN_ARM64_BRANCH_H
#define SS_PLAN_ARM64_BRANCH_H

#include <stdint.h>

/* Where control goes behind an A64 instruction. */
enum arm64_flow {
	ARM64_ON,	    /* to the next one */
	ARM64_BRANCH,	    /* to the target or on */
	ARM64_JUMP,	    /* to the target */
	ARM64_CALL,	    /* to the target and back */
	ARM64_CALL_REG,	    /* to where a register says and back */
	ARM64_ELSEWHERE,    /* the word does not say */
	ARM64_RETURN,	    /* by the link register */
	ARM64_NEVER_PASSED, /* it traps */
};

/* For the word at addr; *target is set where there is one, else 0. */
enum arm64_flow arm64_flow(uint32_t word, uint64_t addr, uint64_t *target);

#endif
