// SPDX-License-Identifier: BSD-2-Clause
/* Calls in chosen functions of real Go executables: plan/scope.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include "go_callers.h"
#include "go_calls.h"
#include "go_scope.h"

/* What is called, how, and by which argument the type is passed. */
static const struct {
	const char *func;
	uint8_t op, form;
} callees[] = {
	{"runtime.growslice", SS_OP_GROW, SCOPE_GROW},
	{"runtime.growsliceBuf", SS_OP_GROW, SCOPE_GROW_BUF},
	{"runtime.makeslice", SS_OP_MAKE, SCOPE_MAKE},
	{"runtime.makeslicecopy", SS_OP_COPY, SCOPE_COPY},
};
#define CALLEES (sizeof(callees) / sizeof(callees[0]))

/* Which of callees the bytes at addr call directly; CALLEES: none. */
static size_t callee_at(const struct gobin *bin, uint64_t addr, const uint8_t *bytes)
{
	const uint64_t target = go_call_target(bin, addr, bytes);
	struct gobin_func func;
	size_t i = 0;

	if (!target || gobin_func_at(bin, target, &func) || func.addr != target)
		return CALLEES;
	while (i < CALLEES && strcmp(func.name, callees[i].func) != 0)
		i++;
	return i;
}

static bool lies_in_callee(const struct gobin *bin, uint64_t addr)
{
	struct gobin_func func;

	assert_int_equal(gobin_func_at(bin, addr, &func), 0);
	for (size_t i = 0; i < CALLEES; i++)
		if (!strcmp(func.name, callees[i].func))
			return true;
	return false;
}

/* All bytes of the text that look like such a call: in what compilers make, they are. */
static size_t count_bytes(const struct gobin *bin)
{
	uint64_t start, end;
	uint8_t *text;
	size_t n = 0;

	gobin_text_range(bin, &start, &end);
	text = malloc(end - start);
	assert_non_null(text);
	assert_int_equal(gobin_read(bin, start, text, end - start), 0);
	for (uint64_t at = 0; at + GO_CALL_MAX <= end - start; at++)
		n += callee_at(bin, start + at, text + at) < CALLEES &&
		     !lies_in_callee(bin, start + at);
	free(text);
	return n;
}

static void check_call(const struct gobin *bin, const struct plan_scope_call *call)
{
	uint8_t bytes[GO_CALL_MAX];
	uint64_t addr;
	size_t callee;

	assert_int_equal(gobin_read(bin, call->addr, bytes, go_call_len(bin)), 0);
	callee = callee_at(bin, call->addr, bytes);
	assert_true(callee < CALLEES);
	assert_int_equal(call->op, callees[callee].op);
	assert_int_equal(call->form, callees[callee].form);
	assert_int_equal(call->ret, call->addr + go_call_len(bin));
	assert_int_equal(gobin_addr_of_offset(bin, call->offset, &addr), 0);
	assert_int_equal(addr, call->addr);
	assert_int_equal(gobin_addr_of_offset(bin, call->base_offset, &addr), 0);
	assert_int_equal(addr, call->base.addr);
	assert_true(call->base.addr >= call->ret);
	assert_true(call->base.price == PLAN_STEPPED || call->base.price == PLAN_EMULATED);
}

static void check_type(const struct gobin *bin, const struct plan_scope_call *call)
{
	struct gobin_type type = {0};

	if (call->type)
		assert_int_equal(gobin_type_at(bin, NULL, call->type, &type), 0);
	assert_int_equal(call->size, type.size);
	assert_int_equal(call->pointers, type.ptr_bytes != 0);
}

/* Without patterns: every call, as it is, with the type that plan/callers.h finds. */
static void check_all(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0);
	struct plan_scope *all = scope_of(c.bin, NULL, NULL);
	size_t ops[SS_OPS] = {0}, typed = 0;

	(void)path;
	assert_int_equal(count(all) + all->fips, count_bytes(c.bin));
	assert_int_equal(all->undecided, 0);
	for (size_t i = 0; i < all->ncalls; i++) {
		const struct plan_scope_call *call = &all->calls[i];

		assert_true(i == 0 || call->addr > call[-1].addr);
		check_call(c.bin, call);
		check_type(c.bin, call);
		if (call->form == SCOPE_GROW)
			assert_int_equal(call->type, plan_callers_type(c.callers, call->ret));
		ops[call->op]++;
		typed += call->type != 0;
	}
	assert_true(ops[SS_OP_GROW] > 150);
	assert_true(ops[SS_OP_MAKE] > 30);
	assert_true(ops[SS_OP_COPY] > 0);
	assert_true(typed * 100 > all->ncalls * 95);
	plan_scope_free(all);
	close_callers(&c);
}

static void test_all(void **state)
{
	(void)state;
	each_go_file(check_all);
}

/* What is in scope and what is not are all calls, each of them once. */
static void check_halves(const struct gobin *bin, const struct plan_scope *all, const char *pattern)
{
	struct plan_scope *in = scope_of(bin, pattern, NULL), *out = scope_of(bin, NULL, pattern);
	size_t i = 0, o = 0;

	assert_int_equal(count(in) + count(out), count(all));
	for (size_t a = 0; a < all->ncalls; a++) {
		const bool is_in = i < count(in) && in->calls[i].addr == all->calls[a].addr;

		assert_true(is_in || o < count(out));
		assert_memory_equal(&all->calls[a], is_in ? &in->calls[i++] : &out->calls[o++],
				    sizeof(all->calls[a]));
	}
	plan_scope_free(in);
	plan_scope_free(out);
}

static void check_unions(const char *path, int fd)
{
	static const char *const patterns[] = {
		"*",	     "nothing.*", "main.*",   "fmt.*",
		"runtime.*", "reflect.*", "*buffer*", "main.grow",
	};
	struct gobin *bin = open_bin(fd);
	struct plan_scope *all = scope_of(bin, NULL, NULL);

	(void)path;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		check_halves(bin, all, patterns[i]);
	plan_scope_free(all);
	gobin_free(bin);
}

static void test_unions(void **state)
{
	(void)state;
	each_go_file(check_unions);
}

/* The pattern names this many calls, all of them in code of functions whose names begin so. */
static void check_count(const struct gobin *bin, const char *pattern, size_t n, uint8_t op,
			const char *prefix)
{
	struct plan_scope *scope = scope_of(bin, pattern, NULL);

	if (count(scope) != n)
		fail_msg("%zu calls in '%s', not %zu", count(scope), pattern, n);
	for (size_t i = 0; i < n; i++) {
		struct gobin_func func;

		assert_int_equal(gobin_func_at(bin, scope->calls[i].addr, &func), 0);
		assert_int_equal(strncmp(func.name, prefix, strlen(prefix)), 0);
		assert_int_equal(scope->calls[i].op, op);
	}
	plan_scope_free(scope);
}

static void check_known(const char *path, int fd)
{
	static const struct {
		const char *pattern;
		size_t calls;
		uint8_t op;
		const char *prefix;
	} known[] = {
		{"main.appendInts", 1, SS_OP_GROW, "main.appendInts"},
		{"main.append*", 10, SS_OP_GROW, "main.append"},
		{"main.makeInts", 1, SS_OP_MAKE, "main.makeInts"},
		/* All instantiations, or some of them. */
		{"main.grow", 4, SS_OP_GROW, "main.grow["},
		{"main.grow[...]", 4, SS_OP_GROW, "main.grow["},
		{"main.g[q-s]ow", 4, SS_OP_GROW, "main.grow["},
		{"main.grow[go.shape.struct*", 2, SS_OP_GROW, "main.grow[go.shape.struct {"},
		{"main.makeNew[go.shape.uint16]", 1, SS_OP_MAKE, "main.makeNew[go.shape.uint16"},
		{"main.grow2", 0, SS_OP_GROW, ""},
	};
	struct gobin *bin = open_bin(fd);

	(void)path;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		check_count(bin, known[i].pattern, known[i].calls, known[i].op, known[i].prefix);
	gobin_free(bin);
}

static void test_known(void **state)
{
	(void)state;
	each_go_file(check_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_unions),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests_name("scope", tests, NULL, NULL);
}
