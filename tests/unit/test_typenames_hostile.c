/* SPDX-License-Identifier: BSD-2-Clause */
/* gobin/gobin.h: memory that only looks as if reflect had made types in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "made_types.h"

static void test_not_by_reflect(void **state)
{
	static const uint8_t kinds[] = {INVALID, INT, INTERFACE, STRING, UNSAFE_POINTER};
	struct fixture f;
	uint64_t addr;

	(void)state;
	begin(&f, go124);
	for (size_t i = 0; i < sizeof(kinds); i++)
		expect_none(&f, make(&f, kinds[i], kinds[i] > UINT8 ? 16 : 8, NULL, 0), -ENOENT);
	addr = make_pointer(&f, f.item);
	bytes_at(&f, addr)[20] = NAMED;
	expect_none(&f, addr, -ENOENT);
	addr = make_pointer(&f, f.item);
	bytes_at(&f, addr)[43] = 0;
	expect_none(&f, addr, -ENOENT);
	expect_none(&f, make_pointer(&f, f.item + 4), -ENOENT);
	expect_none(&f, make_pointer(&f, 0), -EFAULT);
	expect_none(&f, make_pointer(&f, UINT64_MAX - 7), -ENOENT);
	expect_none(&f, HEAP + HEAP_BYTES - 40, -EFAULT);
	end(&f);
}

static void test_bad_structs(void **state)
{
	struct fixture f;
	uint64_t addr;

	(void)state;
	begin(&f, go124);
	const struct field good = {1, "A", f.item, NULL};
	const struct field control = {1, "A\n", f.item, NULL};
	const struct field flags = {0x10, "A", f.item, NULL};
	const struct field empty = {1, "", f.item, NULL};

	expect_none(&f, make_struct(&f, &control, 1), -ENOENT);
	expect_none(&f, make_struct(&f, &flags, 1), -ENOENT);
	expect_none(&f, make_struct(&f, &empty, 1), -ENOENT);
	addr = make_struct(&f, &good, 1);
	put_le64(bytes_at(&f, addr + 64), UINT64_MAX);
	expect_none(&f, addr, -EFAULT);
	end(&f);
}

static void test_circles(void **state)
{
	struct fixture f;
	uint64_t pointer, func;
	uint64_t self[128] = {0};
	char got[9];

	(void)state;
	begin(&f, go124);
	pointer = make_pointer(&f, 0);
	put_le64(bytes_at(&f, pointer + 48), pointer);
	expect_none(&f, pointer, -ENOENT);
	assert_int_equal(gobin_type_name(f.o.bin, &f.p.memory, pointer, got, sizeof(got)), 0);
	assert_string_equal(got, "********");

	func = make_func(&f, 128, 0, false, self);
	for (size_t i = 0; i < 128; i++)
		put_le64(bytes_at(&f, func + 56 + 8 * i), func);
	expect_none(&f, func, -ENOENT);
	assert_true(f.p.reads < 5000);
	end(&f);
}

/* A list of modules that runs in a circle, walked once for all types of a name. */
static void test_module_circle(void **state)
{
	uint64_t types[128], func, next;
	struct fixture f;

	(void)state;
	begin(&f, go124);
	take_heap(&f.p, MODULE_NEXT + 8, &next);
	put_le64(f.p.module + MODULE_NEXT, next);
	put_le64(bytes_at(&f, next + MODULE_NEXT), next);
	for (size_t i = 0; i < 128; i++)
		types[i] = make_pointer(&f, f.item);
	func = make_func(&f, 128, 0, false, types);
	assert_int_equal(gobin_type_name(f.o.bin, &f.p.memory, func, (char[4096]){0}, 4096), 0);
	/* 256 modules of three words, and the types themselves. */
	assert_in_range(f.p.reads, 768, 768 + 400);
	end(&f);
}

/* The next of a sequence that is always the same. */
static uint64_t next_number(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ull;
	uint64_t z = *seed;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* Descriptors whose every pointer leads to another one, or anywhere. */
static void fill_heap(struct fixture *f, uint64_t seed)
{
	static const uint8_t kinds[] = {ARRAY, CHAN, FUNC, MAP, POINTER, SLICE, STRUCT};
	static const uint8_t sizes[] = {8, 8, 8, 8, 8, 24, 8};

	for (size_t at = 0; at + 8 <= HEAP_BYTES; at += 8) {
		uint64_t n = next_number(&seed);

		put_le64(f->p.heap + at, n % 4 == 0 ? n % 200 : HEAP + n % HEAP_BYTES / 128 * 128);
	}
	for (size_t at = 0; at + 128 <= HEAP_BYTES; at += 128) {
		uint64_t n = next_number(&seed) % sizeof(kinds);
		const struct made_type made = {.size = sizes[n], .kind = kinds[n], .str = -1};

		put_descriptor(f->p.heap + at, &made);
		if (n == 1)
			put_le64(f->p.heap + at + 56, 1 + next_number(&seed) % 3);
		if (n == 2)
			put_le64(f->p.heap + at + 48, next_number(&seed) % 5);
	}
}

/* Whatever memory holds, naming ends soon and stays in its bounds. */
static void test_any_memory(void **state)
{
	unsigned int named = 0;
	struct fixture f;
	char got[300];

	(void)state;
	begin(&f, go124);
	for (uint64_t round = 0; round < 200; round++) {
		fill_heap(&f, round);
		for (uint64_t at = 0; at < HEAP_BYTES; at += 128) {
			size_t size = 1 + round % sizeof(got);
			int err;

			f.p.reads = 0;
			err = gobin_type_name(f.o.bin, &f.p.memory, HEAP + at, got, size);
			assert_non_null(memchr(got, '\0', size));
			assert_true(err <= 0 && (err == 0 || got[0] == '\0'));
			assert_true(f.p.reads < 10000);
			named += err == 0;
		}
	}
	assert_true(named > 100);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_by_reflect), cmocka_unit_test(test_bad_structs),
		cmocka_unit_test(test_circles),	       cmocka_unit_test(test_module_circle),
		cmocka_unit_test(test_any_memory),
	};

	return cmocka_run_group_tests_name("typenames_hostile", tests, NULL, NULL);
}
