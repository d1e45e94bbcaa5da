// SPDX-License-Identifier: BSD-2-Clause
#include "top/order.h"

#include <stdlib.h>

#include "report/key.h"

struct order {
	double (*value)(const struct top_row *row, double interval_s);
	double interval_s;
	bool reversed;
};

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *one, const void *other, void *ctx)
{
	const struct top_row *a = one, *b = other;
	const struct order *o = ctx;
	const double x = o->value(a, o->interval_s), y = o->value(b, o->interval_s);
	int c = (x < y) - (x > y);

	if (o->reversed)
		c = -c;
	c = c ? c : compare_u64(b->row.sums.events, a->row.sums.events);
	return c ? c : report_key_compare(&a->row.key, &b->row.key);
}

void top_order(struct top_row *rows, size_t n, enum top_field field, double interval_s,
	       bool reversed)
{
	struct order o = {top_fields[field].value, interval_s, reversed};

	if (o.value && n)
		qsort_r(rows, n, sizeof(*rows), compare, &o);
}
