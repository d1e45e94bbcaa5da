// SPDX-License-Identifier: BSD-2-Clause
/* log/controls.h, and that reasons are shown without control characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log/controls.h"
#include "log/reason.h"

static void test_hidden(void **state)
{
	static const struct {
		const char *text;
		const char *shown;
	} rows[] = {
		{"", ""},
		{"main.f", "main.f"},
		{"a\nb\r\tc\x7f", "a?b??c?"},
		{"\x1b[2J", "?[2J"},
		{"\xc2\x9b"
		 "2J",
		 "??2J"},
		{"\xc2\x80\xc2\x9f", "????"},
		/* U+00A0, a letter, a mark cut short. */
		{"\xc2\xa0\xc3\xa4\xc2", "\xc2\xa0\xc3\xa4\xc2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[32];

		snprintf(text, sizeof(text), "%s", rows[i].text);
		assert_int_equal(controls_has(text), strcmp(text, rows[i].shown) != 0);
		controls_hide(text);
		assert_false(controls_has(text));
		assert_string_equal(text, rows[i].shown);
	}
}

static void test_reason(void **state)
{
	struct reason why = {""};

	(void)state;
	assert_int_equal(reason_set(&why, -EINVAL, "cannot read %s", "x\n\033[31my"), -EINVAL);
	assert_string_equal(why.text, "cannot read x??[31my");
	assert_int_equal(reason_set(NULL, -EIO, "%s", "x"), -EIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_reason),
	};

	return cmocka_run_group_tests_name("controls", tests, NULL, NULL);
}
