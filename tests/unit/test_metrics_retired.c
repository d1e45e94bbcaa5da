// SPDX-License-Identifier: BSD-2-Clause
/* metrics/sites.h: who gives up a place, and who keeps it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "site_rows.h"

static time_t begin_of(const struct sites *s, const char *func)
{
	for (size_t i = 0; i < sites_count(s); i++)
		if (!strcmp(sites_series(s, i)->labels[SITE_FUNC], func))
			return sites_series(s, i)->begin.tv_sec;
	fail_msg("no series of %s", func);
	return 0;
}

/* Who is idle for more than an hour gives its place to who needs it, the longest idle first. */
static void test_retirement(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(2);
	uint64_t other;

	(void)state;
	add(r, 100, 1000);
	update_at(s, r, 1, name_hundreds, NULL);
	add(r, 200, 1000);
	add(r, 100, 10);
	update_at(s, r, 2, name_hundreds, NULL);
	assert_int_equal(sites_count(s), 2);
	add(r, 200, 1000);
	add(r, 300, 5000);
	update_at(s, r, 3600, name_hundreds, NULL);
	assert_int_equal(events_of(s, "f1"), 1010);
	assert_int_equal(sites_retired(s)->events, 0);
	other = sites_other(s)->events;

	add(r, 200, 1000);
	add(r, 300, 5000);
	update_at(s, r, 4100, name_hundreds, NULL);
	assert_int_equal(sites_count(s), 2);
	assert_int_equal(events_of(s, "f2"), 3000);
	assert_int_equal(events_of(s, "f3"), 5000);
	assert_int_equal(sites_retired(s)->events, 1010);
	assert_int_equal(sites_other(s)->events, other);
	assert_adds_up(s, r);

	/* A place is of who is in it. */
	assert_int_equal(begin_of(s, "f2"), 1002);
	assert_int_equal(begin_of(s, "f3"), 5100);
	/* What was retired comes again as what is new. */
	add(r, 100, 7);
	add(r, 300, 5000);
	update_at(s, r, 4101, name_hundreds, NULL);
	assert_int_equal(sites_other(s)->events, other + 7);
	assert_adds_up(s, r);
	add(r, 100, 5000);
	add(r, 300, 5000);
	update_at(s, r, 9000, name_hundreds, NULL);
	assert_int_equal(events_of(s, "f1"), 5000);
	assert_int_equal(begin_of(s, "f1"), 10000);
	assert_int_equal(begin_of(s, "f3"), 5100);
	assert_int_equal(sites_retired(s)->events, 4010);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

/* Idle ones that come again in the same interval as a newcomer, by rows that begin anew: they stay.
 */
static void test_revival(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(2);

	(void)state;
	add(r, 100, 1000);
	update_at(s, r, 1, name_hundreds, NULL);
	add(r, 200, 1000);
	update_at(s, r, 2, name_hundreds, NULL);
	add(r, 300, 100000);
	add(r, 101, 10);
	add(r, 201, 10);
	update_at(s, r, 5000, name_hundreds, NULL);
	assert_int_equal(sites_count(s), 2);
	assert_int_equal(events_of(s, "f1"), 1010);
	assert_int_equal(events_of(s, "f2"), 1010);
	assert_int_equal(sites_other(s)->events, 100000);
	assert_int_equal(sites_retired(s)->events, 0);

	/* One of them alone: the other goes. */
	add(r, 300, 100000);
	add(r, 102, 10);
	update_at(s, r, 10000, name_hundreds, NULL);
	assert_int_equal(events_of(s, "f1"), 1020);
	assert_int_equal(events_of(s, "f3"), 100000);
	assert_int_equal(sites_retired(s)->events, 1010);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_retirement),
		cmocka_unit_test(test_revival),
	};

	return cmocka_run_group_tests_name("metrics_retired", tests, NULL, NULL);
}
