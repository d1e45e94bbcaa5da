/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function's machine code, decoded whole and reduced to what the proofs ask about: where
 * control goes, and what each instruction does to registers, stack pointer and stack.
 */
#ifndef SS_PLAN_CODE_H
#define SS_PLAN_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"

struct plan_arch;

/* Registers are numbered as the architecture encodes them, below CODE_REGS. */
#define CODE_REGS 32

/* Larger functions are refused: growslice is below 4 KiB even instrumented. */
#define CODE_LEN_MAX (64u << 10)
/* Memory for it is some forty times as much. */
#define CODE_OPEN_LEN_MAX (1u << 20)

enum insn_kind {
	INSN_OTHER,	   /* goes on to the next instruction; nothing else is known of it */
	INSN_NOP,	   /* changes nothing */
	INSN_TRAP,	   /* never passed: int3, ud2, udf */
	INSN_RET,	   /* goes to the return address, changes at most the stack pointer */
	INSN_ESCAPE,	   /* goes where the bytes do not say */
	INSN_CALL,	   /* target, 0 where it is not a constant */
	INSN_JUMP,	   /* to target */
	INSN_BRANCH,	   /* to target or on */
	INSN_LOAD,	   /* reg = 8 bytes at [stack pointer + imm] */
	INSN_LOAD_PAIR,	   /* the same, and reg2 = the 8 bytes behind those */
	INSN_MOVE,	   /* reg = reg2 */
	INSN_ADD,	   /* reg = reg2 + imm */
	INSN_ADDRESS,	   /* reg = target, a constant */
	INSN_LITERAL,	   /* loads imm bytes at target, which is data between instructions */
	INSN_SET,	   /* changes reg to what is not followed, nothing else */
	INSN_RELEASE,	   /* stack pointer += imm */
	INSN_POP,	   /* reg = 8 bytes at [stack pointer], stack pointer += imm */
	INSN_STORE_STATIC, /* changes memory at a constant address, no register, no stack */
	INSN_STORE_AT,	   /* the same at [reg + imm]: static where reg holds a constant address */
};

struct insn {
	uint64_t addr;
	uint64_t target;
	int64_t imm;
	uint32_t entered; /* branches of this function that go here; calls of itself are none */
	uint8_t kind;	  /* enum insn_kind */
	uint8_t len;
	uint8_t reg;
	uint8_t reg2;
};

struct code;

/*
 * Decode len bytes, the function at addr with its padding, from start to end. Sets *out, to be
 * freed with code_free; the bytes are copied. -EBADMSG with the cause in why where an instruction
 * does not decode, a branch goes into the middle of one, or control can leave otherwise than by a
 * return (then no set of probes is sure to see every way out); -EFBIG; -ENOMEM.
 */
int code_decode(const struct plan_arch *arch, const uint8_t *bytes, size_t len, uint64_t addr,
		struct code **out, struct reason *why);
/*
 * The same for a function of which only the beginning is asked about: it may be larger, up to
 * CODE_OPEN_LEN_MAX, and control may leave it in any way.
 */
int code_decode_open(const struct plan_arch *arch, const uint8_t *bytes, size_t len, uint64_t addr,
		     struct code **out, struct reason *why);
void code_free(struct code *code);

const struct plan_arch *code_arch(const struct code *code);
size_t code_count(const struct code *code);
const struct insn *code_insn(const struct code *code, size_t i); /* i below code_count() */
const uint8_t *code_bytes(const struct code *code, size_t i);	 /* insn->len of them */
uint64_t code_offset(const struct code *code, size_t i);	 /* from the function's start */
/* Index of the instruction that starts at addr: 0 or -ENOENT. */
int code_find(const struct code *code, uint64_t addr, size_t *i);
/* The instruction as an assembler writes it, cut to size. */
void code_text(const struct code *code, size_t i, char *buf, size_t size);

#endif
