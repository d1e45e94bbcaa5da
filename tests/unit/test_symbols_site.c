// SPDX-License-Identifier: BSD-2-Clause
/* Call sites as lines, functions as printed (symbol/symbols.h), in real Go executables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include "../gobin_source.h"
#include "go_callers.h"
#include "symbol/symbols.h"

static struct symbols *new_symbols(const struct gobin *bin, const char *const *skip, size_t nskip)
{
	const struct symbols_skip patterns = {.patterns = skip, .count = nskip};
	const struct symbol_source source = source_of(bin);
	struct symbols *s = NULL;

	assert_int_equal(symbols_new(&source, NULL, &patterns, &s), 0);
	return s;
}

static bool ends_with(const char *text, const char *end)
{
	return strlen(text) >= strlen(end) && !strcmp(text + strlen(text) - strlen(end), end);
}

static void check_plain_site(const struct called *c, const char *func, const char *const *skip,
			     size_t nskip)
{
	struct symbols *s = new_symbols(c->bin, skip, nskip);
	struct gobin_frame frames[GOBIN_FRAMES_MAX], known[GOBIN_FRAMES_MAX];
	uint64_t type, ret = typed_call_in(c, func, &type);

	assert_int_equal(gobin_frames(c->bin, ret - 1, known, GOBIN_FRAMES_MAX), 1);
	assert_int_equal(symbols_site(s, ret, frames, GOBIN_FRAMES_MAX), 1);
	assert_string_equal(frames[0].func, func);
	assert_true(ends_with(frames[0].file, "/truth/grow.go"));
	assert_int_equal(frames[0].line, known[0].line);
	assert_true(frames[0].line > 0);
	symbols_free(s);
}

/* A function that is inlined nowhere: its line, also where nothing else would be left. */
static void check_plain_sites(const char *path, int fd)
{
	static const char *const skip[] = {"main.*"};
	struct called c = open_callers(fd, GROW, NULL, 0);

	(void)path;
	check_plain_site(&c, "main.appendInts", NULL, 0);
	check_plain_site(&c, "main.appendRows", NULL, 0);
	check_plain_site(&c, "main.appendInts", skip, 1);
	close_callers(&c);
}

static void test_plain_sites(void **state)
{
	(void)state;
	each_go_file(check_plain_sites);
}

/* All frames of a site, which bears no mark of being a wrapper's. */
static void check_whole(const struct gobin *bin, uint64_t ret, const struct gobin_frame *known,
			size_t n)
{
	struct symbols *s = new_symbols(bin, NULL, 0);
	struct gobin_frame frames[GOBIN_FRAMES_MAX];

	assert_int_equal(symbols_site(s, ret, frames, GOBIN_FRAMES_MAX), n);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(frames[i].func, known[i].func);
		assert_int_equal(frames[i].line, known[i].line);
	}
	assert_int_equal(symbols_site(s, ret, frames, 1), 1);
	assert_string_equal(frames[0].func, known[0].func);
	symbols_free(s);
}

/* The innermost body is skipped: what it is inlined into is the user's line. */
static void check_skipped(const struct gobin *bin, uint64_t ret, const struct gobin_frame *known,
			  size_t n)
{
	const char *const skip[] = {known[0].func};
	struct symbols *s = new_symbols(bin, skip, 1);
	struct gobin_frame frames[GOBIN_FRAMES_MAX];

	assert_int_equal(symbols_site(s, ret, frames, GOBIN_FRAMES_MAX), n - 1);
	for (size_t i = 1; i < n; i++)
		assert_string_equal(frames[i - 1].func, known[i].func);
	symbols_free(s);
}

/*
 * Plain text as a pattern, found once; and code that is the user's, as all reflect's is left out.
 */
static bool is_plain(const struct gobin_frame *frames, int n)
{
	for (int i = 0; i < n; i++)
		if (frames[i].wrapper || plan_is_wrapper(frames[i].func, NULL, 0) ||
		    strpbrk(frames[i].func, "*?[") ||
		    (i > 0 && !strcmp(frames[i].func, frames[0].func)))
			return false;
	return n > 0;
}

static void check_inlined_sites(const char *path, int fd)
{
	struct called c = open_callers(fd, GROW, NULL, 0);
	size_t inlined = 0;

	(void)path;
	for (size_t i = 0; i < c.callers->nconstant_calls && inlined < 30; i++) {
		const uint64_t ret = c.callers->constant_calls[i].ret;
		struct gobin_frame known[GOBIN_FRAMES_MAX];
		int n = gobin_frames(c.bin, ret - 1, known, GOBIN_FRAMES_MAX);

		assert_true(n > 0);
		if (n < 2 || !is_plain(known, n))
			continue;
		check_whole(c.bin, ret, known, (size_t)n);
		check_skipped(c.bin, ret, known, (size_t)n);
		inlined++;
	}
	assert_true(inlined > 0);
	close_callers(&c);
}

static void test_inlined_sites(void **state)
{
	(void)state;
	each_go_file(check_inlined_sites);
}

/*
 * Methods by embedding: the compiler makes a wrapper, and may put the method's body into it. The
 * wrapper is no line of anybody's; alone it is shown all the same.
 */
static void check_wrappers(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct symbols *s = new_symbols(bin, NULL, 0);
	size_t left_out = 0, alone = 0;

	for (size_t i = 0; i < gobin_nfuncs(bin); i++) {
		struct gobin_frame known[GOBIN_FRAMES_MAX], frames[GOBIN_FRAMES_MAX];
		struct gobin_func f;

		gobin_func(bin, i, &f);
		for (uint64_t at = f.addr; at < f.end; at += 16) {
			int n = gobin_frames(bin, at, known, GOBIN_FRAMES_MAX);
			size_t got;

			if (n <= 0 || !known[n - 1].wrapper || !strncmp(f.name, "reflect.", 8))
				continue;
			got = symbols_site(s, at + 1, frames, GOBIN_FRAMES_MAX);
			if (n == 1) {
				assert_int_equal(got, 1);
				alone++;
				continue;
			}
			for (size_t k = 0; k < got && !plan_is_wrapper(known[0].func, NULL, 0); k++)
				assert_false(frames[k].wrapper);
			left_out++;
		}
	}
	if (!alone || !left_out)
		fail_msg("%s: %zu wrappers alone, %zu with a body", path, alone, left_out);
	symbols_free(s);
	gobin_free(bin);
}

static void test_wrappers(void **state)
{
	(void)state;
	each_go_file(check_wrappers);
}

static void test_no_function(void **state)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct symbols *s = new_symbols(bin, NULL, 0);
	struct gobin_frame frames[GOBIN_FRAMES_MAX];

	(void)state;
	assert_int_equal(symbols_site(s, 0, frames, GOBIN_FRAMES_MAX), 0);
	assert_int_equal(symbols_site(s, 1, frames, GOBIN_FRAMES_MAX), 0);
	assert_int_equal(symbols_site(s, UINT64_MAX, frames, GOBIN_FRAMES_MAX), 0);
	symbols_free(s);
	gobin_free(bin);
	close(fd);
}

static void test_func_names(void **state)
{
	static const char *const names[][2] = {
		{"main.F[go.shape.int]", "main.F[...]"},
		{"main.F[go.shape.int].func1", "main.F[...].func1"},
		{"main.(*List[go.shape.[]uint8]).Push", "main.(*List[...]).Push"},
		{"main.F[a[b],c].G[d].func2", "main.F[...].func2"},
		{"main.F[]", "main.F[...]"},
	};
	static const char *const plain[] = {"main.main", "", "main.]F[", "main.F]", "main.F["};
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct symbols *s = new_symbols(bin, NULL, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *printed = symbols_func_name(s, names[i][0]);

		assert_string_equal(printed, names[i][1]);
		assert_ptr_equal(symbols_func_name(s, names[i][0]), printed);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		assert_ptr_equal(symbols_func_name(s, plain[i]), plain[i]);
	symbols_free(s);
	gobin_free(bin);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_sites), cmocka_unit_test(test_inlined_sites),
		cmocka_unit_test(test_wrappers),    cmocka_unit_test(test_no_function),
		cmocka_unit_test(test_func_names),
	};

	return cmocka_run_group_tests_name("symbols site", tests, NULL, NULL);
}
