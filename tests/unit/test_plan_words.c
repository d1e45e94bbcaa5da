// SPDX-License-Identifier: BSD-2-Clause
/* The version gate, and a plan's parts in words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "plan/version.h"

static void test_version_gate(void **state)
{
	static const struct {
		const char *text;
		struct gobin_version version;
		int err;
		const char *why;
	} cases[] = {
		{"go1.19.8",
		 {1, 19, 8},
		 -ENOTSUP,
		 "go1.19.8 is too old: slicestat needs Go 1.21 or newer"},
		{"go1.20.14 X:boringcrypto",
		 {1, 20, 14},
		 -ENOTSUP,
		 "go1.20.14 is too old: slicestat needs Go 1.21 or newer"},
		{"go1.21", {1, 21, 0}, 0, ""},
		{"go1.27.3", {1, 27, 3}, 0, ""},
		{"go1.28",
		 {1, 28, 0},
		 -ENOTSUP,
		 "go1.28 is newer than this slicestat knows (1.21 to 1.27); update slicestat"},
		{"go2.0",
		 {2, 0, 0},
		 -ENOTSUP,
		 "go2.0 is newer than this slicestat knows (1.21 to 1.27); update slicestat"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reason why = {""};

		assert_int_equal(version_check(cases[i].version, cases[i].text, &why),
				 cases[i].err);
		assert_string_equal(why.text, cases[i].why);
	}
}

static void test_version_words(void **state)
{
	static const struct {
		const char *text;
		int minor;
		const char *word;
		bool headers;
	} cases[] = {
		{"go1.21.13", 21, "go1.21.13", false},
		{"go1.22.12", 22, "go1.22.12", true},
		{"go1.22.12 X:noallocheaders", 22, "go1.22.12", false},
		{"go1.22.12 X:arenas,noallocheaders,loopvar", 22, "go1.22.12", false},
		{"go1.22.12 X:noallocheaders2", 22, "go1.22.12", true},
		{"go1.22.12X:noallocheaders", 22, "go1.22.12X", true},
		{"devel go1.28-abc Tue X:noallocheaders", 28, "devel", false},
		{"go1.27.3-X:boringcrypto", 27, "go1.27.3", true},
		{"go1.24.4-vendor.1+2", 24, "go1.24.4-vendor.1+2", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char word[32];

		version_word(cases[i].text, word, sizeof(word));
		assert_string_equal(word, cases[i].word);
		assert_int_equal(version_has_headers((struct gobin_version){1, cases[i].minor, 0},
						     cases[i].text),
				 cases[i].headers);
	}
}

static void test_describes(void **state)
{
	static const char *const expected[PLAN_POINTS] = {
		"base [rsp+0x58], len [rsp+0x48], cap [rsp+0x30], caller [rsp+0x68]",
		"base rax, len rbx, cap rcx, caller [rsp]",
		"type rax, len rbx, cap rcx, caller [rsp], goroutine r14",
		"base rax, goroutine r14",
		"type rax, len and cap rbx, caller [rsp], goroutine r14",
		"base rax, len rbx, cap rcx, caller [rsp], goroutine r14",
		"base rax, len rbx, caller [rsp], goroutine r14",
		"base rax, len rbx, cap rcx, caller [rsp]",
		"type rsi, goroutine r14",
		"base rax, len rbx, cap rcx, caller [rsp]",
		"old cap rcx, type rsi, goroutine r14",
		[PLAN_SCOPE_CALL] = "all arguments, goroutine r14",
		[PLAN_SCOPE_RET] = "base rax, of a growth len rbx, cap rcx, goroutine r14",
	};
	static const char *const names[PLAN_POINTS] = {
		"grow_call",
		"grow_ret",
		"make_enter",
		"make_ret",
		"copy_enter",
		"slice_ret",
		"string_ret",
		"conv_enter",
		"type_call",
		"func_enter",
		"grow_enter",
		[PLAN_SCOPE_CALL] = "scope_call",
		[PLAN_SCOPE_RET] = "scope_ret",
	};
	struct plan plan = {.arch = "amd64", .grow_frame = {0x58, 0x48, 0x30, 0x68}};
	struct plan_site site = {0};
	char text[128];

	(void)state;
	for (unsigned int point = 0; point < PLAN_POINTS; point++) {
		site.point = (uint8_t)point;
		plan_describe_fields(&plan, &site, text, sizeof(text));
		assert_string_equal(text, expected[point]);
		assert_string_equal(plan_point_name(point), names[point]);
	}
	site.point = PLAN_POINTS;
	plan_describe_fields(&plan, &site, text, sizeof(text));
	assert_string_equal(text, "?");
	assert_string_equal(plan_price_name(PLAN_EMULATED), "emulated");
	assert_string_equal(plan_price_name(PLAN_STEPPED), "stepped");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_gate),
		cmocka_unit_test(test_version_words),
		cmocka_unit_test(test_describes),
	};

	return cmocka_run_group_tests_name("plan_words", tests, NULL, NULL);
}
