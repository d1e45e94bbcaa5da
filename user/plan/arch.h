/* SPDX-License-Identifier: BSD-2-Clause */
/* What the planner must know of an architecture: one file and one table row each. */
#ifndef SS_PLAN_ARCH_H
#define SS_PLAN_ARCH_H

#include <capstone/capstone.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "plan/calls_arch.h"
#include "plan/code.h"
#include "plan/plan.h"

/* In the place of a register's number: it is at the top of the stack. */
#define CALLER_ON_STACK 0xff

struct plan_arch {
	const char *name; /* as GOARCH spells it */
	enum gobin_arch id;
	cs_arch cs_arch;
	cs_mode cs_mode;
	/* Bytes of every instruction, so that one unknown to Capstone has an end; 0: they differ.
	 */
	size_t insn_len;
	const char *sp_name;
	/* Where a function has its return address at its start and at its RETs. */
	const char *caller_name;
	uint8_t caller_reg; /* the register's number, or CALLER_ON_STACK */
	/*
	 * Calls are counted at the last branch of the stack check, where it is not taken, and not
	 * behind it, where every instruction is stepped.
	 */
	bool counts_at_check;
	/* Go's ABIInternal: the registers of the first three integer results. */
	uint8_t results[3];
	/* The registers of integer arguments, as many as calls has of them. */
	const char *const *arg_names;
	/* Where the fields lie at points whose places do not depend on the executable, else NULL.
	 */
	const char *fields[PLAN_POINTS];

	/* Fill kind, target, imm, reg and reg2 of *out (zeroed before) from a decoded instruction.
	 */
	void (*lift)(const cs_insn *cs, struct insn *out);
	/* enum plan_price of a probe on it, or -ENOTSUP where none may be put (refused, harmful).
	 */
	int (*price)(const uint8_t *bytes, size_t len);
	/*
	 * Number of instructions of the stack check the function starts with, the branches
	 * to the morestack path included; 0: it starts without one. Up to its end only scratch
	 * registers and flags have changed.
	 */
	size_t (*stack_check)(const struct code *code);
	const struct calls_arch *calls; /* for callsites.h */
};

extern const struct plan_arch plan_arch_amd64;
extern const struct plan_arch plan_arch_arm64;

const struct plan_arch *plan_arch_by_id(enum gobin_arch id); /* NULL: no planner */
const struct plan_arch *plan_arch_by_name(const char *name); /* NULL: no planner */

#endif
