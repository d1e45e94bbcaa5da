// SPDX-License-Identifier: BSD-2-Clause
/* Which names of functions the user's patterns choose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "plan/scope_names.h"

static bool chooses(const struct plan_patterns *patterns, const char *func)
{
	struct scope_names *names = NULL;
	bool in_scope;

	assert_int_equal(scope_names_new(patterns, &names), 0);
	in_scope = scope_names_have(names, func);
	assert_int_equal(scope_names_have(names, func), in_scope);
	scope_names_free(names);
	return in_scope;
}

static bool matches(const char *pattern, const char *func)
{
	return chooses(&(struct plan_patterns){.in = &pattern, .nin = 1}, func);
}

static void test_patterns(void **state)
{
	static const struct {
		const char *pattern, *func;
		bool matches;
	} cases[] = {
		{"main.Map", "main.Map", true},
		{"main.Map", "main.Map2", false},
		{"main.Map", "main.Map.func1", false},
		{"main.Map*", "main.Map.func1", true},
		{"main.*", "main.(*T).Push", true},
		{"main.*", "example.com/main.F", false},
		{"*main.*", "example.com/main.F", true},
		{"example.com/*", "example.com/a/b.F", true},
		{"main.(*T).Push", "main.(*T).Push", true},
		{"main.?", "main.F", true},
		{"main.?", "main.FF", false},
		{"main.[a-c]", "main.b", true},
		{"main.[!a-c]", "main.b", false},
		{"main.[a-c]", "main.b[go.shape.int]", true},
		{"main.\\F", "main.F", false},
		{"main.\\F", "main.\\F", true},
		{"", "main.F", false},
		{"*", "", true},
		/* Type arguments left out: all instantiations. */
		{"main.Map", "main.Map[go.shape.int]", true},
		{"main.Map", "main.Map[go.shape.[]go.shape.[4]int]", true},
		{"main.Map", "main.Map[...]", true},
		{"main.Map.func1", "main.Map[go.shape.int].func1", true},
		{"main.(*List).Push", "main.(*List[go.shape.int]).Push", true},
		{"slices.*", "slices.Insert[go.shape.[]int,go.shape.int]", true},
		{"*.Insert", "slices.Insert[go.shape.[]int,go.shape.int]", true},
		/* As reports print them. */
		{"main.Map[...]", "main.Map[go.shape.int]", true},
		{"main.Map[...]", "main.Map[...]", true},
		{"main.Map[...]", "main.Map", true},
		{"main.Map[...]", "main.Map.", false},
		{"main.Map[...].func1", "main.Map[go.shape.int].func1", true},
		{"main.Map[...].*", "main.Map[go.shape.int].func2", true},
		{"main.Map[...].*", "main.Map[go.shape.int]", false},
		{"main.(*List[...]).Push", "main.(*List[go.shape.int]).Push", true},
		/* The linker's own names. */
		{"main.Map[go.shape.int]", "main.Map[go.shape.int]", true},
		{"main.Map[go.shape.int]", "main.Map[go.shape.string]", false},
		{"main.Map[go.shape.*]", "main.Map[go.shape.string]", true},
		{"main.Map[go.shape.*]", "main.Map", false},
		{"main.Map[go.shape.[]int]", "main.Map[go.shape.[]int]", true},
		{"*go.shape.int*", "main.Map[go.shape.int]", true},
		{"*go.shape.int*", "main.Map", false},
		{"main.Map[*string*", "main.Map[go.shape.string]", true},
		{"main.Map[*string*", "main.Map[go.shape.int]", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (matches(cases[i].pattern, cases[i].func) != cases[i].matches)
			fail_msg("'%s' for '%s'", cases[i].pattern, cases[i].func);
}

static void test_in_and_not_in(void **state)
{
	static const char *const in[] = {"main.*", "slices.*"};
	static const char *const not_in[] = {"*.func*", "main.Map"};
	const struct plan_patterns all = {.nin = 0}, some = {.in = in, .nin = 2},
				   others = {.not_in = not_in, .nnot_in = 2},
				   both = {.in = in, .nin = 2, .not_in = not_in, .nnot_in = 2};
	static const struct {
		const char *func;
		bool some, others, both;
	} cases[] = {
		{"main.F", true, true, true},
		{"slices.Grow[go.shape.int]", true, true, true},
		{"fmt.Println", false, true, false},
		{"main.F.func1", true, false, false},
		{"main.Map[go.shape.int]", true, false, false},
		{"fmt.init.func1", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(chooses(&all, cases[i].func));
		assert_int_equal(chooses(&some, cases[i].func), cases[i].some);
		assert_int_equal(chooses(&others, cases[i].func), cases[i].others);
		assert_int_equal(chooses(&both, cases[i].func), cases[i].both);
	}
}

/* A name of this many bytes. */
static char *long_name(size_t len)
{
	char *name = malloc(len + 1);

	assert_non_null(name);
	memset(name, 'a', len);
	memcpy(name, "main.F[", 7);
	name[len] = '\0';
	return name;
}

/* Structs without a name make long ones; untrusted files make longer ones. */
static void test_long_names(void **state)
{
	const struct plan_patterns all = {.nin = 0};
	char *longest = long_name(16383), *longer = long_name(16384);

	(void)state;
	assert_true(matches("main.F", longest));
	assert_true(matches("main.*aaa", longest));
	assert_false(matches("main.F", longer));
	assert_false(matches("*", longer));
	assert_false(chooses(&all, longer));
	free(longest);
	free(longer);
	scope_names_free(NULL);
}

static void assert_described(const struct plan_patterns *patterns, const char *words)
{
	char buf[160];

	scope_names_describe(patterns, buf, sizeof(buf));
	assert_string_equal(buf, words);
}

static void test_words(void **state)
{
	static const char *const texts[] = {"main.*", "a", "b"};
	static const char *const long_text[] = {
		"0123456789012345678901234567890123456789 and more"};

	(void)state;
	assert_described(&(struct plan_patterns){.nin = 0}, "functions of this executable");
	assert_described(&(struct plan_patterns){.in = texts, .nin = 1},
			 "functions that match 'main.*'");
	assert_described(&(struct plan_patterns){.in = texts, .nin = 3},
			 "functions that match 'main.*' (or 2 more)");
	assert_described(&(struct plan_patterns){.not_in = texts + 1, .nnot_in = 1},
			 "functions that do not match 'a'");
	assert_described(
		&(struct plan_patterns){.in = texts, .nin = 1, .not_in = texts + 1, .nnot_in = 2},
		"functions that match 'main.*' and do not match 'a' (or 1 more)");
	assert_described(&(struct plan_patterns){.in = long_text, .nin = 1},
			 "functions that match '0123456789012345678901234567890123456789'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_in_and_not_in),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("scope_names", tests, NULL, NULL);
}
