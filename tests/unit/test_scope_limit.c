// SPDX-License-Identifier: BSD-2-Clause
/* plan/scope.h on a made executable with as many calls as can be probed, and with one more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "scope_image.h"

/* The text lies behind all else. */
#define MANY_OFFSET 0x4000
#define MANY_ADDR   0x800000ull
#define MANY_ENTRY  0x10
#define MANY_LEN    5

_Static_assert(MANY_OFFSET >= IMG_SIZE, "room for the image");

static size_t text_size(uint32_t calls)
{
	return MANY_ENTRY + (size_t)calls * MANY_LEN;
}

static void put_calls(uint8_t *text, uint32_t calls)
{
	memset(text, 0x90, MANY_ENTRY);
	for (uint32_t i = 0; i < calls; i++) {
		uint8_t *call = text + MANY_ENTRY + (size_t)i * MANY_LEN;
		const int32_t distance = -(int32_t)(MANY_ENTRY + (i + 1) * MANY_LEN);

		call[0] = 0xe8;
		memcpy(call + 1, &distance, sizeof(distance));
	}
}

/* main.F, which does nothing but call growslice that many times. */
static struct opened open_calls(uint32_t calls)
{
	const struct made_func funcs[] = {{0, "runtime.growslice"},
					  {MANY_ENTRY, "main.F"},
					  {(uint32_t)text_size(calls), NULL}};
	const struct assembly a = caller_begin();
	const size_t size = MANY_OFFSET + text_size(calls);
	struct opened o = {.fd = -1};
	struct reason why = {""};
	struct go_image img;
	uint8_t *file = calloc(1, size);

	assert_non_null(file);
	scope_image(&a, funcs, &img);
	put_made_module(&img, MANY_ADDR, funcs, 2);
	img_put(&img, IMG_PH(IMG_PH_TEXT, p_offset), MANY_OFFSET, 8);
	img_put(&img, IMG_PH(IMG_PH_TEXT, p_vaddr), MANY_ADDR, 8);
	img_put(&img, IMG_PH(IMG_PH_TEXT, p_filesz), text_size(calls), 8);
	img_put(&img, IMG_PH(IMG_PH_TEXT, p_memsz), text_size(calls), 8);
	memcpy(file, img.b, sizeof(img.b));
	put_calls(file + MANY_OFFSET, calls);
	o.fd = img_file(file, size);
	free(file);
	if (gobin_open(o.fd, &o.bin, &why))
		fail_msg("%s", why.text);
	return o;
}

static void test_most(void **state)
{
	struct opened o = open_calls(65536);
	struct plan_scope *scope = NULL;

	(void)state;
	assert_int_equal(make_scope(o.bin, GROW_OP, "main.F", NULL, &scope, NULL), 0);
	assert_int_equal(scope->ncalls, 65536);
	for (size_t i = 0; i < scope->ncalls; i++) {
		assert_int_equal(scope->calls[i].addr, MANY_ADDR + MANY_ENTRY + i * MANY_LEN);
		assert_int_equal(scope->calls[i].offset, MANY_OFFSET + MANY_ENTRY + i * MANY_LEN);
	}
	plan_scope_free(scope);
	close_image(&o);
}

static void test_too_many(void **state)
{
	struct opened o = open_calls(65537);
	struct plan_scope *scope = NULL;
	struct reason why = {""};

	(void)state;
	assert_int_equal(make_scope(o.bin, GROW_OP, "main.F", NULL, &scope, &why), -E2BIG);
	assert_string_equal(why.text,
			    "65537 calls are in scope, but only 65536 can be probed; narrow --in, "
			    "or leave more out with --not-in");
	assert_null(scope);
	close_image(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_most),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("scope_limit", tests, NULL, NULL);
}
