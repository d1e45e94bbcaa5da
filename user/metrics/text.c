// SPDX-License-Identifier: BSD-2-Clause
/*
 * The two text formats: prometheus.io/docs/instrumenting/exposition_formats (0.0.4), and
 * prometheus.io/docs/specs/om/open_metrics_spec (1.0.0). They differ in the names of families, in
 * units, infos and the end.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/metrics.h"
#include "output/sink.h"

struct text {
	struct sink sink;
	bool open; /* OpenMetrics */
};

static void write_escaped(struct sink *s, const char *text, bool quotes)
{
	for (; *text; text++) {
		const size_t plain = strcspn(text, quotes ? "\\\n\"" : "\\\n");

		sink_write(s, text, plain);
		text += plain;
		if (!*text)
			return;
		sink_puts(s, *text == '\n' ? "\\n" : *text == '"' ? "\\\"" : "\\\\");
	}
}

/* The shortest of 15 to 17 digits that is read back as the same. */
static void write_real(struct sink *s, double v)
{
	char text[32];
	int digits = 15;

	if (isnan(v) || isinf(v)) {
		sink_puts(s, isnan(v) ? "NaN" : v > 0 ? "+Inf" : "-Inf");
		return;
	}
	do
		snprintf(text, sizeof(text), "%.*g", digits, v);
	while (strtod(text, NULL) != v && digits++ < 17);
	sink_puts(s, text);
}

static const char *suffix_of(const struct metrics_family *f)
{
	return f->kind == METRICS_COUNTER ? "_total" : f->kind == METRICS_INFO ? "_info" : "";
}

static void write_head(struct text *t, const struct metrics_family *f)
{
	static const char *const types[] = {[METRICS_COUNTER] = "counter",
					    [METRICS_GAUGE] = "gauge",
					    [METRICS_HISTOGRAM] = "histogram",
					    [METRICS_INFO] = "info"};
	const char *suffix = t->open ? "" : suffix_of(f);
	const char *type = !t->open && f->kind == METRICS_INFO ? "gauge" : types[f->kind];

	sink_printf(&t->sink, "# HELP %s%s ", f->name, suffix);
	write_escaped(&t->sink, f->help, t->open);
	sink_printf(&t->sink, "\n# TYPE %s%s %s\n", f->name, suffix, type);
	if (t->open && f->unit[0])
		sink_printf(&t->sink, "# UNIT %s %s\n", f->name, f->unit);
}

/* The name with its labels, and one more where `le` is not NULL. */
static void write_series(struct text *t, const struct metrics_family *f, const char *suffix,
			 const struct metrics_sample *s, const char *le)
{
	struct sink *sink = &t->sink;
	const char *before = "{";

	sink_printf(sink, "%s%s", f->name, suffix);
	for (size_t i = 0; i < s->nlabels; i++, before = ",") {
		sink_printf(sink, "%s%s=\"", before, s->labels[i].name);
		write_escaped(sink, s->labels[i].value, true);
		sink_puts(sink, "\"");
	}
	if (le) {
		sink_printf(sink, "%sle=\"%s\"", before, le);
		before = ",";
	}
	sink_puts(sink, *before == ',' ? "} " : " ");
}

static void write_whole(struct text *t, const struct metrics_family *f, const char *suffix,
			const struct metrics_sample *s, uint64_t value)
{
	write_series(t, f, suffix, s, NULL);
	sink_printf(&t->sink, "%" PRIu64 "\n", value);
}

/* Bounds are reals in OpenMetrics. */
static void write_histogram(struct text *t, const struct metrics_family *f,
			    const struct metrics_sample *s)
{
	uint64_t sum = 0;
	char le[32];

	for (size_t i = 0; i + 1 < SS_LEN_BUCKETS; i++) {
		sum += s->buckets[i];
		snprintf(le, sizeof(le), "%" PRIu64 "%s", metrics_bound(i), t->open ? ".0" : "");
		write_series(t, f, "_bucket", s, le);
		sink_printf(&t->sink, "%" PRIu64 "\n", sum);
	}
	write_series(t, f, "_bucket", s, "+Inf");
	sink_printf(&t->sink, "%" PRIu64 "\n", s->whole);
	write_whole(t, f, "_sum", s, s->sum);
	write_whole(t, f, "_count", s, s->whole);
}

static void write_sample(struct text *t, const struct metrics_family *f,
			 const struct metrics_sample *s)
{
	if (f->kind == METRICS_HISTOGRAM) {
		write_histogram(t, f, s);
	} else if (s->is_real) {
		write_series(t, f, suffix_of(f), s, NULL);
		write_real(&t->sink, s->real);
		sink_puts(&t->sink, "\n");
	} else {
		write_whole(t, f, suffix_of(f), s, f->kind == METRICS_INFO ? 1 : s->whole);
	}
}

int metrics_write_text(FILE *file, enum metrics_text format, const struct metrics *m)
{
	struct text t = {.sink = {.file = file}, .open = format == METRICS_OPENMETRICS};

	for (const struct metrics_family *f = metrics_families(m); f; f = f->next) {
		if (!f->samples)
			continue;
		write_head(&t, f);
		for (const struct metrics_sample *s = f->samples; s; s = s->next)
			write_sample(&t, f, s);
	}
	if (t.open)
		sink_puts(&t.sink, "# EOF\n");
	return sink_finish(&t.sink);
}
