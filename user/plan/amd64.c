// SPDX-License-Identifier: BSD-2-Clause
/* amd64: Go's registers and stack check, instructions as effects. Prices: amd64_price.c. */
#include "plan/arch.h"

#include <string.h>

#include "plan/amd64_price.h"

/* Register numbers as in ModRM and REX. */
enum {
	RAX = 0,
	RCX = 1,
	RBX = 3,
	RSP = 4,
	NO_REG = 0xff,
};

static const x86_reg regs64[] = {
	X86_REG_RAX, X86_REG_RCX, X86_REG_RDX, X86_REG_RBX, X86_REG_RSP, X86_REG_RBP,
	X86_REG_RSI, X86_REG_RDI, X86_REG_R8,  X86_REG_R9,  X86_REG_R10, X86_REG_R11,
	X86_REG_R12, X86_REG_R13, X86_REG_R14, X86_REG_R15,
};

/* The number of a whole 64-bit register; a part of one is none: the rest of it is not followed. */
static uint8_t reg_number(const cs_x86_op *op)
{
	if (op->type != X86_OP_REG)
		return NO_REG;
	for (size_t i = 0; i < sizeof(regs64) / sizeof(regs64[0]); i++)
		if (regs64[i] == op->reg)
			return (uint8_t)i;
	return NO_REG;
}

/* A register whose content the proofs follow: any but the stack pointer. */
static bool is_data_reg(uint8_t reg)
{
	return reg != NO_REG && reg != RSP;
}

static bool is_mem_at(const cs_x86_op *op, x86_reg base)
{
	return op->type == X86_OP_MEM && op->mem.base == base && op->mem.index == X86_REG_INVALID &&
	       op->mem.segment == X86_REG_INVALID;
}

static uint64_t rip_address(const cs_insn *cs, const cs_x86_op *op)
{
	return cs->address + cs->size + (uint64_t)op->mem.disp;
}

static void lift_jump(const cs_insn *cs, enum insn_kind kind, struct insn *out)
{
	const cs_x86_op *op = &cs->detail->x86.operands[0];

	if (cs->detail->x86.op_count == 1 && op->type == X86_OP_IMM) {
		out->kind = kind;
		out->target = (uint64_t)op->imm;
		return;
	}
	/* An indirect call comes back; an indirect jump may go anywhere. */
	out->kind = kind == INSN_CALL ? INSN_CALL : INSN_ESCAPE;
}

static void lift_mov(const cs_insn *cs, struct insn *out)
{
	const cs_x86_op *dst = &cs->detail->x86.operands[0];
	const cs_x86_op *src = &cs->detail->x86.operands[1];
	uint8_t reg = reg_number(dst);

	if (is_mem_at(dst, X86_REG_RIP)) {
		out->kind = INSN_STORE_STATIC;
	} else if (is_data_reg(reg) && is_mem_at(src, X86_REG_RSP)) {
		out->kind = INSN_LOAD;
		out->reg = reg;
		out->imm = src->mem.disp;
	} else if (is_data_reg(reg) && is_data_reg(reg_number(src))) {
		out->kind = INSN_MOVE;
		out->reg = reg;
		out->reg2 = reg_number(src);
	}
}

/* Go's assembler releases a frame of 128 bytes by `sub rsp, -128`, which is shorter. */
static void lift_add(const cs_insn *cs, bool negate, struct insn *out)
{
	const cs_x86_op *dst = &cs->detail->x86.operands[0];
	const cs_x86_op *src = &cs->detail->x86.operands[1];

	if (is_mem_at(dst, X86_REG_RIP)) {
		out->kind = INSN_STORE_STATIC;
	} else if (reg_number(dst) == RSP && src->type == X86_OP_IMM) {
		out->kind = INSN_RELEASE;
		out->imm = negate ? -src->imm : src->imm;
	}
}

static void lift_inc(const cs_insn *cs, struct insn *out)
{
	if (is_mem_at(&cs->detail->x86.operands[0], X86_REG_RIP))
		out->kind = INSN_STORE_STATIC;
}

static void lift_lea(const cs_insn *cs, struct insn *out)
{
	const cs_x86_op *src = &cs->detail->x86.operands[1];
	uint8_t reg = reg_number(&cs->detail->x86.operands[0]);

	if (!is_data_reg(reg) || !is_mem_at(src, X86_REG_RIP))
		return;
	out->kind = INSN_ADDRESS;
	out->reg = reg;
	out->target = rip_address(cs, src);
}

static void lift_pop(const cs_insn *cs, struct insn *out)
{
	uint8_t reg = reg_number(&cs->detail->x86.operands[0]);

	if (!is_data_reg(reg))
		return;
	out->kind = INSN_POP;
	out->reg = reg;
	out->imm = 8;
}

static void lift_by_group(const cs_insn *cs, struct insn *out)
{
	const cs_detail *detail = cs->detail;

	for (uint8_t i = 0; i < detail->groups_count; i++) {
		switch (detail->groups[i]) {
		case X86_GRP_JUMP:
		case X86_GRP_BRANCH_RELATIVE:
			lift_jump(cs, INSN_BRANCH, out);
			return;
		case X86_GRP_RET:
		case X86_GRP_IRET:
			out->kind = INSN_ESCAPE;
			return;
		default:
			break;
		}
	}
}

static void lift_amd64(const cs_insn *cs, struct insn *out)
{
	switch (cs->id) {
	case X86_INS_NOP:
		out->kind = INSN_NOP;
		return;
	case X86_INS_INT3:
	case X86_INS_UD2:
	case X86_INS_HLT:
		out->kind = INSN_TRAP;
		return;
	case X86_INS_RET:
		/* `ret imm16` moves the stack pointer further than a Go function does. */
		out->kind = cs->detail->x86.op_count ? INSN_ESCAPE : INSN_RET;
		return;
	case X86_INS_CALL:
		lift_jump(cs, INSN_CALL, out);
		return;
	case X86_INS_JMP:
	case X86_INS_LJMP:
		lift_jump(cs, INSN_JUMP, out);
		return;
	case X86_INS_LOOP:
	case X86_INS_LOOPE:
	case X86_INS_LOOPNE:
	case X86_INS_XBEGIN:
		lift_jump(cs, INSN_BRANCH, out);
		return;
	case X86_INS_MOV:
		lift_mov(cs, out);
		return;
	case X86_INS_ADD:
		lift_add(cs, false, out);
		return;
	case X86_INS_SUB:
		lift_add(cs, true, out);
		return;
	case X86_INS_INC:
		lift_inc(cs, out);
		return;
	case X86_INS_LEA:
		lift_lea(cs, out);
		return;
	case X86_INS_POP:
		lift_pop(cs, out);
		return;
	default:
		lift_by_group(cs, out);
		return;
	}
}

struct pattern {
	uint8_t len;
	uint8_t matched; /* leading bytes that must be equal; the rest is an operand */
	uint8_t bytes[5];
};

/*
 * The forms of cmd/internal/obj/x86.stacksplit; a frame above 128 bytes compares its far end, one
 * above 4 KiB asks first whether that lies below address zero.
 */
static const struct pattern lea_r12_rsp[] = {
	{5, 4, {0x4c, 0x8d, 0x64, 0x24}},
	{8, 4, {0x4c, 0x8d, 0xa4, 0x24}},
	{0, 0, {0}},
};
static const struct pattern cmp_rsp_guard[] = {
	{4, 4, {0x49, 0x3b, 0x66, 0x10}},
	{0, 0, {0}},
};
static const struct pattern cmp_r12_guard[] = {
	{4, 4, {0x4d, 0x3b, 0x66, 0x10}},
	{0, 0, {0}},
};
static const struct pattern mov_r12_rsp[] = {
	{3, 3, {0x49, 0x89, 0xe4}},
	{0, 0, {0}},
};
static const struct pattern sub_r12[] = {
	{7, 3, {0x49, 0x81, 0xec}},
	{0, 0, {0}},
};
static const struct pattern jb[] = {
	{2, 1, {0x72}},
	{6, 2, {0x0f, 0x82}},
	{0, 0, {0}},
};
static const struct pattern jbe[] = {
	{2, 1, {0x76}},
	{6, 2, {0x0f, 0x86}},
	{0, 0, {0}},
};

static const struct pattern *const stack_checks[][6] = {
	{cmp_rsp_guard, jbe, NULL},
	{lea_r12_rsp, cmp_r12_guard, jbe, NULL},
	{mov_r12_rsp, sub_r12, jb, cmp_r12_guard, jbe, NULL},
};

static bool insn_matches(const struct code *code, size_t i, const struct pattern *forms)
{
	if (i >= code_count(code))
		return false;
	for (; forms->len; forms++)
		if (code_insn(code, i)->len == forms->len &&
		    !memcmp(code_bytes(code, i), forms->bytes, forms->matched))
			return true;
	return false;
}

static size_t stack_check_amd64(const struct code *code)
{
	for (size_t c = 0; c < sizeof(stack_checks) / sizeof(stack_checks[0]); c++) {
		size_t i = 0;

		while (stack_checks[c][i] && insn_matches(code, i, stack_checks[c][i]))
			i++;
		if (!stack_checks[c][i])
			return i;
	}
	return 0;
}

static const char *const arg_names[] = {"rax", "rbx", "rcx", "rdi", "rsi",
					"r8",  "r9",  "r10", "r11"};

const struct plan_arch plan_arch_amd64 = {
	.name = "amd64",
	.id = GOBIN_AMD64,
	.cs_arch = CS_ARCH_X86,
	.cs_mode = CS_MODE_64,
	.sp_name = "rsp",
	.caller_name = "[rsp]",
	.caller_reg = CALLER_ON_STACK,
	.results = {RAX, RBX, RCX},
	.arg_names = arg_names,
	.fields =
		{
			[PLAN_GROW_RET] = "base rax, len rbx, cap rcx, caller [rsp]",
			[PLAN_MAKE_ENTER] =
				"type rax, len rbx, cap rcx, caller [rsp], goroutine r14",
			[PLAN_MAKE_RET] = "base rax, goroutine r14",
			[PLAN_COPY_ENTER] =
				"type rax, len and cap rbx, caller [rsp], goroutine r14",
			[PLAN_SLICE_RET] =
				"base rax, len rbx, cap rcx, caller [rsp], goroutine r14",
			[PLAN_STRING_RET] = "base rax, len rbx, caller [rsp], goroutine r14",
			[PLAN_CONV_ENTER] = "base rax, len rbx, cap rcx, caller [rsp]",
			[PLAN_TYPE_CALL] = "type rsi, goroutine r14",
			[PLAN_GROW_ENTER] = "old cap rcx, type rsi, goroutine r14",
			[PLAN_SCOPE_CALL] = "all arguments, goroutine r14",
			[PLAN_SCOPE_RET] = "base rax, of a growth len rbx, cap rcx, goroutine r14",
		},
	.lift = lift_amd64,
	.price = amd64_price,
	.stack_check = stack_check_amd64,
	.calls = &calls_arch_amd64,
};
