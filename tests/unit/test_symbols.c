// SPDX-License-Identifier: BSD-2-Clause
/* Types by number and name (symbol/symbols.h), in real Go executables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "../gobin_source.h"
#include "go_callers.h"
#include "symbol/symbols.h"

#define BIAS	  0x5555000000
#define ELSEWHERE 0xc000040000 /* where a process has a type that reflect made */
#define NOWHERE	  0xc000080000 /* where nothing can be read */

/* abi.Type up to Str and PtrToThis, then a slice type's Elem. */
struct slice_type {
	uint64_t size, ptr_bytes;
	uint32_t hash;
	uint8_t flags, align, field_align, kind;
	uint64_t equal, gc_data;
	int32_t str, ptr_to_this;
	uint64_t elem;
};

/* A process that runs the executable, loaded at BIAS, with one type of reflect's making. */
struct process {
	const struct gobin *bin;
	struct slice_type made;
};

static int read_process(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct process *p = ctx;
	const uint64_t at = addr - ELSEWHERE;

	if (at < sizeof(p->made) && sizeof(p->made) - at >= len) {
		memcpy(buf, (const char *)&p->made + at, len);
		return 0;
	}
	return gobin_read(p->bin, addr - BIAS, buf, len);
}

static struct process process_of(const struct gobin *bin, uint64_t elem)
{
	return (struct process){
		.bin = bin,
		.made = {.size = 24,
			 .ptr_bytes = 8,
			 .align = 8,
			 .field_align = 8,
			 .kind = 23,
			 .str = -1,
			 .elem = elem + BIAS},
	};
}

static struct gobin_memory memory_of(struct process *p)
{
	return (struct gobin_memory){.read = read_process, .ctx = p, .bias = BIAS};
}

static struct symbols *new_symbols(const struct gobin *bin, const struct plan_callers *callers)
{
	static const struct symbols_skip none;
	const struct symbol_source source = source_of(bin);
	struct symbols *s = NULL;

	assert_int_equal(symbols_new(&source, callers, &none, &s), 0);
	return s;
}

static void assert_type(struct symbols *s, uint32_t number, const char *name, int64_t size)
{
	assert_int_equal(symbols_type_size(s, number), size);
	assert_string_equal(symbols_type(s, number).name, name);
	assert_int_equal(symbols_type(s, number).size, size);
}

/* By its call site or by its address, in whichever process, a type of the file is one type. */
static void check_types_of_the_file(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0);
	struct symbols *s = new_symbols(c.bin, c.callers);
	struct process a = process_of(c.bin, 0), b = a;
	const struct gobin_memory in_a = memory_of(&a), in_b = memory_of(&b);
	struct process_types *own_a = NULL, *own_b = NULL;
	uint64_t point, ints, site, other;
	uint32_t n;

	(void)path;
	site = typed_call_in(&c, "main.appendPoints", &point);
	other = typed_call_in(&c, "main.appendInts", &ints);
	n = symbols_type_number(s, &own_a, &in_a, site, 0);
	assert_int_not_equal(n, SYMBOL_TYPE_UNKNOWN);
	assert_type(s, n, "main.point", 24);
	assert_int_equal(symbols_type_number(s, &own_a, &in_a, site, 0), n);
	assert_int_equal(symbols_type_number(s, &own_a, &in_a, 0, point + BIAS), n);
	assert_int_equal(symbols_type_number(s, &own_b, &in_b, 0, point + BIAS), n);
	/* The event's own type goes before that of its site. */
	assert_int_equal(symbols_type_number(s, &own_b, &in_b, other, point + BIAS), n);
	assert_int_not_equal(symbols_type_number(s, &own_b, &in_b, other, 0), n);
	assert_type(s, symbols_type_number(s, &own_b, &in_b, other, 0), "int", 8);
	assert_null(own_a);
	assert_null(own_b);
	symbols_free(s);
	close_callers(&c);
}

static void test_types_of_the_file(void **state)
{
	(void)state;
	each_go_file(check_types_of_the_file);
}

static void check_unknown_types(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0);
	struct symbols *s = new_symbols(c.bin, c.callers), *blind = new_symbols(c.bin, NULL);
	struct process a = process_of(c.bin, 0), b = a;
	const struct gobin_memory in_a = memory_of(&a), in_b = memory_of(&b);
	struct process_types *own_a = NULL, *own_b = NULL;
	uint64_t type, site = typed_call_in(&c, "main.appendInts", &type);
	uint32_t n, m;

	(void)path;
	assert_int_equal(symbols_type_number(s, &own_a, &in_a, 0, 0), SYMBOL_TYPE_UNKNOWN);
	assert_int_equal(symbols_type_number(s, &own_a, &in_a, site + 1, 0), SYMBOL_TYPE_UNKNOWN);
	assert_int_equal(symbols_type_number(blind, &own_a, &in_a, site, 0), SYMBOL_TYPE_UNKNOWN);
	assert_type(s, SYMBOL_TYPE_UNKNOWN, "?", -1);
	assert_type(s, 1000, "?", -1);
	/* What cannot be read has its address for a name. */
	n = symbols_type_number(s, &own_a, &in_a, site, NOWHERE);
	m = symbols_type_number(s, &own_b, &in_b, site, NOWHERE + 8);
	assert_int_not_equal(n, SYMBOL_TYPE_UNKNOWN);
	assert_int_not_equal(m, SYMBOL_TYPE_UNKNOWN);
	assert_int_not_equal(m, n);
	assert_int_equal(symbols_type_number(s, &own_a, &in_a, site, NOWHERE), n);
	assert_type(s, n, "?0xc000080000", -1);
	assert_type(s, m, "?0xc000080008", -1);
	process_types_free(own_a);
	process_types_free(own_b);
	symbols_free(blind);
	symbols_free(s);
	symbols_free(NULL);
	close_callers(&c);
}

static void test_unknown_types(void **state)
{
	(void)state;
	each_go_file(check_unknown_types);
}

/* It is read at once: its process may be gone when it is shown. */
static void check_type_of_a_process(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0);
	struct symbols *s = new_symbols(c.bin, c.callers);
	struct process a, b;
	struct gobin_memory in_a, in_b;
	struct process_types *own_a = NULL, *own_b = NULL;
	uint64_t point, ints;
	uint32_t n, m;

	(void)path;
	typed_call_in(&c, "main.appendPoints", &point);
	typed_call_in(&c, "main.appendInts", &ints);
	a = process_of(c.bin, point);
	b = process_of(c.bin, ints);
	in_a = memory_of(&a);
	in_b = memory_of(&b);
	n = symbols_type_number(s, &own_a, &in_a, 0, ELSEWHERE);
	m = symbols_type_number(s, &own_b, &in_b, 0, ELSEWHERE);
	assert_int_not_equal(n, m);
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	assert_type(s, n, "[]main.point", 24);
	assert_type(s, m, "[]int", 24);
	assert_int_equal(symbols_type_number(s, &own_a, &in_a, 0, ELSEWHERE), n);
	process_types_free(own_a);
	process_types_free(own_b);
	symbols_free(s);
	close_callers(&c);
}

static void test_type_of_a_process(void **state)
{
	(void)state;
	each_go_file(check_type_of_a_process);
}

/* Functions that take no type have theirs by an enum ss_elem. */
static void test_types_of_functions(void **state)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct symbols *s = new_symbols(bin, NULL);
	struct process a = process_of(bin, 0), b = a;
	const struct gobin_memory in_a = memory_of(&a), in_b = memory_of(&b);
	struct process_types *own_a = NULL, *own_b = NULL;
	uint32_t bytes = symbols_type_number(s, &own_a, &in_a, 0, SS_ELEM_UINT8);
	uint32_t runes = symbols_type_number(s, &own_a, &in_a, 0, SS_ELEM_INT32);

	(void)state;
	assert_int_not_equal(bytes, runes);
	assert_type(s, bytes, "uint8", 1);
	assert_type(s, runes, "int32", 4);
	assert_int_equal(symbols_type_number(s, &own_b, &in_b, 0, SS_ELEM_UINT8), bytes);
	assert_null(own_a);
	assert_null(own_b);
	symbols_free(s);
	gobin_free(bin);
	close(fd);
}

/* Processes come and go: the type that each of them makes, somewhere else, is one type. */
static void test_type_of_many_processes(void **state)
{
	enum { PROCESSES = 100 };
	int fd = open_first_go_file();
	struct called c = open_callers(fd, GROW, NULL, 0);
	struct symbols *s = new_symbols(c.bin, NULL);
	uint64_t point;
	struct process a;
	struct gobin_memory memory;

	(void)state;
	typed_call_in(&c, "main.appendPoints", &point);
	a = process_of(c.bin, point);
	memory = memory_of(&a);
	for (uint32_t i = 0; i < PROCESSES; i++) {
		struct process_types *own = NULL;

		assert_int_equal(symbols_type_number(s, &own, &memory, 0, ELSEWHERE), 1);
		process_types_free(own);
	}
	assert_type(s, 1, "[]main.point", 24);
	assert_type(s, 2, "?", -1);
	symbols_free(s);
	close_callers(&c);
	close(fd);
}

/* Types without end: numbers and names stay, and those beyond the bounds are unknown. */
static void test_many_types(void **state)
{
	enum { PROCESSES = SYMBOL_MADE_MAX / PROCESS_TYPES_MAX };
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct symbols *s = new_symbols(bin, NULL);
	struct process a = process_of(bin, 0);
	const struct gobin_memory memory = memory_of(&a);
	struct process_types *own[PROCESSES + 1] = {NULL};

	(void)state;
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < SYMBOL_MADE_MAX; i++)
			assert_int_equal(symbols_type_number(s, &own[i / PROCESS_TYPES_MAX],
							     &memory, 0, NOWHERE + 8UL * i),
					 1 + i);
		/* One more of a process, and one of another process. */
		assert_int_equal(symbols_type_number(s, &own[0], &memory, 0, NOWHERE - 8),
				 SYMBOL_TYPE_UNKNOWN);
		assert_int_equal(symbols_type_number(s, &own[PROCESSES], &memory, 0, NOWHERE - 8),
				 SYMBOL_TYPE_UNKNOWN);
	}
	for (uint32_t i = 0; i < SYMBOL_MADE_MAX; i++) {
		char name[32];

		snprintf(name, sizeof(name), "?0x%llx", NOWHERE + 8ULL * i);
		assert_type(s, 1 + i, name, -1);
	}
	assert_type(s, 1 + SYMBOL_MADE_MAX, "?", -1);
	for (uint32_t i = 0; i <= PROCESSES; i++)
		process_types_free(own[i]);
	symbols_free(s);
	gobin_free(bin);
	close(fd);
}

/* What a process has made beyond its bound is unknown, though there is room for others'. */
static void test_many_types_of_a_process(void **state)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct symbols *s = new_symbols(bin, NULL);
	struct process a = process_of(bin, 0);
	const struct gobin_memory memory = memory_of(&a);
	struct process_types *own = NULL, *other = NULL;

	(void)state;
	for (uint32_t i = 0; i < PROCESS_TYPES_MAX; i++)
		assert_int_equal(symbols_type_number(s, &own, &memory, 0, NOWHERE + 8UL * i),
				 1 + i);
	assert_int_equal(symbols_type_number(s, &own, &memory, 0, NOWHERE - 8),
			 SYMBOL_TYPE_UNKNOWN);
	assert_int_equal(symbols_type_number(s, &other, &memory, 0, NOWHERE - 8),
			 1 + PROCESS_TYPES_MAX);
	process_types_free(own);
	process_types_free(other);
	symbols_free(s);
	gobin_free(bin);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_of_the_file),
		cmocka_unit_test(test_unknown_types),
		cmocka_unit_test(test_type_of_a_process),
		cmocka_unit_test(test_types_of_functions),
		cmocka_unit_test(test_type_of_many_processes),
		cmocka_unit_test(test_many_types),
		cmocka_unit_test(test_many_types_of_a_process),
	};

	return cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
}
