// SPDX-License-Identifier: BSD-2-Clause
/* top/text.h */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "top/text.h"

/* e with an acute accent in two characters, and one of two columns. */
#define ACUTE "e\u0301"
#define WIDE  "\u4e16"

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(top_text_width(""), 0);
	assert_int_equal(top_text_width("main.\u00e4"), 6);
	assert_int_equal(top_text_width(ACUTE "x"), 2);
	assert_int_equal(top_text_width(WIDE WIDE), 4);
	/* What is no character is a '?'. */
	assert_int_equal(top_text_width("a\xff\xe4z"), 4);
}

static void assert_cut(const char *text, size_t width, const char *cut, const char *shortened)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%s", text);
	top_text_cut(copy, width);
	assert_string_equal(copy, cut);
	snprintf(copy, sizeof(copy), "%s", text);
	top_text_shorten(copy, width);
	assert_string_equal(copy, shortened);
}

static void test_cut(void **state)
{
	(void)state;
	assert_cut("abcdef", 6, "abcdef", "abcdef");
	assert_cut("abcdefg", 6, "abcdef", "abc...");
	assert_cut(WIDE WIDE WIDE, 5, WIDE WIDE, WIDE "...");
	assert_cut(WIDE WIDE WIDE, 6, WIDE WIDE WIDE, WIDE WIDE WIDE);
	assert_cut(ACUTE ACUTE "xyz", 4, ACUTE ACUTE "xy", ACUTE "...");
	assert_cut(WIDE "bcd", 4, WIDE "bc", "...");
	assert_cut("abcd", 0, "", "abcd");
}

static void test_copy(void **state)
{
	char to[8];

	(void)state;
	top_text_copy(to, sizeof(to), "1234567");
	assert_string_equal(to, "1234567");
	top_text_copy(to, sizeof(to), "123456\u00e4");
	assert_string_equal(to, "123456");
	top_text_copy(to, sizeof(to), "12345" WIDE);
	assert_string_equal(to, "12345");
	top_text_copy(to, sizeof(to), "1234" WIDE);
	assert_string_equal(to, "1234" WIDE);
	top_text_copy(to, 1, WIDE);
	assert_string_equal(to, "");
}

static void assert_clean(const char *text, const char *expected)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%s", text);
	top_text_clean(copy);
	assert_string_equal(copy, expected);
}

static void test_clean(void **state)
{
	(void)state;
	assert_clean("", "");
	assert_clean("main.(*T[int]).\u00e4" WIDE ACUTE, "main.(*T[int]).\u00e4" WIDE ACUTE);
	assert_clean("\033[2J\x7f\tx", "?[2J??x");
	assert_clean("a\xc2\x85\xc2\x9b"
		     "z",
		     "a??z");
	assert_clean("\u200a\u200b\u200c\u200d\u200e\u200f\u2010", "\u200a?????\u2010");
	assert_clean("\u2029\u202a\u202b\u202c\u202d\u202e\u202f", "??????\u202f");
	assert_clean("\u2060\u2066\u2069x\ufeffy\u061c", "???x?y?");
	/* Nothing behind the end is looked at. */
	assert_clean("a\xe2\x80", "a\xe2\x80");
}

static void assert_window(const char *text, size_t shift, size_t width, const wchar_t *expected)
{
	wchar_t to[16];

	assert_int_equal(top_text_window(to, 16, text, shift, width), wcslen(expected));
	assert_int_equal(wcscmp(to, expected), 0);
}

static void test_window(void **state)
{
	wchar_t to[4];

	(void)state;
	assert_window("abcdef", 0, 4, L"abcd");
	assert_window("abcdef", 2, 9, L"cdef");
	assert_window("abcdef", 7, 2, L"");
	assert_window("ab", 0, 0, L"");
	/* Half of a wide character is a blank, so that what follows stays in its column. */
	assert_window(WIDE WIDE "x", 1, 4,
		      L" "
		      L"\u4e16x");
	assert_window(WIDE WIDE "x", 0, 3, L"\u4e16 ");
	assert_window(WIDE "x", 2, 3, L"x");
	assert_window(ACUTE ACUTE "x", 1, 1, L"e\u0301");
	assert_window("a\xff", 0, 2, L"a?");
	assert_int_equal(top_text_window(to, 4, "abcdef", 0, 6), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),  cmocka_unit_test(test_cut),
		cmocka_unit_test(test_copy),   cmocka_unit_test(test_clean),
		cmocka_unit_test(test_window),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests_name("top_text", tests, NULL, NULL);
}
