// SPDX-License-Identifier: BSD-2-Clause
/* Calls in real Go executables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>

#include "go_calls.h"
#include "go_plan.h"
#include "plan/amd64_length.h"
#include "plan/arch.h"
#include "plan/callsites.h"

enum { GROWSLICE, MAKESLICE, CALLEES };

static const struct {
	const char *name;
	int type_arg;
} funcs[CALLEES] = {
	[GROWSLICE] = {"runtime.growslice", 4},
	[MAKESLICE] = {"runtime.makeslice", 0},
};

struct calls {
	struct gobin *bin;
	struct callee callees[CALLEES];
	struct callsite *sites;
	size_t n;
};

static struct calls open_calls(int fd)
{
	struct calls c = {.bin = open_bin(fd)};
	struct reason why = {""};
	struct gobin_func func;
	int64_t n;

	for (uint32_t i = 0; i < CALLEES; i++) {
		assert_int_equal(gobin_find_func(c.bin, funcs[i].name, &func), 0);
		c.callees[i] = (struct callee){
			.addr = func.addr, .type_arg = funcs[i].type_arg, .index = i};
	}
	n = callsites_find(c.bin, c.callees, CALLEES, &c.sites, &why);
	if (n <= 0)
		fail_msg("%s", why.text);
	c.n = n > 0 && c.sites ? (size_t)n : 0;
	return c;
}

static void close_calls(struct calls *c)
{
	free(c->sites);
	gobin_free(c->bin);
}

/* Whether the bytes at addr are a direct call of one of the callees. */
static bool calls_one(const struct calls *c, uint64_t addr, const uint8_t *bytes)
{
	const uint64_t target = go_call_target(c->bin, addr, bytes);

	return target == c->callees[GROWSLICE].addr || target == c->callees[MAKESLICE].addr;
}

/* All bytes of the text that look like such a call: in what compilers make, they are. */
static size_t count_bytes(const struct calls *c)
{
	uint64_t start, end;
	uint8_t *text;
	size_t n = 0;

	gobin_text_range(c->bin, &start, &end);
	text = malloc(end - start);
	assert_non_null(text);
	assert_int_equal(gobin_read(c->bin, start, text, end - start), 0);
	for (uint64_t at = 0; at + GO_CALL_MAX <= end - start; at++)
		n += calls_one(c, start + at, text + at);
	free(text);
	return n;
}

static void check_calls(const char *path, int fd)
{
	struct calls c = open_calls(fd);
	size_t all[CALLEES] = {0}, typed[CALLEES] = {0};
	struct gobin_type type;
	uint8_t bytes[GO_CALL_MAX];

	for (size_t i = 0; i < c.n; i++) {
		const struct callsite *site = &c.sites[i];

		assert_true(i == 0 || site->call > site[-1].call);
		assert_int_equal(site->ret, site->call + go_call_len(c.bin));
		assert_int_equal(gobin_read(c.bin, site->call, bytes, go_call_len(c.bin)), 0);
		assert_true(calls_one(&c, site->call, bytes));
		assert_true(site->index < CALLEES);
		if (site->type)
			assert_int_equal(gobin_type_at(c.bin, NULL, site->type, &type), 0);
		all[site->index]++;
		typed[site->index] += site->type != 0;
	}
	assert_int_equal(count_bytes(&c), c.n);
	/* What is not constant is in generic and reflective code. */
	if (typed[GROWSLICE] * 100 < all[GROWSLICE] * 97 || all[GROWSLICE] < 100 ||
	    typed[MAKESLICE] * 100 < all[MAKESLICE] * 85 || all[MAKESLICE] < 20)
		fail_msg("%s: types of %zu of %zu growslice calls, %zu of %zu makeslice calls",
			 path, typed[GROWSLICE], all[GROWSLICE], typed[MAKESLICE], all[MAKESLICE]);
	close_calls(&c);
}

static void test_calls(void **state)
{
	(void)state;
	each_go_file(check_calls);
}

/* The type that the only call of growslice in the function passes. */
static struct gobin_type grown_in(const struct calls *c, const char *name)
{
	struct gobin_type type = {0};
	struct gobin_func func;
	size_t n = 0;

	assert_int_equal(gobin_find_func(c->bin, name, &func), 0);
	for (size_t i = 0; i < c->n; i++) {
		const struct callsite *site = &c->sites[i];

		if (site->call < func.addr || site->call >= func.end || site->index != GROWSLICE)
			continue;
		assert_int_equal(gobin_type_at(c->bin, NULL, site->type, &type), 0);
		n++;
	}
	assert_int_equal(n, 1);
	return type;
}

static void check_known_types(const char *path, int fd)
{
	static const struct {
		const char *func;
		uint64_t size;
		uint64_t ptr_bytes;
		uint8_t kind; /* reflect.Kind */
	} known[] = {
		{"main.appendBytes", 1, 0, 8},
		{"main.appendInts", 8, 0, 2},
		{"main.appendStrings", 16, 8, 24},
		{"main.appendPoints", 24, 0, 25},
	};
	struct calls c = open_calls(fd);

	(void)path;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct gobin_type type = grown_in(&c, known[i].func);

		assert_int_equal(type.size, known[i].size);
		assert_int_equal(type.ptr_bytes, known[i].ptr_bytes);
		assert_int_equal(type.kind, known[i].kind);
	}
	close_calls(&c);
}

static void test_known_types(void **state)
{
	(void)state;
	each_go_file(check_known_types);
}

/* Lengths equal the disassembler's over all of a program's functions. */
static void test_lengths(void **state)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	const struct plan_arch *arch = plan_arch_by_id(GOBIN_AMD64);
	const uint8_t *next;
	uint64_t start, end;
	uint8_t *text;
	cs_insn *insn;
	size_t left;
	csh cs;

	(void)state;
	gobin_text_range(bin, &start, &end);
	left = end - start;
	text = malloc(left);
	assert_non_null(text);
	assert_int_equal(gobin_read(bin, start, text, left), 0);
	assert_int_equal(cs_open(arch->cs_arch, arch->cs_mode, &cs), CS_ERR_OK);
	insn = cs_malloc(cs);
	for (next = text; cs_disasm_iter(cs, &next, &left, &start, insn);) {
		struct amd64_insn got;

		assert_int_equal(amd64_length(next - insn->size, left + insn->size, &got), 0);
		if (got.len != insn->size)
			fail_msg("0x%llx: %s %s: %u bytes", (unsigned long long)insn->address,
				 insn->mnemonic, insn->op_str, got.len);
	}
	assert_int_equal(left, 0);
	cs_free(insn, 1);
	cs_close(&cs);
	free(text);
	gobin_free(bin);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_known_types),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests_name("callsites_files", tests, NULL, NULL);
}
