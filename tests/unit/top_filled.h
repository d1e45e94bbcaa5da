/* SPDX-License-Identifier: BSD-2-Clause */
/* A model with the rows of top_sample.h, and what is in it. */
#ifndef TOP_FILLED_H
#define TOP_FILLED_H

#include "top_sample.h"

static struct sample sample;

static inline const struct top_row *row_at(const struct top_model *m, size_t i)
{
	size_t n;
	const struct top_row *rows = top_model_rows(m, &n);

	assert_true(i < n);
	return &rows[i];
}

static inline size_t count(const struct top_model *m)
{
	size_t n;

	top_model_rows(m, &n);
	return n;
}

static inline struct top_model *filled(enum output_view view, enum top_field sort)
{
	struct top_model *m = top_model_new(view, sort);

	assert_non_null(m);
	sample_fill(&sample);
	sample_take(m, &sample);
	return m;
}

static inline void show(struct top_model *m)
{
	assert_int_equal(top_model_show(m, &sample_run), 0);
}

static inline void expect_row(const struct top_model *m, size_t i, uint64_t addr, uint64_t events,
			      uint64_t d)
{
	const struct top_row *row = row_at(m, i);

	assert_int_equal(row->row.key.addr, addr);
	assert_int_equal(row->row.sums.events, events);
	assert_int_equal(row->row.sums.allocated, 8 * events);
	assert_int_equal(row->row.d.events, d);
}

static inline uint64_t all_events(const struct top_model *m)
{
	uint64_t events = 0;

	for (size_t i = 0; i < count(m); i++)
		events += row_at(m, i)->row.sums.events;
	return events;
}

static struct output_target others[3];
static struct output_report other_report;

/* A run where each target has the pid given, 0: it is forgotten. */
static inline struct top_run run_of(int first, int second, int third)
{
	const int pids[] = {first, second, third};
	struct top_run run = sample_run;

	for (size_t i = 0; i < 3; i++) {
		others[i] = sample_targets[i];
		others[i].pid = pids[i];
		others[i].forgotten = !pids[i];
	}
	other_report = sample_report;
	other_report.targets = others;
	run.report = &other_report;
	return run;
}

#endif
