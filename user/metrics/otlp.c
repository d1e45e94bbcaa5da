// SPDX-License-Identifier: BSD-2-Clause
/* As OTLP has it: names with dots, units as UCUM writes them, all sums since they began. */
#include <stdlib.h>
#include <string.h>

#include "metrics/arena.h"
#include "metrics/metrics.h"
#include "metrics/otlp.pb-c.h"

struct packing {
	struct arena arena;
	uint64_t begin_ns, time_ns;
};

/* A list of pointers to n new messages; NULL without memory. The type is no expression. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define new_list(p, n, type, init)                                                                 \
	((type **)list_of(&(p)->arena, n, sizeof(type), &(const type)init))
/* NOLINTEND(bugprone-macro-parentheses) */

static void **list_of(struct arena *a, size_t n, size_t size, const void *init)
{
	void **list = arena_alloc(a, n + 1, sizeof(*list));
	char *bytes = arena_alloc(a, n, size);

	if (!list || !bytes)
		return NULL;
	for (size_t i = 0; i < n; i++)
		list[i] = memcpy(bytes + i * size, init, size);
	return list;
}

static uint64_t ns_of(struct timespec t)
{
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static Otlp__Attribute **attributes(struct packing *p, const struct metrics_label *labels, size_t n)
{
	Otlp__Attribute **list = new_list(p, n, Otlp__Attribute, OTLP__ATTRIBUTE__INIT);
	Otlp__Value **values = new_list(p, n, Otlp__Value, OTLP__VALUE__INIT);

	if (!list || !values)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		values[i]->value_case = OTLP__VALUE__VALUE_TEXT;
		values[i]->text = (char *)labels[i].value;
		list[i]->key = (char *)labels[i].name;
		list[i]->value = values[i];
	}
	return list;
}

/* Without its unit, which is told apart: "slicestat.slice.allocated". */
static char *name_of(struct packing *p, const struct metrics_family *f)
{
	const size_t unit = strlen(f->unit), size = strlen(f->name);
	char *name = (char *)arena_printf(&p->arena, "%.*s", (int)(unit ? size - unit - 1 : size),
					  f->name);

	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = '.';
	return name;
}

static char *unit_of(const struct metrics_family *f)
{
	static const char *const units[][2] = {{"bytes", "By"}, {"seconds", "s"}, {"ratio", "1"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(f->unit, units[i][0]))
			return (char *)units[i][1];
	return "";
}

static size_t count_samples(const struct metrics_family *f)
{
	size_t n = 0;

	for (const struct metrics_sample *s = f->samples; s; s = s->next)
		n++;
	return n;
}

/* Whole numbers have 63 bits there. */
static void fill_value(Otlp__Point *point, const struct metrics_family *f,
		       const struct metrics_sample *s)
{
	const uint64_t whole = f->kind == METRICS_INFO ? 1 : s->whole;

	if (s->is_real || whole > INT64_MAX) {
		point->value_case = OTLP__POINT__VALUE_REAL;
		point->real = s->is_real ? s->real : (double)whole;
	} else {
		point->value_case = OTLP__POINT__VALUE_WHOLE;
		point->whole = (int64_t)whole;
	}
}

/* A gauge is of now alone. */
static uint64_t begin_of(const struct packing *p, const struct metrics_family *f,
			 const struct metrics_sample *s)
{
	if (f->kind != METRICS_COUNTER)
		return 0;
	return s->begin.tv_sec ? ns_of(s->begin) : p->begin_ns;
}

static Otlp__Point **points_of(struct packing *p, const struct metrics_family *f, size_t n)
{
	Otlp__Point **list = new_list(p, n, Otlp__Point, OTLP__POINT__INIT);
	const struct metrics_sample *s = f->samples;

	for (size_t i = 0; list && i < n; i++, s = s->next) {
		list[i]->begin_unix_ns = begin_of(p, f, s);
		list[i]->time_unix_ns = p->time_ns;
		list[i]->attributes = attributes(p, s->labels, s->nlabels);
		list[i]->n_attributes = list[i]->attributes ? s->nlabels : 0;
		fill_value(list[i], f, s);
	}
	return list;
}

static void fill_histogram_point(struct packing *p, Otlp__HistogramPoint *point,
				 const struct metrics_sample *s)
{
	double *bounds = arena_alloc(&p->arena, SS_LEN_BUCKETS - 1, sizeof(*bounds));

	point->begin_unix_ns = p->begin_ns;
	point->time_unix_ns = p->time_ns;
	point->count = s->whole;
	point->total_case = OTLP__HISTOGRAM_POINT__TOTAL_SUM;
	point->sum = (double)s->sum;
	point->counts = (uint64_t *)s->buckets;
	point->n_counts = SS_LEN_BUCKETS;
	for (size_t i = 0; bounds && i + 1 < SS_LEN_BUCKETS; i++)
		bounds[i] = (double)metrics_bound(i);
	point->bounds = bounds;
	point->n_bounds = bounds ? SS_LEN_BUCKETS - 1 : 0;
	point->attributes = attributes(p, s->labels, s->nlabels);
	point->n_attributes = point->attributes ? s->nlabels : 0;
}

static void fill_histogram(struct packing *p, Otlp__Metric *metric, const struct metrics_family *f)
{
	Otlp__Histogram **histogram = new_list(p, 1, Otlp__Histogram, OTLP__HISTOGRAM__INIT);
	const size_t n = count_samples(f);
	Otlp__HistogramPoint **list =
		new_list(p, n, Otlp__HistogramPoint, OTLP__HISTOGRAM_POINT__INIT);
	const struct metrics_sample *s = f->samples;

	if (!histogram || !list)
		return;
	for (size_t i = 0; i < n; i++, s = s->next)
		fill_histogram_point(p, list[i], s);
	histogram[0]->points = list;
	histogram[0]->n_points = n;
	histogram[0]->temporality = OTLP__TEMPORALITY__CUMULATIVE;
	metric->data_case = OTLP__METRIC__DATA_HISTOGRAM;
	metric->histogram = histogram[0];
}

static void fill_numbers(struct packing *p, Otlp__Metric *metric, const struct metrics_family *f)
{
	Otlp__Gauge **gauge = new_list(p, 1, Otlp__Gauge, OTLP__GAUGE__INIT);
	Otlp__Sum **sum = new_list(p, 1, Otlp__Sum, OTLP__SUM__INIT);
	const size_t n = count_samples(f);
	Otlp__Point **points = points_of(p, f, n);

	if (!gauge || !sum || !points)
		return;
	if (f->kind != METRICS_COUNTER) {
		gauge[0]->points = points;
		gauge[0]->n_points = n;
		metric->data_case = OTLP__METRIC__DATA_GAUGE;
		metric->gauge = gauge[0];
		return;
	}
	sum[0]->points = points;
	sum[0]->n_points = n;
	sum[0]->temporality = OTLP__TEMPORALITY__CUMULATIVE;
	sum[0]->monotonic = true;
	metric->data_case = OTLP__METRIC__DATA_SUM;
	metric->sum = sum[0];
}

static void fill_metric(struct packing *p, Otlp__Metric *metric, const struct metrics_family *f)
{
	metric->name = f->kind == METRICS_INFO
			       ? (char *)arena_printf(&p->arena, "%s.info", name_of(p, f))
			       : name_of(p, f);
	metric->description = (char *)f->help;
	metric->unit = unit_of(f);
	if (f->kind == METRICS_HISTOGRAM)
		fill_histogram(p, metric, f);
	else
		fill_numbers(p, metric, f);
}

static Otlp__ScopeMetrics *scope_of(struct packing *p, const struct metrics *m)
{
	Otlp__ScopeMetrics **scope = new_list(p, 1, Otlp__ScopeMetrics, OTLP__SCOPE_METRICS__INIT);
	Otlp__Scope **name = new_list(p, 1, Otlp__Scope, OTLP__SCOPE__INIT);
	Otlp__Metric **metrics;
	size_t n = 0;

	for (const struct metrics_family *f = metrics_families(m); f; f = f->next)
		n += f->samples != NULL;
	metrics = new_list(p, n, Otlp__Metric, OTLP__METRIC__INIT);
	if (!scope || !name || !metrics)
		return NULL;
	name[0]->name = "slicestat";
	name[0]->version = SLICESTAT_VERSION;
	scope[0]->scope = name[0];
	scope[0]->metrics = metrics;
	for (const struct metrics_family *f = metrics_families(m); f; f = f->next)
		if (f->samples)
			fill_metric(p, metrics[scope[0]->n_metrics++], f);
	return scope[0];
}

static Otlp__Request *request_of(struct packing *p, const struct metrics *m, const char *instance)
{
	const struct metrics_label about[] = {{"service.name", "slicestat"},
					      {"service.version", SLICESTAT_VERSION},
					      {"service.instance.id", instance}};
	const size_t n = sizeof(about) / sizeof(about[0]);
	Otlp__Request **request = new_list(p, 1, Otlp__Request, OTLP__REQUEST__INIT);
	Otlp__ResourceMetrics **of =
		new_list(p, 1, Otlp__ResourceMetrics, OTLP__RESOURCE_METRICS__INIT);
	Otlp__Resource **resource = new_list(p, 1, Otlp__Resource, OTLP__RESOURCE__INIT);
	Otlp__ScopeMetrics **scopes = arena_alloc(&p->arena, 1, sizeof(*scopes));

	if (!request || !of || !resource || !scopes)
		return NULL;
	resource[0]->attributes = attributes(p, about, n);
	resource[0]->n_attributes = resource[0]->attributes ? n : 0;
	scopes[0] = scope_of(p, m);
	of[0]->resource = resource[0];
	of[0]->scope_metrics = scopes;
	of[0]->n_scope_metrics = scopes[0] ? 1 : 0;
	request[0]->resource_metrics = of;
	request[0]->n_resource_metrics = 1;
	return request[0];
}

uint8_t *metrics_pack_otlp(const struct metrics *m, const char *instance, size_t *size)
{
	struct packing p = {.begin_ns = ns_of(metrics_begin(m)), .time_ns = ns_of(metrics_time(m))};
	const Otlp__Request *request = request_of(&p, m, instance);
	uint8_t *bytes = NULL;

	if (request && !p.arena.failed) {
		*size = otlp__request__get_packed_size(request);
		bytes = malloc(*size);
	}
	if (bytes)
		otlp__request__pack(request, bytes);
	arena_clear(&p.arena);
	return bytes;
}
