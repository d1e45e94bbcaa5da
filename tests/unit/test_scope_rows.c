// SPDX-License-Identifier: BSD-2-Clause
/* Functions are chosen by the names that rows of reports have: plan/scope.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../gobin_source.h"
#include "go_scope.h"
#include "symbol/symbols.h"

/* Calls whose innermost body is of this name, and those in the code of the function itself. */
static size_t count_bodies(const struct gobin *bin, const struct plan_scope *all, const char *func,
			   size_t *own)
{
	size_t n = 0;

	*own = 0;
	for (size_t i = 0; i < all->ncalls; i++) {
		struct gobin_frame frames[GOBIN_FRAMES_MAX];
		int depth = gobin_frames(bin, all->calls[i].addr, frames, GOBIN_FRAMES_MAX);

		assert_true(depth > 0);
		n += !strcmp(frames[0].func, func);
		*own += !strcmp(frames[depth - 1].func, func);
	}
	return n;
}

/*
 * What is inlined counts by its own name, not by that of the function whose code it is part of:
 * fmt's badVerb has nothing but bodies of others, its buffer's writeByte is inlined everywhere.
 */
static void check_inlined(const char *path, int fd)
{
	static const char write_byte[] = "fmt.(*buffer).writeByte",
			  bad_verb[] = "fmt.(*pp).badVerb";
	struct gobin *bin = open_bin(fd);
	struct plan_scope *all = scope_of(bin, NULL, NULL), *in;
	size_t own, bodies = count_bodies(bin, all, write_byte, &own);

	(void)path;
	assert_int_equal(own, 0);
	assert_true(bodies > 20);
	in = scope_of(bin, write_byte, NULL);
	assert_int_equal(count(in), bodies);
	plan_scope_free(in);
	assert_int_equal(count_bodies(bin, all, bad_verb, &own), 0);
	assert_int_equal(own, 9);
	assert_null(scope_of(bin, bad_verb, NULL));
	plan_scope_free(all);
	gobin_free(bin);
}

static void test_inlined(void **state)
{
	(void)state;
	each_go_file(check_inlined);
}

/* Those calls, and no others, whose rows in reports are of this function. */
static void check_reported(const struct gobin *bin, const struct symbols *symbols,
			   const struct plan_scope *all, const char *func, const char *skip)
{
	struct plan_scope *in = scope_skipping(bin, func, NULL, skip);
	size_t n = 0;

	for (size_t i = 0; i < all->ncalls; i++) {
		struct gobin_frame frames[GOBIN_FRAMES_MAX];

		assert_true(symbols_site(symbols, all->calls[i].ret, frames, GOBIN_FRAMES_MAX) > 0);
		if (strcmp(frames[0].func, func) != 0)
			continue;
		assert_true(n < count(in));
		assert_int_equal(in->calls[n++].addr, all->calls[i].addr);
	}
	assert_int_equal(count(in), n);
	if (!n)
		fail_msg("no call in %s", func);
	plan_scope_free(in);
}

/* Named as reports name it, inlined or not, skipped or not. */
static void check_rows(const char *path, int fd)
{
	static const struct {
		const char *func, *skip;
	} rows[] = {
		{"main.appendInts", NULL},
		{"fmt.(*buffer).writeString", NULL},
		{"fmt.(*pp).badVerb", "fmt.(*buffer).*"},
		{"fmt.(*pp).fmtBytes", "fmt.(*buffer).*"},
		/* Inlined in a function that is skipped as well. */
		{"reflect.(*bitVector).append", NULL},
	};
	struct gobin *bin = open_bin(fd);
	const struct symbol_source source = source_of(bin);
	struct plan_scope *all = scope_of(bin, NULL, NULL);

	(void)path;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct symbols_skip skip = {&rows[i].skip, rows[i].skip != NULL};
		struct symbols *symbols = NULL;

		assert_int_equal(symbols_new(&source, NULL, &skip, &symbols), 0);
		check_reported(bin, symbols, all, rows[i].func, rows[i].skip);
		symbols_free(symbols);
	}
	plan_scope_free(all);
	gobin_free(bin);
}

static void test_rows(void **state)
{
	(void)state;
	each_go_file(check_rows);
}

/*
 * The function that a skipped body is inlined into counts in its place. What is nothing but
 * wrappers, as all of reflect, keeps its own name.
 */
static void check_skip(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct plan_scope *bad_verb =
		scope_skipping(bin, "fmt.(*pp).badVerb", NULL, "fmt.(*buffer).*");
	struct plan_scope *ints = scope_skipping(bin, "main.appendInts", NULL, "main.*");
	struct plan_scope *reflection = scope_of(bin, "reflect.*", NULL);

	(void)path;
	/* One of nine is utf8.AppendRune's. */
	assert_int_equal(count(bad_verb), 8);
	assert_null(scope_skipping(bin, "fmt.(*buffer).writeByte", NULL, "fmt.(*buffer).*"));
	assert_int_equal(count(ints), 1);
	assert_true(count(reflection) > 10);
	plan_scope_free(bad_verb);
	plan_scope_free(ints);
	plan_scope_free(reflection);
	gobin_free(bin);
}

static void test_skip(void **state)
{
	(void)state;
	each_go_file(check_skip);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inlined),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_skip),
	};

	return cmocka_run_group_tests_name("scope_rows", tests, NULL, NULL);
}
