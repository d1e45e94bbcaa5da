// SPDX-License-Identifier: BSD-2-Clause
/* Sites of two builds: which of them are the same, and what of them has changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "report/diff.h"
#include "slicestat.h"

/* Growths of uint64 in main.work; what differs tells whether rows are shown. */
static struct diff_site at(int line, uint64_t events)
{
	return (struct diff_site){
		.func = "main.work",
		.file = "/src/main.go",
		.line = line,
		.elem = "uint64",
		.op = SS_OP_GROW,
		.sums = {.events = events, .allocated = 8 * events, .copied = 4 * events},
	};
}

static struct diff_site of(const char *func, int line, const char *elem, uint32_t op,
			   uint64_t events)
{
	struct diff_site site = at(line, events);

	site.func = func;
	site.elem = elem;
	site.op = op;
	return site;
}

/* "10->11 -20 +30": pairs, those gone and those new, as the rows come. */
static void describe(const struct diff_row *rows, size_t n, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const struct diff_row *row = &rows[i];
		const char *gap = i ? " " : "";

		if (row->a && row->b)
			used += (size_t)snprintf(text + used, size - used, "%s%d->%d", gap,
						 row->a->line, row->b->line);
		else if (row->a)
			used += (size_t)snprintf(text + used, size - used, "%s-%d", gap,
						 row->a->line);
		else
			used += (size_t)snprintf(text + used, size - used, "%s+%d", gap,
						 row->b->line);
	}
}

static void expect_changes(struct diff_site *a, size_t na, struct diff_site *b, size_t nb,
			   const char *expected)
{
	const struct diff_scale totals = {1, 1};
	const struct diff_row *rows;
	struct diff *d = diff_new(a, na, b, nb);
	char text[256];
	size_t n;

	assert_non_null(d);
	n = diff_changed(d, REPORT_SORT_EVENTS, &totals, &rows);
	describe(rows, n, text, sizeof(text));
	assert_string_equal(text, expected);
	diff_free(d);
}

static void nothing_has_changed(void **state)
{
	struct diff_site a[] = {at(10, 5), at(20, 7)}, b[] = {at(10, 5), at(20, 7)};

	(void)state;
	expect_changes(a, 2, b, 2, "");
	expect_changes(a, 0, b, 0, "");
}

static void one_side_is_empty(void **state)
{
	struct diff_site a[] = {at(10, 5), at(20, 7)};

	(void)state;
	expect_changes(a, 2, NULL, 0, "-20 -10");
	expect_changes(NULL, 0, a, 2, "+20 +10");
}

/* Lines above the function, and between its sites. */
static void moved_lines_are_found(void **state)
{
	struct diff_site a[] = {at(10, 5), at(20, 7), at(30, 9)};
	struct diff_site same[] = {at(12, 5), at(22, 7), at(33, 9)};
	struct diff_site more[] = {at(12, 5), at(22, 8), at(33, 9)};

	(void)state;
	expect_changes(a, 3, same, 3, "");
	expect_changes(a, 3, more, 3, "20->22");
}

/* The line that another one has come to is not that other one. */
static void neighbours_move_by_one(void **state)
{
	struct diff_site a[] = {at(10, 5), at(11, 7)}, b[] = {at(11, 5), at(12, 7)};

	(void)state;
	expect_changes(a, 2, b, 2, "");
}

static void a_fixed_line_is_gone(void **state)
{
	struct diff_site a[] = {at(10, 5), at(20, 7), at(30, 9)};
	struct diff_site in_place[] = {at(10, 5), at(30, 9)};
	struct diff_site moved[] = {at(10, 5), at(31, 9)};
	struct diff_site all_moved[] = {at(13, 5), at(33, 9)};
	struct diff_site last[] = {at(11, 5), at(21, 7)};

	(void)state;
	expect_changes(a, 3, in_place, 2, "-20");
	expect_changes(a, 3, moved, 2, "-20");
	expect_changes(a, 3, all_moved, 2, "-20");
	expect_changes(a, 3, last, 2, "-30");
}

/* What is of another type or operation tells how far its function has moved. */
static void others_tell_how_far(void **state)
{
	struct diff_site a[] = {at(10, 5), at(20, 7), of("main.work", 25, "int", SS_OP_MAKE, 1),
				of("main.work", 27, "int", SS_OP_GROW, 1)};
	struct diff_site b[] = {at(21, 7), of("main.work", 26, "int", SS_OP_MAKE, 1),
				of("main.work", 28, "int", SS_OP_GROW, 1)};

	(void)state;
	expect_changes(a, 4, b, 3, "-10");
}

static void between_pairs_lines_go_in_order(void **state)
{
	struct diff_site a[] = {at(10, 1), at(20, 2), at(30, 3), at(40, 4)};
	struct diff_site b[] = {at(10, 1), at(21, 2), at(41, 4)};

	(void)state;
	expect_changes(a, 4, b, 3, "-30");
}

static void a_new_line_is_new(void **state)
{
	struct diff_site a[] = {at(10, 5), at(20, 7)};
	struct diff_site b[] = {at(10, 5), at(15, 1), at(20, 7)};

	(void)state;
	expect_changes(a, 2, b, 3, "+15");
}

static void other_functions_types_and_operations_are_others(void **state)
{
	struct diff_site a[] = {at(10, 5)};
	struct diff_site b[] = {of("main.other", 10, "uint64", SS_OP_GROW, 4),
				of("main.work", 10, "uint32", SS_OP_GROW, 3),
				of("main.work", 10, "uint64", SS_OP_MAKE, 2)};

	(void)state;
	expect_changes(a, 1, b, 3, "-10 +10 +10 +10");
}

/* The files' directories are those of two checkouts. */
static void files_do_not_tell_sites_apart(void **state)
{
	struct diff_site a[] = {at(10, 5)}, b[] = {at(10, 5)};

	(void)state;
	b[0].file = "/elsewhere/main.go";
	expect_changes(a, 1, b, 1, "");
}

static void inlined_copies_add_up(void **state)
{
	struct diff_site a[] = {at(10, 2), at(20, 1), at(10, 3)};
	struct diff_site same[] = {at(20, 1), at(10, 5)};
	struct diff_site copies[] = {at(10, 1), at(10, 1), at(20, 1), at(10, 2)};
	struct diff_site whole[] = {at(10, 5), at(20, 1)};

	(void)state;
	expect_changes(a, 3, same, 2, "");
	expect_changes(whole, 2, copies, 4, "10->10");
}

static void lines_that_are_not_known_are_one(void **state)
{
	struct diff_site a[] = {of("?", 0, "?", SS_OP_GROW, 2), of("?", 0, "?", SS_OP_GROW, 1)};
	struct diff_site b[] = {of("?", 0, "?", SS_OP_GROW, 3)};

	(void)state;
	expect_changes(a, 2, b, 1, "");
}

static void the_largest_change_comes_first(void **state)
{
	const struct diff_scale totals = {1, 1};
	struct diff_site a[] = {at(10, 5), at(20, 700), at(30, 9)};
	struct diff_site b[] = {at(10, 6), at(20, 600), at(30, 29)};
	const struct diff_row *rows;
	struct diff *d;

	(void)state;
	b[0].sums.copied = 90000;
	d = diff_new(a, 3, b, 3);
	assert_non_null(d);
	assert_int_equal(diff_changed(d, REPORT_SORT_ALLOCATED, &totals, &rows), 3);
	assert_int_equal(rows[0].a->line, 20);
	assert_int_equal(rows[1].a->line, 30);
	assert_int_equal(diff_changed(d, REPORT_SORT_COPIED, &totals, &rows), 3);
	assert_int_equal(rows[0].a->line, 10);
	diff_free(d);
}

/* Of the key, or of what is shown in any case. */
static void what_a_change_is(void **state)
{
	const struct diff_scale totals = {1, 1}, rates = {1, 2};
	struct diff_site a[] = {at(10, 5)}, b[] = {at(10, 5)};
	const struct diff_row *rows;
	struct diff *d;

	(void)state;
	b[0].sums.slack = 1;
	d = diff_new(a, 1, b, 1);
	assert_non_null(d);
	assert_int_equal(diff_changed(d, REPORT_SORT_EVENTS, &totals, &rows), 0);
	assert_int_equal(diff_changed(d, REPORT_SORT_SLACK, &totals, &rows), 1);
	/* Half as many a second. */
	assert_int_equal(diff_changed(d, REPORT_SORT_EVENTS, &rates, &rows), 1);
	diff_free(d);
}

static void figures_by_key(void **state)
{
	const struct report_sums sums = {1, 2, 3, 4, 5, 6, 7};

	(void)state;
	assert_int_equal(diff_figure(&sums, REPORT_SORT_EVENTS), 1);
	assert_int_equal(diff_figure(&sums, REPORT_SORT_LEN), 2);
	assert_int_equal(diff_figure(&sums, REPORT_SORT_CAP), 3);
	assert_int_equal(diff_figure(&sums, REPORT_SORT_ALLOCATED), 4);
	assert_int_equal(diff_figure(&sums, REPORT_SORT_COPIED), 5);
	assert_int_equal(diff_figure(&sums, REPORT_SORT_SLACK), 6);
	assert_int_equal(diff_figure(NULL, REPORT_SORT_SLACK), 0);
}

static void limits_at_the_edge(void **state)
{
	(void)state;
	assert_false(diff_exceeds(1000, 1100, 1000, 10));
	assert_true(diff_exceeds(1000, 1101, 1000, 10));
	assert_false(diff_exceeds(1000, 900, 1000, 0));
	assert_false(diff_exceeds(1000, 1000, 1000, 0));
	assert_true(diff_exceeds(1000, 1001, 1000, 0));
	/* A row, against the whole. */
	assert_false(diff_exceeds(0, 100, 1000, 10));
	assert_true(diff_exceeds(0, 101, 1000, 10));
	/* Anything is more than nothing. */
	assert_true(diff_exceeds(0, 1, 0, 1000));
	assert_false(diff_exceeds(0, 0, 0, 0));
}

/* So many sites of one function that shifts are not looked for: same lines still are. */
static void many_sites(void **state)
{
	enum { MANY = 3000 };
	static struct diff_site a[MANY], b[MANY - 1];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		a[i] = at(i + 1, 1);
		if (i < MANY - 1)
			b[i] = at(i + 1 + (i >= 1000), 1);
	}
	expect_changes(a, MANY, b, MANY - 1, "-1001");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_has_changed),
		cmocka_unit_test(one_side_is_empty),
		cmocka_unit_test(moved_lines_are_found),
		cmocka_unit_test(neighbours_move_by_one),
		cmocka_unit_test(a_fixed_line_is_gone),
		cmocka_unit_test(others_tell_how_far),
		cmocka_unit_test(between_pairs_lines_go_in_order),
		cmocka_unit_test(a_new_line_is_new),
		cmocka_unit_test(other_functions_types_and_operations_are_others),
		cmocka_unit_test(files_do_not_tell_sites_apart),
		cmocka_unit_test(inlined_copies_add_up),
		cmocka_unit_test(lines_that_are_not_known_are_one),
		cmocka_unit_test(the_largest_change_comes_first),
		cmocka_unit_test(what_a_change_is),
		cmocka_unit_test(figures_by_key),
		cmocka_unit_test(limits_at_the_edge),
		cmocka_unit_test(many_sites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
