// SPDX-License-Identifier: BSD-2-Clause
/* Names of functions: which of them a user means, and what they tell of hidden arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/funcname.h"

static void test_matches(void **state)
{
	static const struct {
		const char *func;
		const char *name;
		bool matches;
	} cases[] = {
		{"main.Record", "main.Record", true},
		{"main.Record", "main.Recor", false},
		{"main.Record", "main.Record2", false},
		{"main.Record", "Record", false},
		{"main.Record", "", false},
		{"main.Record.func1", "main.Record", false},
		{"main.Record[go.shape.int]", "main.Record", true},
		{"main.Record[go.shape.int]", "main.Record[...]", true},
		{"main.Record[go.shape.int]", "main.Record[go.shape.int]", true},
		{"main.Record[go.shape.int]", "main.Record[go.shape.string]", false},
		{"main.Record[go.shape.int]", "main.Record[int]", false},
		{"main.Record[go.shape.int]", "main.Record[..]", false},
		{"main.Record[...]", "main.Record[...]", true},
		{"main.Record[...]", "main.Record", true},
		{"main.Record[go.shape.int].func1", "main.Record", false},
		{"main.Record[go.shape.int].func1", "main.Record.func1", true},
		{"main.Record[go.shape.[]go.shape.[4]int]", "main.Record", true},
		{"main.Record[main.Pair[int,string]]", "main.Record", true},
		{"main.Record[go.shape.struct { X int \"a]\\\"]\" }]", "main.Record", true},
		{"main.Record[go.shape.int", "main.Record", true},
		{"main.Record[\"", "main.Record", true},
		{"main.(*Ring[go.shape.int]).Push", "main.(*Ring).Push", true},
		{"main.(*Ring[go.shape.int]).Push", "main.(*Ring[...]).Push", true},
		{"main.(*Ring[go.shape.int]).Push", "main.(*Ring).Pull", false},
		{"main.(*Ring[go.shape.int]).Each[go.shape.int]", "main.(*Ring).Each", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (funcname_matches(cases[i].func, cases[i].name) != cases[i].matches)
			fail_msg("'%s' for '%s'", cases[i].func, cases[i].name);
}

static const struct {
	const char *func;
	enum funcname_dictionary dictionary;
	bool pointer;
} words[] = {
	{"", DICTIONARY_NONE, false},
	{"main.Record", DICTIONARY_NONE, false},
	{"main.Stack.Note", DICTIONARY_NONE, false},
	{"main.(*ring).push", DICTIONARY_NONE, true},
	{"main.(*ring).push.func1", DICTIONARY_NONE, false},
	{"main.(*ring).push-fm", DICTIONARY_NONE, false},
	{"main.(*ring", DICTIONARY_NONE, false},
	{"main.(*ring).", DICTIONARY_NONE, false},
	{"main.Record[...]", DICTIONARY_FIRST, false},
	{"main.Record[go.shape.int]", DICTIONARY_FIRST, false},
	{"a.b/c%2ed.Record[go.shape.struct { main.x int }]", DICTIONARY_FIRST, false},
	{"main.Record[func(*int).x]", DICTIONARY_FIRST, false},
	{"a.b/main.(*Ring[go.shape.int]).Push", DICTIONARY_BEHIND_POINTER, true},
	{"main.(*Ring[go.shape.struct { main.f func(*int).x }]).Push", DICTIONARY_BEHIND_POINTER,
	 true},
	{"main.(*ring).Each[go.shape.int]", DICTIONARY_BEHIND_POINTER, true},
	{"main.(*Ring[go.shape.int]).Each[go.shape.string]", DICTIONARY_BEHIND_POINTER, true},
	{"main.Stack[go.shape.int].Note", DICTIONARY_BEHIND_VALUE, false},
	{"main.Stack[go.shape.int].functions", DICTIONARY_BEHIND_VALUE, false},
	{"main.stack.Each[go.shape.int]", DICTIONARY_BEHIND_VALUE, false},
	{"main.Record[go.shape.int].func1", DICTIONARY_UNKNOWN, false},
	{"main.Record[go.shape.int].func2.1", DICTIONARY_UNKNOWN, false},
	{"main.Record[go.shape.int]-range1", DICTIONARY_UNKNOWN, false},
	{"main.(*Ring[go.shape.int]).Push.func1", DICTIONARY_UNKNOWN, false},
	{"main.(*Ring[go.shape.int]).Push-fm", DICTIONARY_UNKNOWN, false},
	{"type:.eq.[2]runtime.Frame", DICTIONARY_UNKNOWN, false},
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (funcname_dictionary(words[i].func) != words[i].dictionary)
			fail_msg("'%s': dictionary %d, not %d", words[i].func,
				 funcname_dictionary(words[i].func), words[i].dictionary);
		if (funcname_has_pointer(words[i].func) != words[i].pointer)
			fail_msg("'%s': pointer", words[i].func);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("funcname", tests, NULL, NULL);
}
