// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where bases are had in real amd64 executables: each place is walked to a second time with
 * Capstone, by what that says of operands.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include "go_scope.h"
#include "plan/arch.h"

#define REGS  16
#define SLOTS 8
#define RSP   4

/* All parts of a register, by its number in instructions. */
static const x86_reg parts[REGS][5] = {
	{X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH},
	{X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH},
	{X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH},
	{X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH},
	{X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL},
	{X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL},
	{X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL},
	{X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL},
	{X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B},
	{X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B},
	{X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B},
	{X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B},
	{X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B},
	{X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B},
	{X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B},
	{X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B},
};

/* REGS: no general register. */
static size_t number_of(unsigned int reg)
{
	for (size_t i = 0; i < REGS; i++)
		for (size_t part = 0; part < 5; part++)
			if (reg && parts[i][part] == reg)
				return i;
	return REGS;
}

/* Where the value lies. */
struct value {
	bool regs[REGS];
	int64_t slots[SLOTS];
	size_t nslots;
};

static bool has_slot(const struct value *v, int64_t disp)
{
	for (size_t i = 0; i < v->nslots; i++)
		if (v->slots[i] == disp)
			return true;
	return false;
}

static void drop_slots(struct value *v, int64_t from, int64_t to)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->nslots; i++)
		if (v->slots[i] >= to || v->slots[i] + 8 <= from)
			v->slots[kept++] = v->slots[i];
	v->nslots = kept;
}

static bool is_frame(const cs_x86_op *op)
{
	return op->type == X86_OP_MEM && op->mem.base == X86_REG_RSP &&
	       op->mem.index == X86_REG_INVALID && op->mem.segment == X86_REG_INVALID;
}

static bool holds(const struct value *v, const cs_x86_op *op)
{
	if (op->size != 8)
		return false;
	if (op->type == X86_OP_REG)
		return number_of(op->reg) < REGS && v->regs[number_of(op->reg)];
	return is_frame(op) && has_slot(v, op->mem.disp);
}

static void write_memory(struct value *v, const cs_x86_op *op)
{
	if (is_frame(op))
		drop_slots(v, op->mem.disp, op->mem.disp + op->size);
	else if (op->mem.base != X86_REG_RIP)
		v->nslots = 0;
}

static void carry(csh cs, const cs_insn *insn, struct value *v)
{
	const cs_x86 *x86 = &insn->detail->x86;
	const bool copies = insn->id == X86_INS_MOV && holds(v, &x86->operands[1]);
	const cs_x86_op *to = &x86->operands[0];
	cs_regs read, written;
	uint8_t nread, nwritten;

	assert_int_equal(cs_regs_access(cs, insn, read, &nread, written, &nwritten), 0);
	for (uint8_t i = 0; i < nwritten; i++) {
		assert_int_not_equal(number_of(written[i]), RSP);
		if (number_of(written[i]) < REGS)
			v->regs[number_of(written[i])] = false;
	}
	for (uint8_t i = 0; i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_MEM && x86->operands[i].access & CS_AC_WRITE)
			write_memory(v, &x86->operands[i]);
	if (!copies || to->size != 8)
		return;
	if (to->type == X86_OP_REG)
		v->regs[number_of(to->reg)] = true;
	else if (is_frame(to) && v->nslots < SLOTS)
		v->slots[v->nslots++] = to->mem.disp;
}

static bool leaves(csh cs, const cs_insn *insn)
{
	return cs_insn_group(cs, insn, CS_GRP_JUMP) || cs_insn_group(cs, insn, CS_GRP_CALL) ||
	       cs_insn_group(cs, insn, CS_GRP_RET) || cs_insn_group(cs, insn, CS_GRP_INT);
}

/* From the call to the place: nothing but instructions that are dearer and go on. */
static void check_way(csh cs, const uint8_t *code, size_t left, const struct plan_scope_call *call)
{
	cs_insn *insn = cs_malloc(cs);
	struct value v = {.regs = {[0] = true}};
	uint64_t at = call->ret;

	while (at < call->base.addr) {
		assert_true(cs_disasm_iter(cs, &code, &left, &at, insn));
		assert_false(leaves(cs, insn));
		assert_int_equal(plan_arch_amd64.price(insn->bytes, insn->size), PLAN_STEPPED);
		carry(cs, insn, &v);
	}
	assert_int_equal(at, call->base.addr);
	assert_true(cs_disasm_iter(cs, &code, &left, &at, insn));
	assert_int_equal(plan_arch_amd64.price(insn->bytes, insn->size), PLAN_EMULATED);
	if (call->base.reg == BASEPOINT_SLOT)
		assert_true(has_slot(&v, call->base.slot) && call->base.slot >= 0);
	else
		assert_true(call->base.reg < REGS && v.regs[call->base.reg]);
	cs_free(insn, 1);
}

/* No branch of the function goes to what lies between the call and the place. */
static void check_branches(csh cs, const uint8_t *code, const struct gobin_func *func,
			   const struct plan_scope_call *call)
{
	cs_insn *insn = cs_malloc(cs);
	uint64_t at = func->addr;
	size_t left = func->end - func->addr;

	while (cs_disasm_iter(cs, &code, &left, &at, insn)) {
		const cs_x86_op *op = &insn->detail->x86.operands[0];

		if (cs_insn_group(cs, insn, CS_GRP_JUMP) && op->type == X86_OP_IMM)
			assert_false((uint64_t)op->imm >= call->ret &&
				     (uint64_t)op->imm <= call->base.addr);
	}
	assert_int_equal(left, 0);
	cs_free(insn, 1);
}

static void check_point(csh cs, const struct gobin *bin, const struct plan_scope_call *call)
{
	struct gobin_func func;
	uint8_t *code;

	assert_int_equal(gobin_func_at(bin, call->addr, &func), 0);
	assert_true(call->base.addr < func.end);
	code = malloc(func.end - func.addr);
	assert_non_null(code);
	assert_int_equal(gobin_read(bin, func.addr, code, func.end - func.addr), 0);
	check_way(cs, code + (call->ret - func.addr), func.end - call->ret, call);
	if (call->base.addr != call->ret)
		check_branches(cs, code, &func, call);
	free(code);
}

struct shares {
	size_t calls[SS_OPS];
	size_t points[SS_OPS];
};

static void check_calls(csh cs, const struct gobin *bin, const struct plan_scope *scope,
			struct shares *shares)
{
	for (size_t i = 0; i < scope->ncalls; i++) {
		const struct plan_scope_call *call = &scope->calls[i];

		shares->calls[call->op]++;
		shares->points[call->op] += call->base.price == PLAN_EMULATED;
		if (call->base.price == PLAN_EMULATED)
			check_point(cs, bin, call);
		else
			assert_int_equal(call->base.addr, call->ret);
	}
}

static void check_file(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct shares n = {.calls = {0}};
	struct plan_scope *scope;
	csh cs;

	if (is_arm64(bin)) {
		gobin_free(bin);
		return;
	}
	scope = scope_of(bin, NULL, NULL);
	assert_int_equal(cs_open(CS_ARCH_X86, CS_MODE_64, &cs), CS_ERR_OK);
	assert_int_equal(cs_option(cs, CS_OPT_DETAIL, CS_OPT_ON), CS_ERR_OK);
	check_calls(cs, bin, scope, &n);
	/* What grows is often followed by what does not have to. */
	if (n.points[SS_OP_MAKE] * 100 < n.calls[SS_OP_MAKE] * 75 ||
	    n.points[SS_OP_GROW] * 100 < n.calls[SS_OP_GROW] * 30)
		fail_msg("%s: bases of %zu of %zu makes and %zu of %zu growths in one trap", path,
			 n.points[SS_OP_MAKE], n.calls[SS_OP_MAKE], n.points[SS_OP_GROW],
			 n.calls[SS_OP_GROW]);
	cs_close(&cs);
	plan_scope_free(scope);
	gobin_free(bin);
}

static void test_points(void **state)
{
	(void)state;
	each_go_file(check_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points),
	};

	return cmocka_run_group_tests_name("basepoint_files", tests, NULL, NULL);
}
