// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "metrics/arena.h"
#include "output/utf8.h"

struct metrics {
	struct arena arena;
	struct timespec begin, time;
	struct metrics_family *families, *last;
	/* What is written to where there is no memory for more. */
	struct metrics_family no_family;
	struct metrics_sample no_sample;
};

struct metrics *metrics_new(const struct timespec *begin, const struct timespec *time)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->begin = *begin;
	m->time = *time;
	return m;
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	arena_clear(&m->arena);
	free(m);
}

bool metrics_is_whole(const struct metrics *m)
{
	return !m->arena.failed;
}

struct metrics_family *metrics_add(struct metrics *m, enum metrics_kind kind, const char *name,
				   const char *unit, const char *help)
{
	struct metrics_family *f = arena_alloc(&m->arena, 1, sizeof(*f));

	if (!f)
		return &m->no_family;
	*f = (struct metrics_family){.name = name, .unit = unit, .help = help, .kind = kind};
	if (m->last)
		m->last->next = f;
	else
		m->families = f;
	m->last = f;
	return f;
}

static const char *keep_text(struct metrics *m, const char *text)
{
	char *repaired = utf8_repair(text);
	const char *kept = repaired ? arena_text(&m->arena, repaired) : "";

	if (!repaired)
		m->arena.failed = true;
	free(repaired);
	return kept;
}

struct metrics_sample *metrics_sample(struct metrics *m, struct metrics_family *f,
				      const struct metrics_label *labels, size_t nlabels)
{
	struct metrics_sample *s = arena_alloc(&m->arena, 1, sizeof(*s));
	struct metrics_label *kept = arena_alloc(&m->arena, nlabels, sizeof(*kept));

	if (!s || !kept)
		return &m->no_sample;
	for (size_t i = 0; i < nlabels; i++)
		if (labels[i].value && labels[i].value[0])
			kept[s->nlabels++] = (struct metrics_label){labels[i].name,
								    keep_text(m, labels[i].value)};
	s->labels = kept;
	if (f->last)
		f->last->next = s;
	else
		f->samples = s;
	f->last = s;
	return s;
}

const void *metrics_keep(struct metrics *m, const void *bytes, size_t size)
{
	void *copy = arena_alloc(&m->arena, size, 1);

	return copy ? memcpy(copy, bytes, size) : NULL;
}

void metrics_count(struct metrics *m, struct metrics_family *f, const char *label,
		   const char *value, uint64_t count)
{
	const struct metrics_label labels[] = {{label, value}};

	metrics_sample(m, f, labels, 1)->whole = count;
}

void metrics_real(struct metrics *m, struct metrics_family *f, const char *label, const char *value,
		  double real)
{
	const struct metrics_label labels[] = {{label, value}};
	struct metrics_sample *s = metrics_sample(m, f, labels, 1);

	s->is_real = true;
	s->real = real;
}

const struct metrics_family *metrics_families(const struct metrics *m)
{
	return m->families;
}

struct timespec metrics_begin(const struct metrics *m)
{
	return m->begin;
}

struct timespec metrics_time(const struct metrics *m)
{
	return m->time;
}
