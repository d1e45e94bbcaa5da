// SPDX-License-Identifier: BSD-2-Clause
/* plan/scope.h on made executables, where each call is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>

#include "scope_image.h"

/* Entries of functions, behind the start of Go's text. */
enum {
	GROWSLICE = 0x00,
	GROW_BUF = 0x10,
	GROW_BUF_NO_ALIAS = 0x20,
	GROW_NO_ALIAS = 0x30,
	MAKESLICE = 0x40,
	MAKESLICE64 = 0x50,
	COPY = 0x60,
	MAIN_F = 0x80,
	FIPS = 0x100,
	FIPS_H = 0x110,
	FIPS_END = 0x150,
	END = 0x180,
};

static const struct made_func funcs[] = {
	{GROWSLICE, "runtime.growslice"},
	{GROW_BUF, "runtime.growsliceBuf"},
	{GROW_BUF_NO_ALIAS, "runtime.growsliceBufNoAlias"},
	{GROW_NO_ALIAS, "runtime.growsliceNoAlias"},
	{MAKESLICE, "runtime.makeslice"},
	{MAKESLICE64, "runtime.makeslice64"},
	{COPY, "runtime.makeslicecopy"},
	{MAIN_F, "main.F"},
	{FIPS, "go:textfipsstart"},
	{FIPS_H, "crypto.H"},
	{FIPS_END, "go:textfipsend"},
	{END, NULL},
};

#define FUNC(entry) (IMG_GO_TEXT + (entry))
#define LEA_RAX	    "\x48\x8d\x05"

static void begin_func(struct assembly *a, uint32_t entry)
{
	a->len = FUNC(entry) - FUNC_ADDR;
}

/* The code of functions without calls; nops fill all of it. */
static struct assembly begin(uint32_t entry)
{
	struct assembly a = caller_begin();

	begin_func(&a, entry);
	return a;
}

struct made {
	struct opened o;
	struct plan_scope *scope;
};

static struct made open_made(const struct assembly *a, const struct made_func *list)
{
	struct made m = {.scope = NULL};
	struct go_image img;

	scope_image(a, list, &img);
	/* TYPE2's values are pointers. */
	img_put(&img, TYPES_OFFSET + (TYPE2 - TYPES) + 8, 8, 8);
	m.o = open_image(&img);
	return m;
}

static void close_made(struct made *m)
{
	plan_scope_free(m->scope);
	close_image(&m->o);
}

static void scope_made(struct made *m, uint32_t ops, const char *in, const char *not_in)
{
	struct reason why = {""};

	plan_scope_free(m->scope);
	m->scope = NULL;
	if (make_scope(m->o.bin, ops, in, not_in, &m->scope, &why))
		fail_msg("%s", why.text);
}

static void refuse_made(const struct made *m, uint32_t ops, const char *in, const char *not_in,
			int expected, const char *words)
{
	struct plan_scope *scope = NULL;
	struct reason why = {""};

	assert_int_equal(make_scope(m->o.bin, ops, in, not_in, &scope, &why), expected);
	assert_string_equal(why.text, words);
	assert_null(scope);
}

static const struct {
	uint32_t callee;
	const char *lea; /* into the argument that is the type */
	uint64_t type;
	uint8_t op, form;
} forms[] = {
	{GROWSLICE, LEA_RSI, TYPE, SS_OP_GROW, SCOPE_GROW},
	{GROW_NO_ALIAS, LEA_RSI, TYPE2, SS_OP_GROW, SCOPE_GROW},
	{GROW_BUF, LEA_RSI, TYPE, SS_OP_GROW, SCOPE_GROW_BUF},
	{GROW_BUF_NO_ALIAS, LEA_RSI, TYPE2, SS_OP_GROW, SCOPE_GROW_BUF},
	{MAKESLICE, LEA_RAX, TYPE, SS_OP_MAKE, SCOPE_MAKE},
	{MAKESLICE64, LEA_RAX, TYPE2, SS_OP_MAKE, SCOPE_MAKE},
	{COPY, LEA_RAX, TYPE, SS_OP_COPY, SCOPE_COPY},
	{COPY, "\x48\x8d\x1d", TYPE2, SS_OP_COPY, SCOPE_COPY}, /* into another argument */
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

/*
 * A call of each form; their addresses. Behind one there is a nop, or what loads the next one's
 * type: into the base's register or not.
 */
static struct assembly all_forms(uint64_t calls[FORMS])
{
	struct assembly a = begin(MAIN_F);

	for (size_t i = 0; i < FORMS; i++) {
		asm_rel32(&a, forms[i].lea, forms[i].type);
		calls[i] = asm_here(&a);
		asm_rel32(&a, "\xe8", FUNC(forms[i].callee));
		if (i % 2)
			ASM(&a, "\x90");
	}
	return a;
}

static void test_forms(void **state)
{
	uint64_t calls[FORMS];
	struct assembly a = all_forms(calls);
	struct made m = open_made(&a, funcs);

	(void)state;
	scope_made(&m, ALL_OPS, NULL, NULL);
	assert_int_equal(m.scope->ncalls, FORMS);
	assert_int_equal(m.scope->fips, 0);
	assert_int_equal(m.scope->undecided, 0);
	for (size_t i = 0; i < FORMS; i++) {
		const uint64_t type = i + 1 < FORMS ? forms[i].type : 0;
		const bool at_next = i % 2 == 0 && strcmp(forms[i + 1].lea, LEA_RAX) != 0;
		const uint64_t base = at_next ? calls[i + 1] : calls[i] + 5;
		const struct plan_scope_call expected = {
			.addr = calls[i],
			.offset = calls[i] - IMG_TEXT_ADDR + IMG_TEXT,
			.ret = calls[i] + 5,
			.type = type,
			.size = type ? 8 : 0,
			.op = forms[i].op,
			.pointers = type == TYPE2,
			.form = forms[i].form,
			.base = {.addr = base,
				 .price = i % 2 || at_next ? PLAN_EMULATED : PLAN_STEPPED},
			.base_offset = base - IMG_TEXT_ADDR + IMG_TEXT,
		};

		assert_memory_equal(&m.scope->calls[i], &expected, sizeof(expected));
		assert_int_equal(plan_scope_ends_at_next(m.scope, i), at_next);
	}
	close_made(&m);
}

static void test_operations(void **state)
{
	uint64_t calls[FORMS];
	struct assembly a = all_forms(calls);
	struct made m = open_made(&a, funcs);

	(void)state;
	for (uint32_t ops = GROW_OP; ops <= ALL_OPS; ops += GROW_OP) {
		size_t n = 0;

		scope_made(&m, ops, "main.*", NULL);
		for (size_t i = 0; i < FORMS; i++)
			if (ops & 1u << forms[i].op)
				assert_int_equal(m.scope->calls[n++].addr, calls[i]);
		assert_int_equal(m.scope->ncalls, n);
	}
	close_made(&m);
}

/* What the runtime's functions call of each other is their callers' already. */
static void test_calls_between_callees(void **state)
{
	static const uint32_t pairs[][2] = {
		{GROW_BUF, GROWSLICE},	  {GROW_BUF_NO_ALIAS, GROW_BUF}, {GROW_NO_ALIAS, GROWSLICE},
		{MAKESLICE64, MAKESLICE}, {GROWSLICE, GROW_NO_ALIAS},
	};
	struct assembly a = begin(MAIN_F);
	struct made m;

	(void)state;
	asm_rel32(&a, "\xe8", FUNC(COPY));
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		begin_func(&a, pairs[i][0]);
		asm_rel32(&a, "\xe8", FUNC(pairs[i][1]));
	}
	m = open_made(&a, funcs);
	scope_made(&m, ALL_OPS, NULL, NULL);
	assert_int_equal(m.scope->ncalls, 1);
	assert_int_equal(m.scope->calls[0].addr, FUNC(MAIN_F));
	refuse_made(&m, ALL_OPS, "runtime.grow*", NULL, -ENOENT,
		    "no call of growslice or makeslice or makeslicecopy in functions that match "
		    "'runtime.grow*'; their slices may stay on the stack, or be made by what they "
		    "call or have inlined");
	close_made(&m);
}

static void test_fips(void **state)
{
	struct assembly a = begin(MAIN_F);
	struct made m;

	(void)state;
	asm_rel32(&a, "\xe8", FUNC(GROWSLICE));
	begin_func(&a, FIPS_H);
	asm_rel32(&a, "\xe8", FUNC(GROWSLICE));
	asm_rel32(&a, "\xe8", FUNC(MAKESLICE));
	m = open_made(&a, funcs);
	scope_made(&m, ALL_OPS, NULL, NULL);
	assert_int_equal(m.scope->ncalls, 1);
	assert_int_equal(m.scope->calls[0].addr, FUNC(MAIN_F));
	assert_int_equal(m.scope->fips, 2);
	scope_made(&m, ALL_OPS, "main.*", NULL);
	assert_int_equal(m.scope->fips, 0);
	scope_made(&m, GROW_OP, NULL, NULL);
	assert_int_equal(m.scope->fips, 1);
	refuse_made(&m, ALL_OPS, "crypto.*", NULL, -ENOENT,
		    "all calls of growslice or makeslice or makeslicecopy in functions that match "
		    "'crypto.*' lie in the text that a FIPS program checks for changes");
	close_made(&m);
}

/* The instruction behind a call may be probed too: it must not be checked either. */
static void test_before_fips(void **state)
{
	struct assembly a = begin(FIPS - 5);
	struct made m;

	(void)state;
	asm_rel32(&a, "\xe8", FUNC(GROWSLICE));
	m = open_made(&a, funcs);
	refuse_made(&m, GROW_OP, "main.*", NULL, -ENOENT,
		    "all calls of growslice in functions that match 'main.*' lie in the text that "
		    "a FIPS program checks for changes");
	close_made(&m);
}

static void test_undecided(void **state)
{
	struct assembly a = begin(MAIN_F);
	struct made m;

	(void)state;
	ASM(&a, "\x06");
	asm_rel32(&a, "\xe8", FUNC(GROWSLICE));
	begin_func(&a, FIPS_END);
	asm_rel32(&a, "\xe8", FUNC(GROWSLICE));
	m = open_made(&a, funcs);
	scope_made(&m, GROW_OP, NULL, NULL);
	assert_int_equal(m.scope->ncalls, 1);
	assert_int_equal(m.scope->calls[0].addr, FUNC(FIPS_END));
	assert_int_equal(m.scope->undecided, 1);
	scope_made(&m, GROW_OP, NULL, "main.*");
	assert_int_equal(m.scope->undecided, 0);
	refuse_made(&m, GROW_OP, "main.F", NULL, -ENOENT,
		    "calls of growslice in functions that match 'main.F' lie behind bytes that do "
		    "not decode");
	close_made(&m);
}

/* Behind a function's last instruction nothing of it can be probed. */
static void test_call_at_the_end(void **state)
{
	struct assembly a = begin(END - 5);
	struct made m;

	(void)state;
	asm_rel32(&a, "\xe8", FUNC(GROWSLICE));
	m = open_made(&a, funcs);
	scope_made(&m, GROW_OP, NULL, NULL);
	assert_int_equal(m.scope->ncalls, 1);
	assert_int_equal(m.scope->calls[0].ret, FUNC(END));
	assert_int_equal(m.scope->calls[0].base.price, CALLSITE_NO_PROBE);
	assert_int_equal(m.scope->calls[0].base_offset, 0);
	close_made(&m);
}

static void test_nothing_found(void **state)
{
	static const struct made_func without[] = {{0, "main.F"}, {0x40, "main.G"}, {0x80, NULL}};
	uint64_t calls[FORMS];
	struct assembly a = all_forms(calls);
	struct made m = open_made(&a, funcs);

	(void)state;
	refuse_made(&m, ALL_OPS, "main.G", NULL, -ENOENT,
		    "no functions that match 'main.G'; write names as reports do: main.(*T).F, or "
		    "main.*");
	refuse_made(&m, ALL_OPS, "main.F", "*", -ENOENT,
		    "no functions that match 'main.F' and do not match '*'; write names as reports "
		    "do: main.(*T).F, or main.*");
	refuse_made(&m, ALL_OPS, "go:*", NULL, -ENOENT,
		    "no call of growslice or makeslice or makeslicecopy in functions that match "
		    "'go:*'; their slices may stay on the stack, or be made by what they call or "
		    "have inlined");
	close_made(&m);
	m = open_made(&a, without);
	refuse_made(&m, GROW_OP | COPY_OP, "main.F", NULL, -ENOENT,
		    "no growslice or makeslicecopy in this executable");
	close_made(&m);
}

static void test_wrong_requests(void **state)
{
	static const char operations[] = "--in and --not-in can choose among calls that grow, make "
					 "and copy slices: request no other operations with them";
	const struct plan_record record = {.func = "main.F"};
	const struct plan_request request = {.ops = GROW_OP, .records = &record, .nrecords = 1};
	const struct plan_patterns all = {.nin = 0};
	struct plan_scope *scope = NULL;
	struct reason why = {""};
	uint64_t calls[FORMS];
	struct assembly a = all_forms(calls);
	struct made m = open_made(&a, funcs);

	(void)state;
	refuse_made(&m, 0, NULL, NULL, -EINVAL, operations);
	refuse_made(&m, GROW_OP | 1u << SS_OP_MOVE, NULL, NULL, -EINVAL, operations);
	refuse_made(&m, 1u << SS_OP_FUNC, NULL, NULL, -EINVAL, operations);
	assert_int_equal(plan_scope_make(m.o.bin, &request, &all, NULL, 0, &scope, &why), -EINVAL);
	assert_string_equal(why.text, "--in and --not-in choose callers of the runtime; a function "
				      "that is recorded by name cannot be requested with them");
	assert_null(scope);
	close_made(&m);
	plan_scope_free(NULL);
}

static void test_two_of_a_name(void **state)
{
	static const struct made_func twins[] = {
		{0, "runtime.growslice"}, {0x40, "runtime.growslice"}, {0x80, NULL}};
	struct assembly a = begin(0);
	struct made m = open_made(&a, twins);

	(void)state;
	refuse_made(&m, GROW_OP, NULL, NULL, -EBADMSG,
		    "two functions of this executable bear the name runtime.growslice");
	close_made(&m);
}

static void refuse_layout(const struct img_layout *layout, const char *words)
{
	struct made m = {.scope = NULL};
	struct go_image img;

	img_make(&img, layout);
	m.o = open_image(&img);
	refuse_made(&m, GROW_OP, NULL, NULL, -ENOTSUP, words);
	close_made(&m);
}

static void test_unknown_go(void **state)
{
	(void)state;
	refuse_layout(&img_layouts[0], "go1.18.10 is too old: slicestat needs Go 1.21 or newer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_calls_between_callees),
		cmocka_unit_test(test_fips),
		cmocka_unit_test(test_before_fips),
		cmocka_unit_test(test_undecided),
		cmocka_unit_test(test_call_at_the_end),
		cmocka_unit_test(test_nothing_found),
		cmocka_unit_test(test_wrong_requests),
		cmocka_unit_test(test_two_of_a_name),
		cmocka_unit_test(test_unknown_go),
	};

	return cmocka_run_group_tests_name("scope_made", tests, NULL, NULL);
}
