// SPDX-License-Identifier: BSD-2-Clause
/* top/fields.h: what names become on screens of some widths. */
#include "top_sample.h"

#include <locale.h>

#include "top/fields.h"

/* 95 bytes. */
#define LONG_FUNC                                                                                  \
	"main.f0123456789012345678901234567890123456789"                                           \
	"0123456789012345678901234567890123456789012345678"

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
		cmocka_unit_test(test_site),
		cmocka_unit_test(test_elem),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests_name("top_fields", tests, NULL, NULL);
}
