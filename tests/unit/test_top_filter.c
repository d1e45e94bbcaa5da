// SPDX-License-Identifier: BSD-2-Clause
/* The filter's text as it is typed (top/controls.h). */
#include "top_keys.h"

static void test_filter_is_edited(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);
	size_t n;

	(void)state;
	press(&c, '/');
	for (const char *p = "storeq"; *p; p++)
		press(&c, *p);
	assert_false(c.quit);
	page(&c, 10);
	assert_string_equal(lines[9].text, "filter: storeq_");
	top_model_rows(c.model, &n);
	assert_int_equal(n, 0);
	press(&c, CONTROL('a'));
	press(&c, CONTROL('e'));
	press(&c, 'x');
	press(&c, TOP_KEY_DELETE);
	press(&c, TOP_KEY_BACKSPACE);
	press(&c, TOP_KEY_ENTER);
	page(&c, 10);
	assert_string_equal(lines[2].text, "rows 3 of 5 by EVENTS, with 'store'");
	press(&c, '\\');
	press(&c, 0xc3);
	press(&c, 0xa9);
	assert_string_equal(top_model_filter(c.model), "store\xc3\xa9");
	press(&c, TOP_KEY_BACKSPACE);
	assert_string_equal(top_model_filter(c.model), "store");
	press(&c, 'x');
	press(&c, TOP_KEY_ESCAPE);
	assert_string_equal(top_model_filter(c.model), "store");
	press(&c, '/');
	press(&c, TOP_KEY_QUIT);
	assert_true(c.quit);
	press(&c, TOP_KEY_ESCAPE);
	/* Nowhere to go back to: no filter. */
	press(&c, TOP_KEY_ESCAPE);
	assert_string_equal(top_model_filter(c.model), "");
	top_model_free(c.model);
}

static void test_a_long_filter(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	press(&c, '/');
	for (const char *p = "store"; *p; p++)
		press(&c, *p);
	for (int i = 0; i < 63; i++)
		press(&c, (i + 1) % 10 + '0');
	assert_string_equal(top_model_filter(c.model), "store12345678901234567890123456789012345678"
						       "9012345678901234567890123");
	page(&c, 10);
	assert_string_equal(lines[9].text, "filter: store12345678901234567890123456789012345678"
					   "9012345678901234567890123_");
	/* Where there is no room, its end is seen. */
	press(&c, '4');
	press(&c, '5');
	press(&c, '6');
	press(&c, '7');
	page(&c, 10);
	assert_string_equal(lines[9].text, "filter: tore12345678901234567890123456789012345678"
					   "90123456789012345678901234567_");
	for (int i = 0; i < 300; i++)
		press(&c, 'x');
	assert_int_equal(TOP_TEXT_SIZE, 256);
	assert_int_equal(strlen(top_model_filter(c.model)), TOP_TEXT_SIZE - 1);
	/* No part of a character, where there is no room for all of it. */
	press(&c, TOP_KEY_BACKSPACE);
	press(&c, 0xe4);
	press(&c, 0xb8);
	press(&c, 0x96);
	assert_int_equal(strlen(top_model_filter(c.model)), TOP_TEXT_SIZE - 2);
	top_model_free(c.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter_is_edited),
		cmocka_unit_test(test_a_long_filter),
	};

	return cmocka_run_group_tests_name("top filter", tests, NULL, NULL);
}
