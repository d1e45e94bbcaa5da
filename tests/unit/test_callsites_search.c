// SPDX-License-Identifier: BSD-2-Clause
/* Looking for some of the calls, and what is told of each beside its type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "call_image.h"

/* Calls from this address on are wanted. */
struct wanted {
	uint64_t from;
	size_t asked;
};

static bool wants(void *ctx, uint64_t call)
{
	struct wanted *wanted = ctx;

	wanted->asked++;
	return call >= wanted->from;
}

static int64_t search_from(const struct assembly *a, struct wanted *wanted, struct callsite **sites,
			   size_t *undecided)
{
	const struct callee callee = {.addr = CALLEE, .type_arg = 4, .index = INDEX};
	struct callsite_search search = {
		.callees = &callee, .ncallees = 1, .wants = wants, .ctx = wanted, .undecided = 99};
	struct reason why = {""};
	struct go_image img;
	struct opened o;
	int64_t n;

	caller_image(a, 0, &img);
	o = open_image(&img);
	n = callsites_search(o.bin, &search, sites, &why);
	if (n < 0)
		fail_msg("%s", why.text);
	close_image(&o);
	*undecided = search.undecided;
	return n;
}

/* Two calls, then one and bytes of another behind what does not decode. */
static struct assembly four_calls(uint64_t calls[4])
{
	struct assembly a = caller_begin();

	for (size_t i = 0; i < 4; i++) {
		if (i == 2)
			ASM(&a, "\x06");
		asm_rel32(&a, LEA_RSI, TYPE);
		calls[i] = asm_here(&a);
		asm_rel32(&a, "\xe8", CALLEE);
	}
	return a;
}

static void check_from(const struct assembly *a, uint64_t from, size_t expected, size_t undecided)
{
	struct wanted wanted = {.from = from};
	struct callsite *sites = NULL;
	size_t got;

	assert_int_equal(search_from(a, &wanted, &sites, &got), expected);
	assert_int_equal(got, undecided);
	assert_int_equal(wanted.asked, 4);
	for (size_t i = 0; i < expected; i++)
		assert_true(sites[i].call >= from);
	free(sites);
}

static void test_wanted(void **state)
{
	uint64_t calls[4];
	struct assembly a = four_calls(calls);

	(void)state;
	check_from(&a, 0, 2, 2);
	check_from(&a, calls[0], 2, 2);
	check_from(&a, calls[1], 1, 2);
	check_from(&a, calls[2], 0, 2);
	check_from(&a, calls[3], 0, 1);
	check_from(&a, calls[3] + 1, 0, 0);
}

/* Bytes that are no call whatever they look like: they are not undecided. */
static void test_no_calls(void **state)
{
	struct assembly a = caller_begin();
	struct wanted wanted = {0};
	struct callsite *sites = NULL;
	size_t undecided;

	(void)state;
	asm_rel32(&a, "\x48\xb8\xe8", CALLEE); /* mov rax, imm64 */
	a.len = IMG_GO_TEXT + 0x1a0 - FUNC_ADDR;
	asm_rel32(&a, "\xe8", CALLEE); /* behind the last function */
	assert_int_equal(search_from(&a, &wanted, &sites, &undecided), 0);
	assert_int_equal(undecided, 0);
	assert_int_equal(wanted.asked, 2);
	free(sites);
}

/* It would end in the next function. */
static void test_over_the_end(void **state)
{
	struct assembly a = caller_begin();
	struct wanted wanted = {0};
	struct callsite *sites = NULL;
	size_t undecided;

	(void)state;
	a.len = CALLER_END - 3 - FUNC_ADDR;
	asm_rel32(&a, "\xe8", CALLEE);
	assert_int_equal(search_from(&a, &wanted, &sites, &undecided), 0);
	assert_int_equal(undecided, 1);
	free(sites);
}

/* Where the result is had is told only where it is asked for: test_basepoint.c asks. */
static void test_no_bases(void **state)
{
	struct assembly a = caller_begin();
	struct callsite *sites = NULL;
	size_t undecided;

	(void)state;
	asm_rel32(&a, "\xe8", CALLEE);
	assert_int_equal(search_from(&a, &(struct wanted){0}, &sites, &undecided), 1);
	assert_int_equal(sites->ret, CALLER + 5);
	assert_int_equal(sites->base.addr, 0);
	free(sites);
}

/* Each call has its own type, also where that was read before. */
static void test_elements(void **state)
{
	static const uint64_t types[] = {TYPE, TYPE2, NO_TYPE, TYPE, TYPE2};
	struct assembly a = caller_begin();
	struct callsite *sites = NULL;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		asm_rel32(&a, LEA_RSI, types[i]);
		asm_rel32(&a, "\xe8", CALLEE);
	}
	assert_int_equal(find_calls(&a, 4, 0, &sites), 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(sites[i].type, types[i] == NO_TYPE ? 0 : types[i]);
		if (!sites[i].type)
			continue;
		assert_int_equal(sites[i].elem.size, 8);
		assert_int_equal(sites[i].elem.ptr_bytes, 0);
		assert_int_equal(sites[i].elem.kind, 6);
	}
	free(sites);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wanted),	     cmocka_unit_test(test_no_calls),
		cmocka_unit_test(test_over_the_end), cmocka_unit_test(test_no_bases),
		cmocka_unit_test(test_elements),
	};

	return cmocka_run_group_tests_name("callsites_search", tests, NULL, NULL);
}
