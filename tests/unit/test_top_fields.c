// SPDX-License-Identifier: BSD-2-Clause
/* top/fields.h: what names become on screens of some widths. */
#include "top_sample.h"

#include <locale.h>
#include <stdlib.h>

#include "top/cells.h"
#include "top/fields.h"

/* 95 bytes. */
#define LONG_FUNC                                                                                  \
	"main.f0123456789012345678901234567890123456789"                                           \
	"0123456789012345678901234567890123456789012345678"

/* 106 bytes, and what a cell has of them behind 5 others. */
#define LONG_PATH                                                                                  \
	"x.org/0123456789012345678901234567890123456789012345678901234567890123456789/"            \
	"0123456789012345678901234567/"
#define CUT_PATH                                                                                   \
	"x.org/0123456789012345678901234567890123456789012345678901234567890123456789/"            \
	"01234567890123"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct output_frame frame;
static const char *elem;

static size_t site(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames, size_t max)
{
	(void)ctx;
	(void)group;
	(void)pc;
	(void)max;
	frames[0] = frame;
	return 1;
}

static struct output_type type(void *ctx, uint32_t group, uint32_t number)
{
	(void)ctx;
	(void)group;
	(void)number;
	return (struct output_type){.name = elem, .size = 8};
}

static void assert_text(enum top_field field, size_t width, const char *expected)
{
	const struct output_options opts = {.names = {.type = type, .site = site}};
	struct output_report report = sample_report;
	const struct top_row row = {.row = {.key = {0x200, 0, 1, 0, SS_OP_GROW}}};
	struct top_cell cell = {.row = &row, .width = width};
	char text[CELL_SIZE];

	report.view = OUTPUT_BY_SITE;
	cell.view = rowview_of(&opts, &report);
	rowview_turn(&cell.view, &row.row);
	top_field_text(text, field, &cell);
	assert_string_equal(text, expected);
}

static void assert_site(const char *func, const char *narrow, const char *wide)
{
	elem = "int";
	frame = (struct output_frame){.func = func, .file = "/src/x.org/y/z.go", .line = 7};
	assert_text(TOP_SITE, 80, narrow);
	assert_text(TOP_SITE, 159, narrow);
	assert_text(TOP_SITE, 160, wide);
	assert_text(TOP_SITE, SIZE_MAX, wide);
}

/* Only what stands before the package is left out. */
static void test_site(void **state)
{
	(void)state;
	assert_site("main.main", "main.main y/z.go:7", "main.main y/z.go:7");
	assert_site("x.org/y/v2.(*T).f", "v2.(*T).f y/z.go:7", "x.org/y/v2.(*T).f y/z.go:7");
	assert_site("x.org/y.f[a.b/c.T]", "y.f[a.b/c.T] y/z.go:7", "x.org/y.f[a.b/c.T] y/z.go:7");
	assert_site("x.org/y.(*T[a/b.U]).f", "y.(*T[a/b.U]).f y/z.go:7",
		    "x.org/y.(*T[a/b.U]).f y/z.go:7");
	assert_site("", " y/z.go:7", " y/z.go:7");
	/* Whole characters of what is too long, of which the file is seen. */
	assert_site(LONG_FUNC "\u00e4\u00e4", LONG_FUNC " y/z.go:7", LONG_FUNC " y/z.go:7");
}

/* What is long is the path: the name behind it is seen on any screen. */
static void test_site_of_a_long_path(void **state)
{
	(void)state;
	assert_site(LONG_PATH "v1.(*T).f", "v1.(*T).f y/z.go:7", "v1.(*T).f y/z.go:7");
	assert_site(LONG_PATH "v1.f[" LONG_PATH "v1.T]", "v1.f[" CUT_PATH " y/z.go:7",
		    "v1.f[" CUT_PATH " y/z.go:7");
}

static void assert_cgroup(const char *path, const char *shown, const char *whole)
{
	const struct output_target target = {.pid = 7, .cgroup = path};
	const struct top_cell cell = {.view = {.target = &target}, .width = 200};
	char text[CELL_SIZE];
	char *name = top_whole_name(TOP_CGROUP, &cell);

	top_field_text(text, TOP_CGROUP, &cell);
	assert_string_equal(text, shown);
	assert_string_equal(name, whole);
	free(name);
}

/* Of a container so much of its id as people see elsewhere. */
static void test_cgroup(void **state)
{
	(void)state;
	assert_cgroup("/system.slice/cron.service", "cron.service", "/system.slice/cron.service");
	assert_cgroup("/", "/", "/");
	assert_cgroup(NULL, "?", "?");
	assert_cgroup("/a.slice/cri-containerd-" ID ".scope", "0123456789abc",
		      "/a.slice/cri-containerd-" ID ".scope");
	assert_cgroup("/docker/" ID "/init", "0123456789abc", "/docker/" ID "/init");
	assert_cgroup("/a.slice/a-unit-of-which-there-is-more.service", "a-unit-of-which-there-is",
		      "/a.slice/a-unit-of-which-there-is-more.service");
}

static void assert_whole(enum top_field field, const char *expected)
{
	const struct output_options opts = {.names = {.type = type, .site = site}};
	struct output_report report = sample_report;
	const struct top_row row = {.row = {.key = {0x200, 0, 1, 0, SS_OP_GROW}}};
	struct top_cell cell = {.row = &row, .exe = LONG_PATH LONG_PATH "a"};
	char *name;

	report.view = OUTPUT_BY_SITE;
	cell.view = rowview_of(&opts, &report);
	rowview_turn(&cell.view, &row.row);
	name = top_whole_name(field, &cell);
	assert_string_equal(name, expected);
	free(name);
}

/* For filters, and for the line of what was gone into. */
static void test_whole_names(void **state)
{
	(void)state;
	elem = LONG_FUNC LONG_FUNC "\033";
	frame = (struct output_frame){
		.func = LONG_PATH LONG_PATH "v1.f", .file = "/src/" LONG_FUNC "/z.go", .line = 7};
	assert_whole(TOP_ELEM, LONG_FUNC LONG_FUNC "?");
	assert_whole(TOP_SITE, LONG_PATH LONG_PATH "v1.f " LONG_FUNC "/z.go:7");
	assert_whole(TOP_EXE, LONG_PATH LONG_PATH "a");
	frame.file = NULL;
	assert_whole(TOP_SITE, LONG_PATH LONG_PATH "v1.f");
}

static void assert_elem(const char *name, const char *narrow, const char *wide)
{
	elem = name;
	assert_text(TOP_ELEM, 159, narrow);
	assert_text(TOP_ELEM, 160, wide);
}

/* Whole characters in at most 20 columns; on a wide screen in a fifth of it. */
static void test_elem(void **state)
{
	(void)state;
	assert_elem("a.b4567890123456xyz0", "a.b4567890123456xyz0", "a.b4567890123456xyz0");
	assert_elem("a.b4567890123456xyz01", "a.b4567890123456x...", "a.b4567890123456xyz01");
	assert_elem("a.b4567890123456\u00e4yz01", "a.b4567890123456\u00e4...",
		    "a.b4567890123456\u00e4yz01");
	assert_elem("a.b4567890123456\u4e16yz01", "a.b4567890123456...",
		    "a.b4567890123456\u4e16yz01");
	assert_elem("a.b45678901234567890123456789012345", "a.b45678901234567...",
		    "a.b45678901234567890123456789...");
	assert_elem("a.\u202eb", "a.?b", "a.?b");
	assert_text(TOP_ELEM, SIZE_MAX, "a.?b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_site),   cmocka_unit_test(test_site_of_a_long_path),
		cmocka_unit_test(test_cgroup), cmocka_unit_test(test_whole_names),
		cmocka_unit_test(test_elem),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests_name("top_fields", tests, NULL, NULL);
}
