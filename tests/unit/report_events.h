/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of report put in, and how they look at the rows. */
#ifndef SS_TESTS_REPORT_EVENTS_H
#define SS_TESTS_REPORT_EVENTS_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/report.h"

struct event {
	uint32_t target;
	uint64_t base, events, len_sum, cap_sum;
};

/* One window's value, whose events all came by one op from one site. */
static inline void add(struct report *r, struct event e)
{
	struct ss_base_key key = {.base = e.base, .target = e.target};
	struct ss_base val = {
		.events = e.events,
		.len_sum = e.len_sum,
		.cap_sum = e.cap_sum,
		.len = e.len_sum,
		.cap = e.cap_sum,
		.site = 0x1000,
		.first_site = 0x1000,
		.op = SS_OP_GROW,
		.first_op = SS_OP_GROW,
	};

	report_add(r, &key, &val);
}

static inline uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline struct report *new_report(size_t max_rows)
{
	struct report *r = report_new(max_rows);

	assert_non_null(r);
	return r;
}

static inline void assert_bases(struct report *r, enum report_sort sort, bool interval, size_t top,
				const uint64_t *bases, size_t n)
{
	const struct report_row *rows;
	struct report_other other;

	assert_int_equal(report_rows(r, sort, interval, top, &rows, &other), n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(rows[i].base, bases[i]);
}

#endif
