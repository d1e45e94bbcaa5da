// SPDX-License-Identifier: BSD-2-Clause
/* arm64: Go's registers and stack check, instructions as effects. Prices: arm64_price.c. */
#include "plan/arch.h"

#include "gobin/bytes.h"
#include "plan/arm64_branch.h"
#include "plan/arm64_price.h"
#include "plan/arm64_word.h"

#define LINK_REGISTER 30

/* Loads of 8 bytes at the stack pointer. */
static const struct arm64_form load = {0xffc003e0, 0xf94003e0};
static const struct arm64_form load_near = {0xffe00fe0, 0xf84003e0};
static const struct arm64_form load_pair = {0xffc003e0, 0xa94003e0};
static const struct arm64_form pop = {0xffe00fe0, 0xf84007e0};

/* What coverage counts with: registers are set to constants and stored by another one. */
static const struct arm64_form set_constant[] = {
	{0x1f800000, 0x12800000}, /* movn, movz, movk */
	{0x7f8003e0, 0x320003e0}, /* orr with zero */
};
static const struct arm64_form literal = {0x3b000000, 0x18000000};
static const struct arm64_form store = {0x3fc00000, 0x39000000};

/* A register whose content the proofs follow: any but the stack pointer. */
static bool is_data_reg(uint8_t reg)
{
	return reg != ARM64_SP_ZR;
}

static void lift_load(uint32_t word, int64_t offset, enum insn_kind kind, struct insn *out)
{
	if (!is_data_reg(arm64_rd(word)))
		return;
	out->kind = kind;
	out->reg = arm64_rd(word);
	out->imm = offset;
}

static void lift_load_pair(uint32_t word, struct insn *out)
{
	if (!is_data_reg(arm64_rd(word)) || !is_data_reg(arm64_rt2(word)))
		return;
	out->kind = INSN_LOAD_PAIR;
	out->reg = arm64_rd(word);
	out->reg2 = arm64_rt2(word);
	out->imm = arm64_signed(word, 15, 7) * 8;
}

static void lift_move(uint32_t word, struct insn *out)
{
	if (!is_data_reg(arm64_rd(word)) || !is_data_reg(arm64_rm(word)))
		return;
	out->kind = INSN_MOVE;
	out->reg = arm64_rd(word);
	out->reg2 = arm64_rm(word);
}

static void lift_add(uint32_t word, int64_t addend, struct insn *out)
{
	const uint8_t rd = arm64_rd(word), rn = arm64_rn(word);

	if (is_data_reg(rd) != is_data_reg(rn))
		return;
	out->kind = is_data_reg(rd) ? INSN_ADD : INSN_RELEASE;
	out->imm = addend;
	if (!is_data_reg(rd))
		return;
	out->reg = rd;
	out->reg2 = rn;
}

static void lift_address(uint32_t word, uint64_t addr, struct insn *out)
{
	if (!is_data_reg(arm64_rd(word)))
		return;
	out->kind = INSN_ADDRESS;
	out->reg = arm64_rd(word);
	out->target = arm64_relative(word, addr);
}

static void lift_set(uint32_t word, struct insn *out)
{
	if (!is_data_reg(arm64_rd(word)))
		return;
	out->kind = INSN_SET;
	out->reg = arm64_rd(word);
}

/* Of vectors 4, 8 or 16 bytes; else 4, 8, 4 with a sign, or none but a hint. */
static void lift_literal(uint32_t word, uint64_t addr, struct insn *out)
{
	static const uint8_t bytes[] = {4, 8, 4, 0, 4, 8, 16, 0};

	out->kind = INSN_LITERAL;
	out->target = addr + (uint64_t)arm64_signed(word, 5, 19) * ARM64_WORD;
	out->imm = bytes[(word >> 30) + (word >> 26 & 1) * 4];
}

static void lift_store(uint32_t word, struct insn *out)
{
	if (!is_data_reg(arm64_rn(word)))
		return;
	out->kind = INSN_STORE_AT;
	out->reg = arm64_rn(word);
	out->imm = (int64_t)(word >> 10 & 0xfff) << (word >> 30);
}

static void lift_data(uint32_t word, uint64_t addr, struct insn *out)
{
	if (arm64_is(word, ARM64_NOP))
		out->kind = INSN_NOP;
	else if (arm64_is(word, load))
		lift_load(word, (int64_t)(word >> 10 & 0xfff) * 8, INSN_LOAD, out);
	else if (arm64_is(word, load_near))
		lift_load(word, arm64_signed(word, 12, 9), INSN_LOAD, out);
	else if (arm64_is(word, pop))
		lift_load(word, arm64_signed(word, 12, 9), INSN_POP, out);
	else if (arm64_is(word, load_pair))
		lift_load_pair(word, out);
	else if (arm64_is(word, ARM64_MOVE))
		lift_move(word, out);
	else if (arm64_is(word, ARM64_ADD))
		lift_add(word, arm64_addend(word), out);
	else if (arm64_is(word, ARM64_SUB))
		lift_add(word, -arm64_addend(word), out);
	else if (arm64_is_any(word, set_constant, sizeof(set_constant) / sizeof(set_constant[0])))
		lift_set(word, out);
	else if (arm64_is(word, literal))
		lift_literal(word, addr, out);
	else if (arm64_is(word, store))
		lift_store(word, out);
	else if (arm64_is(word, ARM64_ADR) || arm64_is(word, ARM64_ADRP))
		lift_address(word, addr, out);
}

static const uint8_t kinds[] = {
	[ARM64_ON] = INSN_OTHER,
	[ARM64_BRANCH] = INSN_BRANCH,
	[ARM64_JUMP] = INSN_JUMP,
	[ARM64_CALL] = INSN_CALL,
	[ARM64_CALL_REG] = INSN_CALL,
	[ARM64_ELSEWHERE] = INSN_ESCAPE,
	[ARM64_RETURN] = INSN_RET,
	[ARM64_NEVER_PASSED] = INSN_TRAP, /* the padding between functions too */
};

/* From the word, not from Capstone's operands: those depend on what aliases a version prefers. */
static void lift_arm64(const cs_insn *cs, struct insn *out)
{
	const uint32_t word = get_le32(cs->bytes);
	const enum arm64_flow flow = arm64_flow(word, cs->address, &out->target);

	out->kind = kinds[flow];
	if (flow == ARM64_ON)
		lift_data(word, cs->address, out);
}

/*
 * The forms of cmd/internal/obj/arm64.stacksplit; a frame above 128 bytes compares its far end, one
 * above 4 KiB asks first whether that lies below address zero. The assembler puts large constants
 * into x27.
 */
static const struct arm64_form guard[] = {{0xffffffff, 0xf9400b90}, {0}};
static const struct arm64_form sub_small[] = {{0xff8003ff, 0xd10003f1}, {0}};
static const struct arm64_form subs_small[] = {{0xff8003ff, 0xf10003f1}, {0}};
static const struct arm64_form set_size[] = {
	{0xff80001f, 0xd280001b}, /* movz */
	{0xff80001f, 0x9280001b}, /* movn */
	{0xff8003ff, 0xb20003fb}, /* orr with zero */
	{0},
};
static const struct arm64_form set_more[] = {{0xff80001f, 0xf280001b}, {0}};
static const struct arm64_form subs_size[] = {{0xffffffff, 0xeb3b63f1}, {0}};
static const struct arm64_form cmp_sp[] = {{0xffffffff, 0xeb3063ff}, {0}};
static const struct arm64_form cmp_end[] = {{0xffffffff, 0xeb10023f}, {0}};
static const struct arm64_form b_lo[] = {{0xff00001f, 0x54000003}, {0}};
static const struct arm64_form b_ls[] = {{0xff00001f, 0x54000009}, {0}};

static const struct arm64_form *const stack_checks[][8] = {
	{guard, cmp_sp, b_ls, NULL},
	{guard, sub_small, cmp_end, b_ls, NULL},
	{guard, subs_small, b_lo, cmp_end, b_ls, NULL},
	{guard, set_size, subs_size, b_lo, cmp_end, b_ls, NULL},
	{guard, set_size, set_more, subs_size, b_lo, cmp_end, b_ls, NULL},
};

static bool insn_matches(const struct code *code, size_t i, const struct arm64_form *forms)
{
	if (i >= code_count(code))
		return false;
	for (; forms->mask; forms++)
		if (arm64_is(get_le32(code_bytes(code, i)), *forms))
			return true;
	return false;
}

static size_t stack_check_arm64(const struct code *code)
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

static const char *const arg_names[] = {"x0", "x1", "x2",  "x3",  "x4",	 "x5",	"x6",  "x7",
					"x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15"};

const struct plan_arch plan_arch_arm64 = {
	.name = "arm64",
	.id = GOBIN_ARM64,
	.cs_arch = CS_ARCH_ARM64,
	.cs_mode = CS_MODE_LITTLE_ENDIAN,
	.insn_len = ARM64_WORD,
	.sp_name = "sp",
	.caller_name = "x30",
	.caller_reg = LINK_REGISTER,
	.counts_at_check = true,
	.results = {0, 1, 2},
	.arg_names = arg_names,
	.fields =
		{
			[PLAN_GROW_RET] = "base x0, len x1, cap x2, caller x30",
			[PLAN_MAKE_ENTER] = "type x0, len x1, cap x2, caller x30, goroutine x28",
			[PLAN_MAKE_RET] = "base x0, goroutine x28",
			[PLAN_COPY_ENTER] = "type x0, len and cap x1, caller x30, goroutine x28",
			[PLAN_SLICE_RET] = "base x0, len x1, cap x2, caller x30, goroutine x28",
			[PLAN_STRING_RET] = "base x0, len x1, caller x30, goroutine x28",
			[PLAN_CONV_ENTER] = "base x0, len x1, cap x2, caller x30",
			[PLAN_TYPE_CALL] = "type x4, goroutine x28",
			[PLAN_GROW_ENTER] = "old cap x2, type x4, goroutine x28",
			[PLAN_SCOPE_CALL] = "all arguments, goroutine x28",
			[PLAN_SCOPE_RET] = "base x0, of a growth len x1, cap x2, goroutine x28",
		},
	.lift = lift_arm64,
	.price = arm64_price,
	.stack_check = stack_check_arm64,
	.calls = &calls_arch_arm64,
};
