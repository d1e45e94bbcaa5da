/* SPDX-License-Identifier: BSD-2-Clause */
/* gobin/goquote.h; what is expected is what Go's strconv.Quote gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "gobin/goquote.h"

struct sample {
	const char *bytes;
	size_t n; /* 0: up to the NUL */
	const char *quoted;
};

static const struct sample samples[] = {
	{"json:\"a,b\"", 0, "json:\\\"a,b\\\""},
	{"\\ ' ` ~", 0, "\\\\ ' ` ~"},
	{"\a\b\f\n\r\t\v", 0, "\\a\\b\\f\\n\\r\\t\\v"},
	{"\0\x01\x1f\x7f", 4, "\\x00\\x01\\x1f\\x7f"},
	{"\u00e9\u017f\u0448\u65e5\uac00\ufffd\U0001f642\U00020000", 0,
	 "\u00e9\u017f\u0448\u65e5\uac00\ufffd\U0001f642\U00020000"},
	/* Invalid: alone, cut short, longer than need be, surrogates, too large. */
	{"\x80\xbf\xff\xfe", 0, "\\x80\\xbf\\xff\\xfe"},
	{"\xc3", 0, "\\xc3"},
	{"\xe6\x97", 0, "\\xe6\\x97"},
	{"\xe6\x97x", 0, "\\xe6\\x97x"},
	{"\xc0\x80\xc1\xbf\xe0\x80\x80", 0, "\\xc0\\x80\\xc1\\xbf\\xe0\\x80\\x80"},
	{"\xf0\x8f\xbf\xbf", 0, "\\xf0\\x8f\\xbf\\xbf"},
	{"\xed\xa0\x80\xed\xbf\xbf", 0, "\\xed\\xa0\\x80\\xed\\xbf\\xbf"},
	{"\xf4\x90\x80\x80\xf5\x80", 0, "\\xf4\\x90\\x80\\x80\\xf5\\x80"},
};

static void test_quote(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *s = &samples[i];
		const size_t n = s->n ? s->n : strlen(s->bytes);
		char got[128];
		struct cuttext text = cuttext_begin(got, sizeof(got));
		size_t used = 0;

		while (used < n) {
			int took = goquote_put(&text, (const uint8_t *)s->bytes + used, n - used);

			assert_true(took > 0 && (size_t)took <= n - used);
			used += (size_t)took;
		}
		assert_string_equal(got, s->quoted);
	}
}

/* Spaces, format characters, private and unassigned ones: Go escapes them, or will not always. */
static void test_unsure(void **state)
{
	static const char *const unsure[] = {"\u00a0", "\u00ad", "\u0378",     "\u200b", "\u2028",
					     "\u3000", "\ue000", "\U0010ffff", "\ufeff"};

	(void)state;
	for (size_t i = 0; i < sizeof(unsure) / sizeof(unsure[0]); i++) {
		char got[16];
		struct cuttext text = cuttext_begin(got, sizeof(got));

		assert_int_equal(goquote_put(&text, (const uint8_t *)unsure[i], strlen(unsure[i])),
				 -ENOENT);
		assert_string_equal(got, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_unsure),
	};

	return cmocka_run_group_tests_name("goquote", tests, NULL, NULL);
}
