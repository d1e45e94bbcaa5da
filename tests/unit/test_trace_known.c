// SPDX-License-Identifier: BSD-2-Clause
/* trace/known.h: which processes and executables are forgotten, and what becomes of their rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "trace/known.h"
#include "trace/targets.h"
#include "trace/groups.h"

enum { ROOM = 4, EXES = 2 };

static struct fixture {
	struct options opts;
	struct trace trace;
	struct trace_known *known;
} f;

static int setup(void **state)
{
	(void)state;
	f = (struct fixture){.opts = {.view = OUTPUT_BY_PROCESS}};
	f.trace = (struct trace){.opts = &f.opts, .room = ROOM, .nexes = EXES, .exe_room = EXES};
	f.trace.targets = calloc(ROOM, sizeof(*f.trace.targets));
	f.trace.exes = calloc(EXES, sizeof(struct executable *));
	f.trace.report = report_new(16, false);
	for (size_t i = 0; i < EXES; i++) {
		f.trace.exes[i] = calloc(1, sizeof(struct executable));
		assert_non_null(f.trace.exes[i]);
		f.trace.exes[i]->fd = -1;
	}
	f.known = trace_known_new(&f.trace);
	assert_non_null(f.known);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < f.trace.ntargets; i++)
		trace_target_clear(&f.trace.targets[i]);
	for (size_t i = 0; i < EXES; i++)
		executable_free(f.trace.exes[i]);
	free(f.trace.targets);
	free(f.trace.exes);
	report_free(f.trace.report);
	trace_known_free(f.known);
	return 0;
}

/* A process that has had that many events, by the view. */
static struct traced *come(pid_t pid, uint32_t exe, uint64_t events)
{
	struct traced *t = trace_known_take(f.known);
	struct report_delta delta = {.sums = {.events = events}};
	struct report_key key = {.group = exe};

	assert_non_null(t);
	*t = (struct traced){.pid = pid,
			     .exe = f.trace.exes[exe],
			     .exe_number = exe,
			     .path = strdup("/srv/app")};
	if (trace_rows_by_target(&f.trace))
		key.group = (uint32_t)(t - f.trace.targets);
	report_add(f.trace.report, &key, &delta);
	return t;
}

static void end(struct traced *t)
{
	t->gone = true;
	trace_known_ended(f.known, t);
}

/* So many rows, other has so many events, and all of them so many. */
static void assert_report(size_t nrows, uint64_t others, uint64_t events)
{
	static const struct report_query all;
	const struct report_row *const *rows;
	struct report_other other;

	assert_int_equal(report_rows(f.trace.report, &all, &rows, &other), nrows);
	assert_int_equal(other.events, others);
	assert_int_equal(report_totals(f.trace.report).sums.events, events);
}

/* Half of them, those that ended first, and not before there is need. */
static void test_oldest_go(void **state)
{
	struct traced *t[ROOM];

	(void)state;
	for (int i = 0; i < ROOM; i++)
		t[i] = come(10 + i, 0, 1u << i);
	end(t[2]);
	end(t[0]);
	end(t[3]);
	assert_report(4, 0, 15);
	assert_int_equal(trace_known_forgotten(f.known), 0);
	come(20, 0, 16);
	assert_int_equal(trace_known_forgotten(f.known), 2);
	assert_report(3, 4 + 1, 31);
	assert_int_equal(trace_running(&f.trace), 2);
	come(21, 0, 32);
	assert_int_equal(trace_known_forgotten(f.known), 2);
	assert_true(t[3]->gone);
	assert_int_equal(t[3]->pid, 13);
	come(22, 0, 64);
	assert_int_equal(trace_known_forgotten(f.known), 3);
	assert_report(4, 4 + 1 + 8, 127);
}

/* Of those that run none is. */
static void test_all_run(void **state)
{
	(void)state;
	for (int i = 0; i < ROOM; i++)
		come(10 + i, 0, 1);
	assert_null(trace_known_take(f.known));
	assert_report(4, 0, 4);
	assert_int_equal(trace_known_forgotten(f.known), 0);
}

/* The rows of an executable are not those of its processes. */
static void test_rows_by_executable_stay(void **state)
{
	(void)state;
	f.opts.view = OUTPUT_BY_SITE;
	for (int i = 0; i < 100; i++)
		end(come(i, (uint32_t)i % 2, 1));
	assert_true(trace_known_forgotten(f.known) >= 90);
	assert_report(2, 0, 100);
}

static void test_executable(void **state)
{
	struct traced *first = come(10, 0, 1), *second = come(11, 1, 2);

	(void)state;
	assert_true(trace_known_has_processes(f.known, 0));
	assert_true(trace_known_has_processes(f.known, 1));
	end(first);
	assert_false(trace_known_has_processes(f.known, 0));
	trace_known_forget_executable(f.known, 0);
	assert_null(f.trace.exes[0]);
	assert_non_null(f.trace.exes[1]);
	assert_null(first->exe);
	assert_int_equal(trace_known_forgotten(f.known), 1);
	assert_report(1, 1, 3);
	assert_true(trace_known_has_processes(f.known, 1));
	end(second);
	assert_false(trace_known_has_processes(f.known, 1));
}

static void test_executable_with_rows(void **state)
{
	(void)state;
	f.opts.view = OUTPUT_BY_TYPE;
	end(come(10, 0, 1));
	end(come(11, 1, 2));
	trace_known_forget_executable(f.known, 1);
	assert_report(1, 2, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_oldest_go, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_run, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows_by_executable_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(test_executable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_executable_with_rows, setup, teardown),
	};

	return cmocka_run_group_tests_name("what is known", tests, NULL, NULL);
}
