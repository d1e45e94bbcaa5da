// SPDX-License-Identifier: BSD-2-Clause
/* What the callers in real Go executables tell: plan/callers.h, as bpf/callers.bpf.h reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include "go_callers.h"
#include "go_calls.h"

#define UNIT 16UL /* bytes of text that one mark is for */

/* The mark of the unit of text that begins at addr, read as slicestat.h says. */
static unsigned int mark_at(const struct plan_callers *c, uint64_t addr)
{
	const uint64_t bit = (addr - c->text) / UNIT * 2;

	assert_true(bit / 64 < c->nmarks);
	return c->marks[bit / 64] >> bit % 64 & 3;
}

/* What of Go's own functions makes slices for others. */
static bool hands_on(const char *func)
{
	static const char *const names[] = {
		"runtime.growsliceBuf", "runtime.growsliceNoAlias", "runtime.growsliceBufNoAlias",
		"runtime.makeslice64",	"runtime.rawbyteslice",	    "runtime.rawruneslice",
		"runtime.concatbytes",	"runtime.concatbyte2",	    "runtime.concatbyte3",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(func, names[i]))
			return true;
	return !strncmp(func, "reflect.", strlen("reflect.")) ||
	       !strncmp(func, "internal/reflectlite.", strlen("internal/reflectlite."));
}

static void check_extent(const struct called *c)
{
	const struct plan_callers *callers = c->callers;
	uint64_t start, end;

	gobin_text_range(c->bin, &start, &end);
	assert_int_equal(callers->text, start);
	assert_int_equal(callers->text_size, end - start);
	assert_int_equal(callers->nmarks, (end - start) / (32 * UNIT) + 1);
	assert_int_equal(1 << SS_MARK_SHIFT, UNIT);
	assert_int_equal(1 << SS_MARK_WORD_SHIFT, 32 * UNIT);
}

/* Every unit of every function is marked as a wrapper's or not: no function shares a unit. */
static size_t check_wrappers(const struct called *c, bool (*is_wrapper)(const char *func))
{
	size_t n = 0;

	for (size_t i = 0; i < gobin_nfuncs(c->bin); i++) {
		struct gobin_func f;
		unsigned int expected;

		gobin_func(c->bin, i, &f);
		if (f.addr >= f.end || f.addr - c->callers->text >= c->callers->text_size)
			continue;
		expected = is_wrapper(f.name) ? SS_MARK_WRAPPER : 0;
		n += expected != 0;
		assert_int_equal((f.addr - c->callers->text) % UNIT, 0);
		for (uint64_t at = f.addr; at < f.end; at += UNIT)
			if ((mark_at(c->callers, at) & SS_MARK_WRAPPER) != expected)
				fail_msg("%s+0x%llx", f.name, (unsigned long long)(at - f.addr));
	}
	return n;
}

static void check_marks(const char *path, int fd)
{
	struct called c = open_callers(fd, ALL_OPS, NULL, 0);

	(void)path;
	check_extent(&c);
	/* Reflection is in all of them, for fmt. */
	assert_true(check_wrappers(&c, hands_on) > 50);
	close_callers(&c);
}

static void test_marks(void **state)
{
	(void)state;
	each_go_file(check_marks);
}

/* The instruction is a call within the text, and what it calls takes its type as this argument. */
static uint64_t check_type_call(const struct called *c, const struct plan_type_call *call)
{
	struct gobin_func callee;
	uint64_t addr;
	uint8_t bytes[GO_CALL_MAX];
	const size_t len = go_call_len(c->bin);

	assert_int_equal(gobin_addr_of_offset(c->bin, call->offset, &addr), 0);
	assert_int_equal(gobin_read(c->bin, addr, bytes, len), 0);
	assert_int_equal(gobin_func_at(c->bin, go_call_target(c->bin, addr, bytes), &callee), 0);
	if (!strcmp(callee.name, "runtime.growslice"))
		assert_int_equal(call->arg, 4);
	else
		assert_int_equal(call->arg, 0);
	return addr + len;
}

/* The calls that are probed for their type, and no others, bear that mark; they have no constant.
 */
static void check_type_calls(const char *path, int fd)
{
	struct called c = open_callers(fd, ALL_OPS, NULL, 0);
	const struct plan_callers *callers = c.callers;
	size_t marked = 0, expected = 0;
	uint64_t last = 0;

	(void)path;
	for (size_t i = 0; i < callers->ntype_calls; i++) {
		uint64_t ret = check_type_call(&c, &callers->type_calls[i]);

		assert_int_equal(mark_at(callers, ret - 1) & SS_MARK_PASSES_TYPE,
				 SS_MARK_PASSES_TYPE);
		assert_int_equal(plan_callers_type(callers, ret), 0);
		expected += (ret - 1 - callers->text) / UNIT != last;
		last = (ret - 1 - callers->text) / UNIT;
	}
	for (uint64_t at = 0; at < callers->text_size; at += UNIT)
		marked += (mark_at(callers, callers->text + at) & SS_MARK_PASSES_TYPE) != 0;
	assert_int_equal(marked, expected);
	/* reflect.growslice and generic code, of hundreds. */
	assert_true(callers->ntype_calls > 0);
	assert_true(callers->ntype_calls * 30 < callers->nconstant_calls);
	close_callers(&c);
}

static void test_type_calls(void **state)
{
	(void)state;
	each_go_file(check_type_calls);
}

static void check_constant_calls(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0);
	const struct plan_callers *callers = c.callers;

	(void)path;
	assert_true(callers->nconstant_calls > 100);
	for (size_t i = 0; i < callers->nconstant_calls; i++) {
		const struct plan_constant_call *call = &callers->constant_calls[i];
		struct gobin_type type;

		assert_true(i == 0 || call->ret > call[-1].ret);
		assert_int_equal(plan_callers_type(callers, call->ret), call->type);
		assert_int_equal(gobin_type_at(c.bin, NULL, call->type, &type), 0);
		assert_int_equal(plan_callers_type(callers, call->ret - 1), 0);
		assert_int_equal(plan_callers_type(callers, call->ret + 1), 0);
	}
	assert_int_equal(plan_callers_type(callers, 0), 0);
	assert_int_equal(plan_callers_type(callers, UINT64_MAX), 0);
	close_callers(&c);
}

static void test_constant_calls(void **state)
{
	(void)state;
	each_go_file(check_constant_calls);
}

static void check_known_types(const char *path, int fd)
{
	static const struct {
		const char *func, *type;
	} known[] = {
		{"main.appendBytes", "uint8"},	   {"main.appendInts", "int"},
		{"main.appendStrings", "string"},  {"main.appendPoints", "main.point"},
		{"main.appendNodes", "main.node"}, {"main.appendBlocks", "main.block"},
		{"main.appendPages", "main.page"}, {"main.appendRows", "[]int"},
		{"main.appendMany", "string"},
	};
	struct called c = open_callers(fd, GROW, NULL, 0);

	(void)path;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		char name[64];
		uint64_t type;

		typed_call_in(&c, known[i].func, &type);
		assert_int_equal(gobin_type_name(c.bin, NULL, type, name, sizeof(name)), 0);
		assert_string_equal(name, known[i].type);
	}
	close_callers(&c);
}

static void test_known_types(void **state)
{
	(void)state;
	each_go_file(check_known_types);
}

static const char *const skip[] = {"main.append*", "*/live.*"};

static bool hands_on_or_skipped(const char *func)
{
	return hands_on(func) || !strncmp(func, "main.append", strlen("main.append")) ||
	       strstr(func, "/live.");
}

/* Skipping marks as wrappers, and leaves types as they are. */
static void check_skip(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0), s = open_callers(fd, GROW, skip, 2);
	size_t without = check_wrappers(&c, hands_on);
	size_t with = check_wrappers(&s, hands_on_or_skipped);

	(void)path;
	assert_true(with > without + 9);
	assert_int_equal(s.callers->nconstant_calls, c.callers->nconstant_calls);
	assert_int_equal(s.callers->ntype_calls, c.callers->ntype_calls);
	close_callers(&c);
	close_callers(&s);
}

static void test_skip(void **state)
{
	(void)state;
	each_go_file(check_skip);
}

/* Without a function that takes a type there are wrappers, but no calls to look at. */
static void test_no_typed_function(void **state)
{
	int fd = open_first_go_file();
	struct called c = open_callers(fd, MAKE, NULL, 0);

	(void)state;
	assert_int_equal(c.callers->ntype_calls, 0);
	assert_int_equal(c.callers->nconstant_calls, 0);
	assert_int_equal(plan_callers_type(c.callers, c.callers->text + 1), 0);
	assert_true(check_wrappers(&c, hands_on) > 50);
	close_callers(&c);
	close(fd);
	plan_callers_free(NULL);
}

static void test_patterns(void **state)
{
	static const char *const patterns[] = {"example.com/*", "main.[a-c]"};

	(void)state;
	assert_true(plan_is_wrapper("reflect.Value.grow", NULL, 0));
	assert_true(plan_is_wrapper("internal/reflectlite.Swapper.func1", NULL, 0));
	assert_true(plan_is_wrapper("runtime.concatbyte4", NULL, 0));
	assert_true(plan_is_wrapper("runtime.makeslice64", NULL, 0));
	assert_false(plan_is_wrapper("runtime.makeslice", NULL, 0));
	assert_false(plan_is_wrapper("runtime.growslice", NULL, 0));
	assert_false(plan_is_wrapper("reflectx.F", NULL, 0));
	assert_false(plan_is_wrapper("example.com/reflect.F", NULL, 0));
	assert_false(plan_is_wrapper("example.com/a/b.F", patterns, 0));
	assert_true(plan_is_wrapper("example.com/a/b.F", patterns, 1));
	assert_false(plan_is_wrapper("main.b", patterns, 1));
	assert_true(plan_is_wrapper("main.b", patterns, 2));
	assert_false(plan_is_wrapper("main.d", patterns, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),	       cmocka_unit_test(test_type_calls),
		cmocka_unit_test(test_constant_calls), cmocka_unit_test(test_known_types),
		cmocka_unit_test(test_skip),	       cmocka_unit_test(test_no_typed_function),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests_name("callers", tests, NULL, NULL);
}
