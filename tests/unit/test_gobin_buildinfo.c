/* SPDX-License-Identifier: BSD-2-Clause */
/* The build information of made executables, and the spellings of Go versions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gobin/buildinfo.h"
#include "gobin/modinfo.h"

#include "open_image.h"

/* One change to a good file. */
struct damage {
	size_t at;
	uint64_t value;
	size_t bytes;
};

static void does_without_build_information(void **state)
{
	/* No magic; a text that would reach the terminal; a length that is none. */
	static const struct damage rows[] = {
		{.at = IMG_INFO, .value = 0, .bytes = 1},
		{.at = IMG_INFO + 36, .value = 0x1b, .bytes = 1},
		{.at = IMG_INFO + 32, .value = 0xffffffff, .bytes = 4},
		{.at = IMG_INFO + 33, .value = 'G', .bytes = 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct go_image img;
		struct opened o;

		img_make(&img, go124);
		img_put(&img, rows[i].at, rows[i].value, rows[i].bytes);
		o = open_image(&img);
		assert_string_equal(gobin_version_text(o.bin), "unknown");
		assert_int_equal(gobin_version(o.bin).major, 0);
		assert_growslice(o.bin);
		close_image(&o);
	}
}

/* Programs that read build information hold its magic as well. */
static void passes_over_the_bare_magic(void **state)
{
	struct go_image img;
	struct opened o;

	(void)state;
	img_make(&img, go124);
	memset(img.b + IMG_INFO, 0, 64);
	memcpy(img.b + IMG_INFO, "\xff Go buildinf:", 14);
	img.b[IMG_INFO + 15] = 2;
	img_put_buildinfo(&img, IMG_INFO + 0x60, "go1.22.3 X:arenas");
	o = open_image(&img);
	assert_string_equal(gobin_version_text(o.bin), "go1.22.3 X:arenas");
	assert_int_equal(gobin_version(o.bin).minor, 22);
	close_image(&o);
}

static void parses_versions(void **state)
{
	static const struct {
		const char *text;
		struct gobin_version v;
	} rows[] = {
		{"go1.24", {1, 24, 0}},
		{"go1.24.4", {1, 24, 4}},
		{"go1.21.13", {1, 21, 13}},
		{"go1.27rc1", {1, 27, 0}},
		{"go1.20beta2", {1, 20, 0}},
		{"go1.24.4 X:boringcrypto", {1, 24, 4}},
		{"go1.27.3-X:boringcrypto", {1, 27, 3}},
		{"go1.22.9-vendor.7", {1, 22, 9}},
		{"go1.21.7 (Red Hat 1.21.7-2.el9)", {1, 21, 7}},
		{"devel go1.28-abc123 Mon Nov 2 2026", {1, 28, 0}},
		{"devel +a1b2c3 Mon Nov 2 2026", {0, 0, 0}},
		{"go1.999999999999", {1, 999999, 0}},
		{"gopher", {0, 0, 0}},
		{"go1", {1, 0, 0}},
		{"", {0, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gobin_version v = go_version_parse(rows[i].text);

		assert_int_equal(v.major, rows[i].v.major);
		assert_int_equal(v.minor, rows[i].v.minor);
		assert_int_equal(v.patch, rows[i].v.patch);
	}
}

#define START "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
#define LONG_TEXT                                                                                  \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"                         \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void parses_what_a_program_is_built_from(void **state)
{
	static const struct {
		const char *text;
		struct gobin_program program;
	} rows[] = {
		{START
		 "path\tex.org/a/cmd\nmod\tex.org/a\tv1.2.3\th1:x=\ndep\tex.org/b\tv1.0.0\th1:=\n",
		 {"ex.org/a/cmd", "ex.org/a", "v1.2.3"}},
		{START "path\tcommand-line-arguments\nbuild\tCGO_ENABLED=1\n",
		 {"command-line-arguments", "", ""}},
		{START "path\ta\nmod\tb\t(devel)\t\n", {"a", "b", "(devel)"}},
		{START "path\ta\nmod\tb\n", {"a", "b", ""}},
		/* Cut before the end of a line. */
		{START "path\ta\nmod\tb\tv1", {"a", "", ""}},
		/* What would reach the terminal; what is too long; other lines and no lines. */
		{START "path\ta\x1b[2J\nmod\tb\tv1\n", {"", "b", "v1"}},
		{START "path\ta\nmod\tb\t" LONG_TEXT "\n", {"a", "b", ""}},
		{START "modulepath\ta\n\npath\nmodx\tb\n", {"", "", ""}},
		{START, {"", "", ""}},
		{"path\ta\nmod\tb\tv1\n", {"", "", ""}},
		{"", {"", "", ""}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gobin_program program;

		modinfo_parse(rows[i].text, strlen(rows[i].text), &program);
		assert_string_equal(program.package, rows[i].program.package);
		assert_string_equal(program.module, rows[i].program.module);
		assert_string_equal(program.version, rows[i].program.version);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_without_build_information),
		cmocka_unit_test(passes_over_the_bare_magic),
		cmocka_unit_test(parses_versions),
		cmocka_unit_test(parses_what_a_program_is_built_from),
	};

	return cmocka_run_group_tests_name("gobin_buildinfo", tests, NULL, NULL);
}
