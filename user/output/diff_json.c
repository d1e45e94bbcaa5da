// SPDX-License-Identifier: BSD-2-Clause
#include "output/diff.h"
#include "output/json_values.h"
#include "report/ops.h"

struct figure {
	const char *name;
	enum report_sort key;
};

static const struct figure figures[] = {
	{"events", REPORT_SORT_EVENTS},	      {"len_sum", REPORT_SORT_LEN},
	{"cap_sum", REPORT_SORT_CAP},	      {"bytes_allocated", REPORT_SORT_ALLOCATED},
	{"bytes_copied", REPORT_SORT_COPIED}, {"bytes_slack", REPORT_SORT_SLACK},
};

/* Exact, as the figures are; where no integer holds it, near. */
static json_t *delta(uint64_t a, uint64_t b)
{
	if (b >= a)
		return json_count(b - a);
	return a - b <= INT64_MAX ? json_integer(-(json_int_t)(a - b))
				  : json_real(-(double)(a - b));
}

/* null of what A had nothing of. */
static json_t *percent(double a, double b)
{
	return a == 0 ? json_null() : json_seconds(100 * (b - a) / a);
}

static json_t *figure_json(const struct output_diff *d, const struct report_sums *sums_a,
			   const struct report_sums *sums_b, enum report_sort key)
{
	const uint64_t whole_a = diff_figure(sums_a, key), whole_b = diff_figure(sums_b, key);
	const double a = (double)whole_a / d->scale.a, b = (double)whole_b / d->scale.b;
	json_t *object = json_object();
	int failed;

	if (!object)
		return NULL;
	failed = json_set(object, "a", d->rate ? json_seconds(a) : json_count(whole_a));
	failed |= json_set(object, "b", d->rate ? json_seconds(b) : json_count(whole_b));
	failed |=
		json_set(object, "delta", d->rate ? json_seconds(b - a) : delta(whole_a, whole_b));
	failed |= json_set(object, "percent", percent(a, b));
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

static int set_figures(json_t *object, const struct output_diff *d, const struct report_sums *a,
		       const struct report_sums *b)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		failed |= json_set(object, figures[i].name, figure_json(d, a, b, figures[i].key));
	return failed;
}

static const char *state_of(const struct diff_row *row)
{
	if (!row->a)
		return "new";
	return row->b ? "changed" : "gone";
}

static json_t *line_json(const struct diff_site *site)
{
	return site && site->line ? json_integer(site->line) : json_null();
}

/* Sums of either side where a row is only of the other. */
static json_t *row_json(const struct output_diff *d, const struct diff_row *row)
{
	const struct diff_site *site = row->b ? row->b : row->a;
	json_t *object = json_object();
	int failed;

	if (!object)
		return NULL;
	failed = json_set(object, "state", json_string_nocheck(state_of(row)));
	failed |= json_set(object, "func", json_text(site->func));
	failed |= json_set(object, "file", json_text(site->file));
	failed |= json_set(object, "line", line_json(site));
	failed |= json_set(object, "was_line", line_json(row->a));
	failed |= json_set(object, "op", json_string_nocheck(op_name(site->op)));
	failed |= json_set(object, "elem", json_text(site->elem));
	failed |= set_figures(object, d, row->a ? &row->a->sums : NULL,
			      row->b ? &row->b->sums : NULL);
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *exes_json(const struct output_report *r)
{
	json_t *exes = json_array();

	for (size_t i = 0; exes && i < r->nexes; i++) {
		if (r->exes[i] && json_array_append_new(exes, json_text(r->exes[i]))) {
			json_decref(exes);
			return NULL;
		}
	}
	return exes;
}

static json_t *side_json(const struct output_side *side)
{
	json_t *object = json_object();
	int failed;

	if (!object)
		return NULL;
	failed = json_set(object, "file", json_text(side->path));
	failed |= json_set(object, "elapsed_s", json_seconds(side->report->elapsed_s));
	failed |= json_set(object, "exes", exes_json(side->report));
	failed |= json_set(object, "counts",
			   json_counts(side->report->counts, side->report->ncounts));
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *total_json(const struct output_diff *d)
{
	json_t *total = json_object();

	if (total && set_figures(total, d, &d->a.totals, &d->b.totals)) {
		json_decref(total);
		return NULL;
	}
	return total;
}

static json_t *head_json(const struct output_diff *d)
{
	static const char *const keys[REPORT_SORTS] = {
		[REPORT_SORT_EVENTS] = "events", [REPORT_SORT_LEN] = "len",
		[REPORT_SORT_CAP] = "cap",	 [REPORT_SORT_ALLOCATED] = "alloc",
		[REPORT_SORT_COPIED] = "copied", [REPORT_SORT_SLACK] = "slack",
	};
	json_t *head = json_object();
	int failed;

	if (!head)
		return NULL;
	failed = json_set(head, "schema", json_string_nocheck("slicestat.diff/1"));
	failed |= json_set(head, "a", side_json(&d->a));
	failed |= json_set(head, "b", side_json(&d->b));
	failed |= json_set(head, "sort", json_string_nocheck(keys[d->sort]));
	failed |= json_set(head, "rate", json_boolean(d->rate));
	failed |= json_set(head, "total", total_json(d));
	failed |= json_set(head, "fail_over",
			   d->fail_over < 0 ? json_null() : json_seconds(d->fail_over));
	failed |= json_set(head, "failed", json_text(d->failed));
	failed |= json_set(head, "rows_changed", json_count(d->nrows));
	if (!failed)
		return head;
	json_decref(head);
	return NULL;
}

int output_diff_json(FILE *f, const struct output_diff *d)
{
	struct sink s = {.file = f};

	sink_puts(&s, "{");
	json_emit_members(&s, head_json(d));
	sink_puts(&s, ",\"rows\":[");
	for (size_t i = 0; i < d->nshown && !s.err; i++) {
		sink_puts(&s, i ? ",{" : "{");
		json_emit_members(&s, row_json(d, &d->rows[i]));
		sink_puts(&s, "}");
	}
	sink_puts(&s, "]}\n");
	return sink_finish(&s);
}
