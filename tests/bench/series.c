// SPDX-License-Identifier: BSD-2-Clause
#include "series.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *more(void *list, size_t n, size_t size)
{
	void *longer = reallocarray(list, n + 1, size);

	if (!longer)
		err(2, "reallocarray");
	return longer;
}

static char *copy(const char *text)
{
	char *own = strdup(text ? text : "");

	if (!own)
		err(2, "strdup");
	return own;
}

static struct series *series_find(const struct samples *s, const char *section, const char *name,
				  const char *side)
{
	for (size_t i = 0; i < s->nseries; i++) {
		struct series *one = &s->series[i];

		if (!strcmp(one->section, section) && !strcmp(one->name, name) &&
		    !strcmp(one->side, side))
			return one;
	}
	return NULL;
}

void samples_add(struct samples *s, const char *const field[5], double value)
{
	struct series *one = series_find(s, field[1], field[2], field[3]);

	if (!one) {
		s->series = more(s->series, s->nseries, sizeof(*s->series));
		one = &s->series[s->nseries++];
		*one = (struct series){.section = copy(field[1]),
				       .name = copy(field[2]),
				       .side = copy(field[3]),
				       .unit = copy(field[4])};
	}
	one->samples = more(one->samples, one->n, sizeof(*one->samples));
	one->samples[one->n++] = value;
}

void samples_rule(struct samples *s, const struct rule *rule)
{
	struct rule *one;

	s->rules = more(s->rules, s->nrules, sizeof(*s->rules));
	one = &s->rules[s->nrules++];
	*one = *rule;
	one->section = copy(rule->section);
	one->name = copy(rule->name);
	one->side = copy(rule->side);
}

void samples_free(struct samples *s)
{
	for (size_t i = 0; i < s->nseries; i++) {
		free(s->series[i].section);
		free(s->series[i].name);
		free(s->series[i].side);
		free(s->series[i].unit);
		free(s->series[i].samples);
	}
	for (size_t i = 0; i < s->nrules; i++) {
		free(s->rules[i].section);
		free(s->rules[i].name);
		free(s->rules[i].side);
	}
	free(s->series);
	free(s->rules);
}

const struct rule *samples_find_rule(const struct samples *s, enum rule_kind kind,
				     const struct series *of)
{
	const struct rule *found = NULL;

	for (size_t i = 0; i < s->nrules; i++) {
		const struct rule *one = &s->rules[i];

		if (one->kind != kind || strcmp(one->section, of->section) != 0)
			continue;
		if (!strcmp(one->name, of->name))
			return one;
		if (!strcmp(one->name, "*"))
			found = one;
	}
	return found;
}

const struct rule *samples_goal(const struct samples *s, const struct series *of)
{
	for (size_t i = 0; i < s->nrules; i++) {
		const struct rule *one = &s->rules[i];

		if ((one->kind == RULE_AT_MOST || one->kind == RULE_AT_LEAST) &&
		    !strcmp(one->section, of->section) && !strcmp(one->name, of->name) &&
		    !strcmp(one->side, of->side))
			return one;
	}
	return NULL;
}

static const struct series *rule_series(const struct samples *s, enum rule_kind kind,
					const struct series *of)
{
	const struct rule *rule = samples_find_rule(s, kind, of);

	return rule ? series_find(s, of->section, of->name, rule->side) : NULL;
}

/* Of a round; NAN where the baseline has none of it. */
static double net(const struct samples *s, const struct series *of, size_t round)
{
	const struct series *base = rule_series(s, RULE_BASELINE, of);

	if (!base || base == of)
		return of->samples[round];
	return round < base->n ? of->samples[round] - base->samples[round] : NAN;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Between the two nearest values. */
static double quantile(const double *sorted, size_t n, double q)
{
	const double place = q * (double)(n - 1);
	const size_t low = (size_t)place;
	const double rest = place - (double)low;

	return low + 1 < n ? sorted[low] * (1 - rest) + sorted[low + 1] * rest : sorted[low];
}

static struct spread spread_of(double *values, size_t n)
{
	struct spread out = {.n = n};

	if (n) {
		qsort(values, n, sizeof(*values), by_size);
		out.q1 = quantile(values, n, 0.25);
		out.median = quantile(values, n, 0.5);
		out.q3 = quantile(values, n, 0.75);
	}
	free(values);
	return out;
}

static double *values_new(size_t n)
{
	double *values = calloc(n + 1, sizeof(*values));

	if (!values)
		err(2, "calloc");
	return values;
}

struct spread samples_net(const struct samples *s, const struct series *of)
{
	double *values = values_new(of->n);
	size_t n = 0;

	for (size_t i = 0; i < of->n; i++) {
		const double v = net(s, of, i);

		if (isfinite(v))
			values[n++] = v;
	}
	return spread_of(values, n);
}

struct spread samples_ratio(const struct samples *s, const struct series *of)
{
	const struct series *ref = rule_series(s, RULE_REFERENCE, of);
	const struct rule *baseline = samples_find_rule(s, RULE_BASELINE, of);
	const bool is_baseline = baseline && !strcmp(baseline->side, of->side);
	double *values = values_new(of->n);
	size_t n = 0;

	for (size_t i = 0; ref && !is_baseline && i < of->n && i < ref->n; i++) {
		const double below = net(s, ref, i), v = net(s, of, i) / below;

		if (below > 0 && isfinite(v))
			values[n++] = v;
	}
	return spread_of(values, n);
}
