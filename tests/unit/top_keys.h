/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys pressed and pages drawn of the rows of top_sample.h. */
#ifndef TOP_KEYS_H
#define TOP_KEYS_H

#include "top_sample.h"

#include "top/page.h"

#define LINES_MAX  40
#define CONTROL(c) ((c)&0x1f)

static struct sample sample;
static struct top_line lines[LINES_MAX];
static struct top_told told = {.running = 2, .targets = 3, .utf8 = true};

static const struct output_count lossy[] = {
	{"seen", 1234567}, {"folded", 1234500}, {"lost_bases_full", 67}};

static inline struct top_controls controls_of(enum output_view view, size_t width)
{
	struct top_controls c = {.interval_s = 1, .width = width, .room = 10};

	c.model = top_model_new(view, TOP_EVENTS);
	assert_non_null(c.model);
	sample_fill(&sample);
	sample_take(c.model, &sample);
	return c;
}

static inline void press(struct top_controls *c, int key)
{
	top_controls_key(c, key, &sample_run);
	assert_int_equal(top_model_show(c->model, &sample_run), 0);
}

static inline void page(struct top_controls *c, size_t height)
{
	top_page(c, &sample_run, &told, lines, height);
}

#endif
