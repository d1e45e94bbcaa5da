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
	uint32_t group;
	uint64_t addr, events, len_sum, cap_sum;
};

/* One window's value, whose events all came by one op from one site. */
static inline void add(struct report *r, struct event e)
{
	struct report_key key = {.addr = e.addr, .group = e.group};
	struct report_delta delta = {
		.sums = {.events = e.events, .len_sum = e.len_sum, .cap_sum = e.cap_sum},
		.last = {.len = e.len_sum, .cap = e.cap_sum, .site = 0x1000, .op = SS_OP_GROW},
		.first_site = 0x1000,
		.first_op = SS_OP_GROW,
	};

	report_add(r, &key, &delta);
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
	struct report *r = report_new(max_rows, false);

	assert_non_null(r);
	return r;
}

/* What report_rows answers. */
struct answer {
	const struct report_row *const *rows;
	size_t n;
	struct report_other other;
};

static inline struct answer ask(struct report *r, struct report_query query)
{
	struct answer a;

	a.n = report_rows(r, &query, &a.rows, &a.other);
	return a;
}

/* All rows since attach, the most events first. */
static inline struct answer ask_all(struct report *r)
{
	return ask(r, (struct report_query){.sort = REPORT_SORT_EVENTS});
}

static inline void assert_addrs(struct report *r, struct report_query query, const uint64_t *addrs,
				size_t n)
{
	struct answer a = ask(r, query);

	assert_int_equal(a.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(a.rows[i]->key.addr, addrs[i]);
}

/* Nothing is in no row. */
static inline void assert_nothing_else(const struct report_other *other)
{
	assert_int_equal(other->rows, 0);
	assert_int_equal(other->events, 0);
	assert_int_equal(other->len_sum, 0);
	assert_int_equal(other->cap_sum, 0);
	assert_int_equal(other->evicted, 0);
}

static inline void assert_sums(const struct report_sums *sums, const struct report_sums *expected)
{
	assert_int_equal(sums->events, expected->events);
	assert_int_equal(sums->len_sum, expected->len_sum);
	assert_int_equal(sums->cap_sum, expected->cap_sum);
	assert_int_equal(sums->allocated, expected->allocated);
	assert_int_equal(sums->copied, expected->copied);
	assert_int_equal(sums->slack, expected->slack);
	assert_int_equal(sums->unsized, expected->unsized);
}

#endif
