/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What finding call sites needs of an architecture. Bulk work over megabytes of text: told from the
 * encoding itself, without a disassembler.
 */
#ifndef SS_PLAN_CALLS_ARCH_H
#define SS_PLAN_CALLS_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/homes.h"

/* Machine code and where it lies. */
struct text {
	const uint8_t *bytes;
	size_t len;
	uint64_t addr;
};

/* Where control goes behind an instruction. */
enum step_kind {
	STEP_ON,       /* to the next instruction */
	STEP_BRANCH,   /* to target or on */
	STEP_CALL,     /* elsewhere and back: no register of the caller's is kept */
	STEP_JUMP,     /* to target */
	STEP_INDIRECT, /* the bytes do not say */
	STEP_END,      /* returns or traps */
};

struct step {
	uint8_t len;
	uint8_t kind;	 /* enum step_kind */
	uint64_t target; /* of STEP_BRANCH and STEP_JUMP */
};

#define STEPS_AT_ONCE 64

#define TRAMPOLINE_LEN_MAX 16

struct calls_arch {
	size_t call_len; /* bytes of a direct call */

	/*
	 * Offset of the first direct call at or behind from whose target is among the n targets,
	 * *which of them; text->len where there is none. It may find the bytes of a call that are
	 * part of something else.
	 */
	size_t (*next_call)(const struct text *text, size_t from, const uint64_t *targets, size_t n,
			    size_t *which);
	/* The instruction at offset at, below text->len: false where it does not decode. */
	bool (*step)(const struct text *text, size_t at, struct step *out);
	/*
	 * Those in a row from there on, STEPS_AT_ONCE or fewer: how many; fewer where the text ends
	 * or one does not decode.
	 */
	size_t (*steps)(const struct text *text, size_t at, struct step out[STEPS_AT_ONCE]);
	/*
	 * Whether the code that ends with the instruction at offset at puts a constant address into
	 * a register: its number, the address, and the offset where that code starts.
	 */
	bool (*load)(const struct text *text, size_t at, uint8_t *reg, uint64_t *value,
		     size_t *first);
	/*
	 * Whether the instruction at offset at, which decodes, is known to leave the register
	 * alone. In doubt it does not: the few forms that stand before calls are enough.
	 */
	bool (*keeps)(const struct text *text, size_t at, uint8_t reg);
	/*
	 * Follow a value over the instruction at offset at, which goes on to the next one: false
	 * where it is not known what that does, or where it moves the stack pointer.
	 */
	bool (*carry)(const struct text *text, size_t at, struct homes *homes);
	/*
	 * The goal of the linker's jump that the text, trampoline_len bytes, may be: 0 where it is
	 * none. The linker makes such jumps only where trampoline_len is not 0.
	 */
	uint64_t (*trampoline)(const struct text *text);
	size_t trampoline_len;
	/* The registers of Go's ABIInternal for integer arguments, by argument. */
	const uint8_t *args;
	size_t nargs;
	uint32_t reserved; /* bits of those with a meaning of their own: no value's home */
};

extern const struct calls_arch calls_arch_amd64;
extern const struct calls_arch calls_arch_arm64;

#endif
