// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where bases are had in real arm64 executables: each place is walked to a second time, by what
 * Capstone writes of the instructions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdbool.h>

#include "go_scope.h"
#include "plan/arch.h"

#define REGS  31
#define SLOTS 8

/* Where the value lies. */
struct value {
	bool regs[REGS];
	int64_t slots[SLOTS];
	size_t nslots;
};

/* An instruction's text, taken apart: up to two registers, then perhaps an address. */
struct words {
	char reg[2][8];
	char address[32]; /* from the bracket on */
};

static struct words words_of(const cs_insn *insn)
{
	const char *bracket = strchr(insn->op_str, '[');
	struct words w = {.address = ""};
	int n = sscanf(insn->op_str, "%7[^,], %7[^,]", w.reg[0], w.reg[1]);

	if (n < 2 || w.reg[1][0] == '[')
		w.reg[1][0] = '\0';
	if (bracket)
		snprintf(w.address, sizeof(w.address), "%s", bracket);
	return w;
}

/* REGS: no general register. */
static size_t number_of(const char *reg)
{
	char *end;
	unsigned long n;

	if (reg[0] != 'x' && reg[0] != 'w')
		return REGS;
	n = strtoul(reg + 1, &end, 10);
	return end == reg + 1 || *end || n >= REGS ? REGS : n;
}

/* Whether it is that of a word of the frame, with the base as it was. */
static bool is_frame(const struct words *w, int64_t *disp)
{
	int end = 0;

	*disp = 0;
	if (!strcmp(w->address, "[sp]"))
		return true;
	return sscanf(w->address, "[sp, #%" SCNi64 "]%n", disp, &end) == 1 && end &&
	       !w->address[end];
}

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

static bool is_pair(const cs_insn *insn)
{
	return !strcmp(insn->mnemonic, "stp") || !strcmp(insn->mnemonic, "ldp");
}

/* No register of an access is larger than 16 bytes. */
static void store(struct value *v, const cs_insn *insn, const struct words *w)
{
	const int64_t size = strchr("bhsw", w->reg[0][0]) ? 4 : w->reg[0][0] == 'q' ? 16 : 8;
	int64_t disp;

	if (!is_frame(w, &disp)) {
		v->nslots = 0;
		return;
	}
	drop_slots(v, disp, disp + size * (1 + is_pair(insn)));
	for (int i = 0; i < 1 + is_pair(insn); i++)
		if (w->reg[i][0] == 'x' && number_of(w->reg[i]) < REGS &&
		    v->regs[number_of(w->reg[i])] && v->nslots < SLOTS)
			v->slots[v->nslots++] = disp + size * i;
}

static void load(struct value *v, const cs_insn *insn, const struct words *w)
{
	int64_t disp = 0;
	const bool frame = is_frame(w, &disp);

	for (int i = 0; i < 1 + is_pair(insn); i++)
		if (number_of(w->reg[i]) < REGS)
			v->regs[number_of(w->reg[i])] =
				frame && w->reg[i][0] == 'x' && has_slot(v, disp + 8L * i);
}

static bool begins(const cs_insn *insn, const char *prefix)
{
	return !strncmp(insn->mnemonic, prefix, strlen(prefix));
}

static void carry(const cs_insn *insn, struct value *v)
{
	const struct words w = words_of(insn);
	const size_t to = number_of(w.reg[0]), from = number_of(w.reg[1]);

	assert_string_not_equal(w.reg[0], begins(insn, "cmp") ? "" : "sp");
	if (begins(insn, "st"))
		store(v, insn, &w);
	else if (begins(insn, "ld"))
		load(v, insn, &w);
	else if (begins(insn, "cmp") || begins(insn, "cmn") || begins(insn, "tst"))
		return;
	else if (to < REGS)
		v->regs[to] = !strcmp(insn->mnemonic, "mov") && w.reg[0][0] == 'x' &&
			      w.reg[1][0] == 'x' && from < REGS && v->regs[from];
}

static bool leaves(const cs_insn *insn)
{
	static const char *const words[] = {"b", "bl", "br", "blr", "ret", "svc", "brk"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(insn->mnemonic, words[i]))
			return true;
	return begins(insn, "b.") || begins(insn, "cb") || begins(insn, "tb");
}

/* From the call to the place: nothing but instructions that are dearer and go on. */
static void check_way(csh cs, const uint8_t *code, size_t left, const struct plan_scope_call *call)
{
	cs_insn *insn = cs_malloc(cs);
	struct value v = {.regs = {[0] = true}};
	uint64_t at = call->ret;

	while (at < call->base.addr) {
		assert_true(cs_disasm_iter(cs, &code, &left, &at, insn));
		assert_false(leaves(insn) || begins(insn, "adr"));
		carry(insn, &v);
	}
	assert_int_equal(at, call->base.addr);
	assert_true(cs_disasm_iter(cs, &code, &left, &at, insn));
	assert_true(leaves(insn) || begins(insn, "adr"));
	if (call->base.reg == BASEPOINT_SLOT)
		assert_true(has_slot(&v, call->base.slot) && call->base.slot >= 0);
	else
		assert_true(call->base.reg < REGS && v.regs[call->base.reg]);
	cs_free(insn, 1);
}

static void check_point(csh cs, const struct gobin *bin, const struct plan_scope_call *call)
{
	uint8_t code[2048];
	struct gobin_func func;
	size_t len;

	assert_int_equal(gobin_func_at(bin, call->addr, &func), 0);
	assert_true(call->base.addr < func.end);
	len = func.end - call->ret < sizeof(code) ? func.end - call->ret : sizeof(code);
	assert_int_equal(gobin_read(bin, call->ret, code, len), 0);
	check_way(cs, code, len, call);
}

struct shares {
	size_t calls[SS_OPS];
	size_t points[SS_OPS];
};

static struct shares check_calls(csh cs, const struct gobin *bin, const struct plan_scope *scope)
{
	struct shares n = {.calls = {0}};

	for (size_t i = 0; i < scope->ncalls; i++) {
		const struct plan_scope_call *call = &scope->calls[i];

		n.calls[call->op]++;
		if (call->base.price == PLAN_EMULATED) {
			n.points[call->op]++;
			check_point(cs, bin, call);
		} else {
			assert_int_equal(call->base.addr, call->ret);
			assert_int_equal(call->base.reg, 0);
		}
	}
	return n;
}

static size_t files;

static void check_file(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct plan_scope *scope;
	struct shares n;
	csh cs;

	if (is_arm64(bin)) {
		files++;
		scope = scope_of(bin, NULL, NULL);
		assert_int_equal(cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &cs), CS_ERR_OK);
		n = check_calls(cs, bin, scope);
		if (n.points[SS_OP_MAKE] * 100 < n.calls[SS_OP_MAKE] * 70 ||
		    n.points[SS_OP_GROW] * 100 < n.calls[SS_OP_GROW] * 25)
			fail_msg("%s: bases of %zu of %zu makes and %zu of %zu growths in one trap",
				 path, n.points[SS_OP_MAKE], n.calls[SS_OP_MAKE],
				 n.points[SS_OP_GROW], n.calls[SS_OP_GROW]);
		cs_close(&cs);
		plan_scope_free(scope);
	}
	gobin_free(bin);
}

static void test_points(void **state)
{
	(void)state;
	files = 0;
	each_go_file(check_file);
	assert_int_not_equal(files, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points),
	};

	return cmocka_run_group_tests_name("basepoint_arm64", tests, NULL, NULL);
}
