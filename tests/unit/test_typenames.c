/* SPDX-License-Identifier: BSD-2-Clause */
/* gobin/gobin.h: names of types that reflect makes at run time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "made_types.h"

static void test_elements(void **state)
{
	struct fixture f;
	struct gobin_type type;
	uint64_t array;

	(void)state;
	begin(&f, go124);
	array = make_array(&f, 77, f.item);
	expect_name(&f, make_pointer(&f, f.item), "*m.item");
	expect_name(&f, make_slice(&f, make_slice(&f, array)), "[][][77]m.item");
	expect_name(&f, array, "[77]m.item");
	expect_name(&f, make_array(&f, 0, make_pointer(&f, f.error)), "[0]*error");
	expect_name(&f, make_map(&f, f.error, make_map(&f, f.item, array)),
		    "map[error]map[m.item][77]m.item");
	assert_int_equal(gobin_type_at(f.o.bin, &f.p.memory, array, &type), 0);
	assert_int_equal(type.kind, ARRAY);
	assert_int_equal(type.size, 8);
	assert_int_equal(gobin_type_at(f.o.bin, NULL, array, &type), -ENOENT);
	end(&f);
}

static void test_channels(void **state)
{
	struct fixture f;
	uint64_t recv;

	(void)state;
	begin(&f, go124);
	recv = make_chan(&f, 1, f.item);
	expect_name(&f, recv, "<-chan m.item");
	expect_name(&f, make_chan(&f, 2, f.item), "chan<- m.item");
	expect_name(&f, make_chan(&f, 3, f.item), "chan m.item");
	expect_name(&f, make_chan(&f, 3, recv), "chan (<-chan m.item)");
	expect_name(&f, make_chan(&f, 2, recv), "chan<- <-chan m.item");
	expect_name(&f, make_chan(&f, 3, make_chan(&f, 3, recv)), "chan chan (<-chan m.item)");
	expect_none(&f, make_chan(&f, 0, f.item), -ENOENT);
	expect_none(&f, make_chan(&f, 4, f.item), -ENOENT);
	expect_none(&f, make_chan(&f, UINT64_MAX, f.item), -ENOENT);
	end(&f);
}

static void test_functions(void **state)
{
	struct fixture f;
	uint64_t types[129];
	uint64_t slice, func;

	(void)state;
	begin(&f, go124);
	slice = make_slice(&f, f.item);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		types[i] = i % 2 ? f.error : f.item;
	expect_name(&f, make_func(&f, 0, 0, false, types), "func()");
	expect_name(&f, make_func(&f, 1, 0, false, types), "func(m.item)");
	expect_name(&f, make_func(&f, 0, 1, false, types), "func() m.item");
	func = make_func(&f, 2, 2, false, types);
	expect_name(&f, func, "func(m.item, error) (m.item, error)");
	expect_name(&f, make_func(&f, 2, 1, true, (uint64_t[]){f.error, slice, func}),
		    "func(error, ...m.item) func(m.item, error) (m.item, error)");
	expect_name(&f, make_func(&f, 1, 2, true, (uint64_t[]){slice, slice, slice}),
		    "func(...m.item) ([]m.item, []m.item)");
	assert_int_equal(gobin_type_name(f.o.bin, &f.p.memory, make_func(&f, 127, 1, false, types),
					 (char[99]){""}, 99),
			 0);
	expect_none(&f, make_func(&f, 128, 1, false, types), -ENOENT);
	end(&f);
}

/* With methods or a name of its own, what tells so lies before the parameters. */
static void test_uncommon_function(void **state)
{
	const uint64_t words[] = {1 | 1 << 16, 1, 2, 0, 0};
	struct fixture f;
	uint64_t func;

	(void)state;
	begin(&f, go124);
	func = make(&f, FUNC, 8, words, 5);
	bytes_at(&f, func)[20] = UNCOMMON;
	put_le64(bytes_at(&f, func + 72), f.item);
	put_le64(bytes_at(&f, func + 80), f.error);
	expect_name(&f, func, "func(m.item) error");
	end(&f);
}

static void test_structs(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, go124);
	const struct field fields[] = {
		{1, "A", f.item, NULL},
		{1 | TAG, "B", f.error, "json:\"b\\c\"\n\xff\u00e9"},
		{0, "_", make_pointer(&f, f.item), NULL},
		{1 | EMBEDDED, "E", f.item, NULL},
		{TAG | EMBEDDED, "e", make_pointer(&f, f.item), "x"},
	};

	expect_name(&f, make_struct(&f, fields, 0), "struct {}");
	expect_name(&f, make_struct(&f, fields, 1), "struct { A m.item }");
	expect_name(&f, make_struct(&f, fields, 5),
		    "struct { A m.item; B error \"json:\\\"b\\\\c\\\"\\n\\xff\u00e9\"; "
		    "_ *m.item; m.item; *m.item \"x\" }");
	end(&f);
}

/* Up to Go 1.22, StructOf writes the name of an embedded field, too. */
static void test_embedded_by_version(void **state)
{
	static const struct img_layout rows[] = {
		{"go1.22.12", EM_X86_64, 0xfffffff1, 0x60},
		{"go1.23.5", EM_X86_64, 0xfffffff1, 0x60},
	};
	static const char *const names[] = {"struct { E m.item }", "struct { m.item }"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;

		begin(&f, &rows[i]);
		const struct field field = {1 | EMBEDDED, "E", f.item, NULL};

		expect_name(&f, make_struct(&f, &field, 1), names[i]);
		end(&f);
	}
}

/* A tag is read in pieces: no character may be lost or torn where one ends. */
static void test_long_tags(void **state)
{
	char tag[1000], expected[1100];

	(void)state;
	for (size_t lead = 0; lead < 4; lead++) {
		struct fixture f;
		size_t n = lead;

		memset(tag, 'x', lead);
		while (n + 3 < sizeof(tag)) {
			memcpy(tag + n, "\u65e5", 3);
			n += 3;
		}
		tag[n] = '\0';
		snprintf(expected, sizeof(expected), "struct { A m.item \"%s\" }", tag);
		begin(&f, go124);
		const struct field field = {1 | TAG, "A", f.item, tag};

		expect_name(&f, make_struct(&f, &field, 1), expected);
		end(&f);
	}
}

/* Which characters are escaped depends on the Unicode version: rather no name than a wrong one. */
static void test_unsure_tag(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, go124);
	const struct field field = {1 | TAG, "A", f.item, "\u0378"};

	expect_none(&f, make_struct(&f, &field, 1), -ENOENT);
	end(&f);
}

static void test_cut_anywhere(void **state)
{
	static const char whole[] = "map[chan (<-chan m.item)]struct { A func(m.item, ...m.item) "
				    "(error, error) \"a\" }";
	struct fixture f;
	uint64_t func, map;

	(void)state;
	begin(&f, go124);
	func = make_func(&f, 2, 2, true,
			 (uint64_t[]){f.item, make_slice(&f, f.item), f.error, f.error});
	const struct field field = {1 | TAG, "A", func, "a"};

	map = make_map(&f, make_chan(&f, 3, make_chan(&f, 1, f.item)), make_struct(&f, &field, 1));
	expect_name(&f, map, whole);
	for (size_t size = 1; size <= sizeof(whole); size++) {
		char *got = malloc(size);

		assert_non_null(got);
		assert_int_equal(gobin_type_name(f.o.bin, &f.p.memory, map, got, size), 0);
		assert_int_equal(strlen(got), size - 1);
		assert_memory_equal(got, whole, size - 1);
		free(got);
	}
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements),     cmocka_unit_test(test_channels),
		cmocka_unit_test(test_functions),    cmocka_unit_test(test_uncommon_function),
		cmocka_unit_test(test_structs),	     cmocka_unit_test(test_embedded_by_version),
		cmocka_unit_test(test_long_tags),    cmocka_unit_test(test_unsure_tag),
		cmocka_unit_test(test_cut_anywhere),
	};

	return cmocka_run_group_tests_name("typenames", tests, NULL, NULL);
}
