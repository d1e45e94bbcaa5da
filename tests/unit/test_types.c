/* SPDX-License-Identifier: BSD-2-Clause */
/* gobin/gobin.h: types of executables and of plugins, and what only looks like them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "go_files.h"
#include "type_image.h"

#define EXTRA_STAR 0x02
#define NAMED	   0x04

static const struct made_type plain_int = {.size = 8, .kind = INT};

static void test_name_and_sizes(void **state)
{
	struct types_image t;
	struct gobin_type type;
	struct opened o;
	uint64_t item, slice;

	(void)state;
	make_types_image(&t, go124);
	item = add_type(&t, 0, (struct made_type){40, 32, NAMED, STRUCT | 0x40, 0}, "main.item");
	slice = add_type(&t, 1, (struct made_type){24, 8, EXTRA_STAR, SLICE, 0}, "*[]main.item");
	o = open_image(&t.img);
	assert_named(o.bin, NULL, item, "main.item");
	assert_named(o.bin, NULL, slice, "[]main.item");
	assert_int_equal(gobin_type_at(o.bin, NULL, item, &type), 0);
	assert_int_equal(type.size, 40);
	assert_int_equal(type.ptr_bytes, 32);
	assert_int_equal(type.kind, STRUCT);
	close_image(&o);
}

/* What is in the file is not read from memory, which is gone with the process. */
static void test_runtime_address(void **state)
{
	struct types_image t;
	struct process p;
	struct opened o;
	uint64_t addr;

	(void)state;
	make_types_image(&t, go124);
	addr = add_type(&t, 0, plain_int, "int");
	o = open_image(&t.img);
	make_process(&p);
	assert_named(o.bin, &p.memory, addr + BIAS, "int");
	assert_int_equal(p.reads, 0);
	assert_nameless(o.bin, &p.memory, addr, -EFAULT);
	assert_nameless(o.bin, NULL, addr + BIAS, -ENOENT);
	close_image(&o);
}

static void test_long_name(void **state)
{
	static const size_t lengths[] = {127, 128, 900};
	char longest[901], got[901];
	struct types_image t;
	struct opened o;
	uint64_t addr;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const size_t n = lengths[i];

		memset(longest, 'x', n);
		longest[n] = '\0';
		make_types_image(&t, go124);
		addr = add_type(&t, 0, plain_int, longest);
		o = open_image(&t.img);
		assert_named(o.bin, NULL, addr, longest);
		assert_int_equal(gobin_type_name(o.bin, NULL, addr, got, n), 0);
		assert_int_equal(strlen(got), n - 1);
		close_image(&o);
	}
}

static void test_cut(void **state)
{
	struct types_image t;
	struct opened o;
	uint64_t addr;
	char got[8];

	(void)state;
	make_types_image(&t, go124);
	addr = add_type(&t, 0, (struct made_type){8, 0, EXTRA_STAR, INT, 0}, "*main.number");
	o = open_image(&t.img);
	for (size_t size = 1; size <= sizeof(got); size++) {
		memset(got, '#', sizeof(got));
		assert_int_equal(gobin_type_name(o.bin, NULL, addr, got, size), 0);
		assert_int_equal(strlen(got), size - 1);
		assert_memory_equal(got, "main.number", size - 1);
	}
	close_image(&o);
}

/* A descriptor that differs from a good one by a single thing. */
struct bad_type {
	struct made_type type;
	const char *name;
	size_t at; /* this byte of it is set, from its start on */
	uint8_t byte;
};

static const struct bad_type bad_types[] = {
	{{8, 0, 0, 0, 0}, "kind 0", 0, 8},
	{{8, 0, 0, 27, 0}, "kind 27", 0, 8},
	{{4, 0, 0, INT, 0}, "an int of 4 bytes", 0, 4},
	{{16, 16, 0, STRING, 0}, "more pointers than bytes", 8, 24},
	{{16, 8, 0, STRING, 0}, "a part of a pointer", 8, 7},
	{{8, 0, 0, INT, 0}, "no such flag", 20, 0x80},
	{{8, 0, 0, INT, 0}, "no alignment", 21, 0},
	{{8, 0, 0, INT, 0}, "odd alignment", 21, 6},
	{{8, 0, 0, INT, 0}, "no field alignment", 22, 0},
	{{40, 0, 0, STRUCT, 0}, "larger alignment", 21, 64},
	{{8, 0, 0, INT, 0}, "name before the types", 43, 0x80},
	{{8, 0, 0, INT, 0}, "name behind the types", 41, 0x08},
	{{8, 0, EXTRA_STAR, INT, 0}, "no star", 0, 8},
	{{8, 0, EXTRA_STAR, INT, 0}, "*", 0, 8},
	{{8, 0, 0, INT, 0}, "", 0, 8},
	{{8, 0, 0, INT, 0}, "control\nbyte", 0, 8},
	{{8, 0, 0, INT, 0}, "delete\x7f", 0, 8},
};

static void test_bad_descriptors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_types) / sizeof(bad_types[0]); i++) {
		const struct bad_type *bad = &bad_types[i];
		struct types_image t;
		struct opened o;
		uint64_t addr;

		make_types_image(&t, go124);
		addr = add_type(&t, 0, bad->type, bad->name);
		t.img.b[TYPES_OFFSET + bad->at] = bad->byte;
		o = open_image(&t.img);
		assert_nameless(o.bin, NULL, addr, -ENOENT);
		close_image(&o);
	}
}

static void test_bad_names(void **state)
{
	static const uint8_t names[][6] = {
		{0x02, 1, 'x', 1, 't', 0},	   /* a tag */
		{0x04, 1, 'x', 0, 0, 0},	   /* a package */
		{0x10, 1, 'x', 0, 0, 0},	   /* no such flag */
		{0, 0xff, 0xff, 0xff, 0xff, 0xff}, /* endless length */
		{0, 0xff, 0xff, 0xff, 0xff, 0x01}, /* not all in the types */
	};
	char start[2]; /* what is beyond it counts, too */

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct types_image t;
		struct opened o;
		uint64_t addr;

		make_types_image(&t, go124);
		addr = add_type(&t, 0, plain_int, "name");
		memcpy(t.img.b + TYPES_OFFSET + TYPES_NAMES, names[i], sizeof(names[i]));
		o = open_image(&t.img);
		assert_nameless(o.bin, NULL, addr, -ENOENT);
		assert_int_equal(gobin_type_name(o.bin, NULL, addr, start, sizeof(start)), -ENOENT);
		close_image(&o);
	}
}

static void test_ends_of_the_types(void **state)
{
	const unsigned int last = TYPES_BYTES / 64 - 1;
	const uint64_t end = TYPES_ADDR + TYPES_BYTES;
	struct made_type type = plain_int;
	struct types_image t;
	struct opened o;

	(void)state;
	make_types_image(&t, go124);
	/* A name that ends where the types do. */
	put_goname(t.img.b + TYPES_OFFSET + TYPES_BYTES - 5, 0, "int", NULL);
	type.str = TYPES_BYTES - 5;
	put_descriptor(t.img.b + TYPES_OFFSET, &type);
	put_descriptor(t.img.b + TYPES_OFFSET + 64, &type);
	put_descriptor(t.img.b + TYPES_OFFSET + 132, &type);
	o = open_image(&t.img);
	assert_named(o.bin, NULL, TYPES_ADDR, "int");
	assert_named(o.bin, NULL, TYPES_ADDR + 64, "int");
	assert_nameless(o.bin, NULL, TYPES_ADDR + 132, -ENOENT);
	assert_nameless(o.bin, NULL, TYPES_ADDR - 8, -ENOENT);
	assert_nameless(o.bin, NULL, TYPES_ADDR + 64ull * last, -ENOENT);
	assert_nameless(o.bin, NULL, end - 40, -ENOENT);
	assert_nameless(o.bin, NULL, end, -ENOENT);
	assert_nameless(o.bin, NULL, UINT64_MAX - 7, -ENOENT);
	assert_nameless(o.bin, NULL, 0, -ENOENT);
	close_image(&o);

	t.img.b[TYPES_OFFSET + TYPES_BYTES - 4]++;
	o = open_image(&t.img);
	assert_nameless(o.bin, NULL, TYPES_ADDR, -ENOENT);
	close_image(&o);
}

/* A module in memory: its record, and one type behind it. Their addresses. */
static uint64_t add_module(struct process *p, uint64_t next, const char *name, uint64_t *type)
{
	const struct made_type made = {8, 0, 0, INT, 48};
	uint64_t module;
	uint8_t *record = take_heap(p, 0x250, &module);
	uint8_t *types = take_heap(p, 0x80, type);

	put_descriptor(types, &made);
	put_goname(types + 48, 0, name, NULL);
	put_le64(record + MODULE_TYPES, *type);
	put_le64(record + MODULE_ETYPES, *type + 0x80);
	put_le64(record + MODULE_NEXT, next);
	return module;
}

static void test_plugins(void **state)
{
	struct types_image t;
	struct process p;
	struct opened o;
	uint64_t first, second, types[2];

	(void)state;
	make_types_image(&t, go124);
	o = open_image(&t.img);
	make_process(&p);
	second = add_module(&p, 0, "plugin.second", &types[1]);
	first = add_module(&p, second, "plugin.first", &types[0]);
	assert_nameless(o.bin, &p.memory, types[0], -ENOENT);
	put_le64(p.module + MODULE_NEXT, first);
	assert_named(o.bin, &p.memory, types[0], "plugin.first");
	assert_named(o.bin, &p.memory, types[1], "plugin.second");
	assert_nameless(o.bin, &p.memory, types[1] + 8, -ENOENT);
	assert_nameless(o.bin, NULL, types[1], -ENOENT);
	close_image(&o);
}

static void test_modules_in_a_circle(void **state)
{
	struct types_image t;
	struct process p;
	struct opened o;
	uint64_t module, type, other;

	(void)state;
	make_types_image(&t, go124);
	o = open_image(&t.img);
	make_process(&p);
	module = add_module(&p, HEAP, "plugin.x", &type);
	assert_int_equal(module, HEAP);
	take_heap(&p, 64, &other);
	put_le64(p.module + MODULE_NEXT, module);
	assert_named(o.bin, &p.memory, type, "plugin.x");
	p.reads = 0;
	assert_nameless(o.bin, &p.memory, other, -ENOENT);
	assert_true(p.reads > 3 && p.reads < 1000);
	put_le64(p.module + MODULE_NEXT, 8);
	assert_nameless(o.bin, &p.memory, other, -EFAULT);
	close_image(&o);
}

/* Where the version's moduledata makes no sense no type is known. */
static void test_types_unknown(void **state)
{
	struct types_image t;
	struct process p;
	struct opened o;
	uint64_t addr;

	(void)state;
	make_types_image(&t, go124);
	addr = add_type(&t, 0, plain_int, "int");
	img_put(&t.img, IMG_MODULE + MODULE_ETYPES, TYPES_ADDR, 8);
	o = open_image(&t.img);
	make_process(&p);
	assert_nameless(o.bin, NULL, addr, -ENOENT);
	assert_nameless(o.bin, &p.memory, addr + BIAS, -ENOENT);
	assert_nameless(o.bin, NULL, 0, -ENOENT);
	close_image(&o);
}

/* Names that occur once in the program that the files are of, and whether they were seen. */
static const char *const expected[] = {"main.point", "main.node", "main.pair[int,int]", "[]uint8"};
#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static struct gobin *open_go(const char *path, int fd)
{
	struct gobin *bin = NULL;
	struct reason why = {0};

	if (gobin_open(fd, &bin, &why))
		fail_msg("%s: %s", path, why.text);
	return bin;
}

static void expect_printable(const char *path, uint64_t addr, const char *name)
{
	for (const char *c = name; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			fail_msg("%s: control byte in the name at %#llx", path,
				 (unsigned long long)addr);
}

/* Most of these addresses are no type's: none of them may do harm. */
static void try_every_address(const char *path, int fd)
{
	struct gobin *bin = open_go(path, fd);
	unsigned int seen[EXPECTED] = {0};
	struct gobin_type type;
	uint64_t start, end;
	char name[256];

	gobin_types_range(bin, &start, &end);
	assert_true(start > 0 && start % 8 == 0 && start < end);
	for (uint64_t addr = start; addr < end; addr += 8) {
		if (gobin_type_name(bin, NULL, addr, name, sizeof(name)))
			continue;
		assert_int_equal(gobin_type_at(bin, NULL, addr, &type), 0);
		expect_printable(path, addr, name);
		for (size_t i = 0; i < EXPECTED; i++)
			seen[i] += !strcmp(name, expected[i]);
	}
	for (size_t i = 0; i < EXPECTED; i++)
		if (seen[i] != 1)
			fail_msg("%s: %s was found %u times", path, expected[i], seen[i]);
	gobin_free(bin);
}

static void test_real_files(void **state)
{
	(void)state;
	each_go_file(try_every_address);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name_and_sizes),	    cmocka_unit_test(test_runtime_address),
		cmocka_unit_test(test_long_name),	    cmocka_unit_test(test_cut),
		cmocka_unit_test(test_bad_descriptors),	    cmocka_unit_test(test_bad_names),
		cmocka_unit_test(test_ends_of_the_types),   cmocka_unit_test(test_plugins),
		cmocka_unit_test(test_modules_in_a_circle), cmocka_unit_test(test_types_unknown),
		cmocka_unit_test(test_real_files),
	};

	return cmocka_run_group_tests_name("types", tests, NULL, NULL);
}
