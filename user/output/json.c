// SPDX-License-Identifier: BSD-2-Clause
/*
 * A report is one line. Each row is built, written and freed by itself, and the object around the
 * rows is written piece by piece, so that memory stays flat whatever the number of rows.
 */
#include <math.h>

#include "output/chainview.h"
#include "output/formats.h"
#include "output/json_values.h"
#include "output/rowview.h"
#include "output/sink.h"

static json_t *target_json(const struct output_target *t)
{
	json_t *target = json_object();
	int failed = 0;

	if (!target)
		return NULL;
	failed |= json_set(target, "pid", json_integer(t->pid));
	failed |= json_set(target, "exe", json_text(t->exe));
	failed |= json_set(target, "go", json_text(t->go));
	failed |= json_set(target, "arch", json_text(t->arch));
	failed |= json_set(target, "stripped", json_boolean(t->stripped));
	if (t->cgroup)
		failed |= json_set(target, "cgroup", json_text(t->cgroup));
	if (!failed)
		return target;
	json_decref(target);
	return NULL;
}

static json_t *targets_json(const struct output_report *r)
{
	json_t *targets = json_array();

	for (size_t i = 0; targets && i < r->ntargets; i++) {
		if (r->targets[i].forgotten)
			continue;
		if (json_array_append_new(targets, target_json(&r->targets[i]))) {
			json_decref(targets);
			return NULL;
		}
	}
	return targets;
}

json_t *json_cost(const struct output_report *r)
{
	json_t *cost = json_object();

	if (!cost)
		return NULL;
	if (json_set(cost, "traps", json_count(r->traps)) ||
	    json_set(cost, "cpu_s", json_seconds(r->cost_s))) {
		json_decref(cost);
		return NULL;
	}
	return cost;
}

static json_t *stacks_json(const struct output_report *r)
{
	json_t *stacks = json_object();

	if (!stacks)
		return NULL;
	if (json_set(stacks, "missing", json_count(r->stackless)) ||
	    json_set(stacks, "cut", json_count(r->stacks_cut))) {
		json_decref(stacks);
		return NULL;
	}
	return stacks;
}

static json_t *other_json(const struct report_other *o)
{
	json_t *other = json_object();
	int failed = 0;

	if (!other)
		return NULL;
	failed |= json_set(other, "rows", json_count(o->rows));
	failed |= json_set(other, "events", json_count(o->events));
	failed |= json_set(other, "len_sum", json_count(o->len_sum));
	failed |= json_set(other, "cap_sum", json_count(o->cap_sum));
	failed |= json_set(other, "evicted", json_count(o->evicted));
	if (!failed)
		return other;
	json_decref(other);
	return NULL;
}

/* A figure that no integer holds is none. */
static json_t *whole(double figure)
{
	return figure >= 0 && figure < 0x1p63 ? json_count((uint64_t)figure) : json_null();
}

/* Whole numbers, as what they estimate; null where nothing is known. */
static json_t *est_json(const struct output_est *e)
{
	json_t *est = json_object();
	int failed = 0;

	if (!est)
		return NULL;
	failed |= json_set(est, "total", whole(e->total + 0.5));
	failed |= json_set(est, "error", whole(ceil(e->error)));
	if (!failed)
		return est;
	json_decref(est);
	return NULL;
}

static json_t *ests_json(const struct output_report *r)
{
	json_t *ests = json_object();

	for (size_t i = 0; ests && i < r->nests; i++) {
		if (!json_set(ests, r->ests[i].name, est_json(&r->ests[i])))
			continue;
		json_decref(ests);
		return NULL;
	}
	return ests;
}

static json_t *time_json(const struct timespec *time)
{
	char date[32], text[48];
	struct tm tm;

	if (!gmtime_r(&time->tv_sec, &tm) || !strftime(date, sizeof(date), "%FT%T", &tm))
		return json_null();
	snprintf(text, sizeof(text), "%s.%03ldZ", date, time->tv_nsec / 1000000);
	return json_string_nocheck(text);
}

/* All that comes before the rows. */
static json_t *head_json(const struct output_report *r)
{
	json_t *head = json_object();
	int failed = 0;

	if (!head)
		return NULL;
	failed |= json_set(head, "schema", json_string_nocheck("slicestat.report/1"));
	failed |= json_set(head, "time", time_json(&r->time));
	failed |= json_set(head, "elapsed_s", json_seconds(r->elapsed_s));
	failed |= json_set(head, "final", json_boolean(r->final));
	failed |= json_set(head, "by", json_string_nocheck(output_view_name(r->view)));
	failed |= json_set(head, "targets", targets_json(r));
	if (r->forgotten)
		failed |= json_set(head, "targets_forgotten", json_count(r->forgotten));
	failed |= json_set(head, "counts", json_counts(r->counts, r->ncounts));
	failed |= json_set(head, "cost", json_cost(r));
	if (r->nests) {
		failed |= json_set(head, "exposure", json_real(r->exposure));
		failed |= json_set(head, "est", ests_json(r));
	}
	if (r->typeless)
		failed |= json_set(head, "typeless", json_count(r->typeless));
	if (r->nchain_counts)
		failed |= json_set(head, "chains", json_counts(r->chain_counts, r->nchain_counts));
	if (r->stacks)
		failed |= json_set(head, "stacks", stacks_json(r));
	if (!failed)
		return head;
	json_decref(head);
	return NULL;
}

static void write_rows(struct sink *s, const struct output_options *opts,
		       const struct output_report *r)
{
	struct rowview v = rowview_of(opts, r);

	for (size_t i = 0; i < r->nrows && !s->err; i++) {
		rowview_turn(&v, r->rows[i]);
		if (i > 0)
			sink_puts(s, ",");
		json_emit(s, json_row(&v));
	}
}

static void write_chains(struct sink *s, const struct output_options *opts,
			 const struct output_report *r)
{
	struct chainview v = {.named = rowview_of(opts, r)};

	for (size_t i = 0; i < r->nchains && !s->err; i++) {
		chainview_turn(&v, &r->chains[i]);
		if (i > 0)
			sink_puts(s, ",");
		json_emit(s, chain_json_row(&v));
	}
}

static int json_write(FILE *f, const struct output_options *opts, const struct output_report *r)
{
	bool chains = r->view == OUTPUT_CHAINS;
	struct sink s = {.file = f};

	sink_puts(&s, "{");
	json_emit_members(&s, head_json(r));
	sink_puts(&s, ",\"rows\":[");
	if (chains)
		write_chains(&s, opts, r);
	else
		write_rows(&s, opts, r);
	sink_puts(&s, chains ? "],\"total\":" : "],\"other\":");
	json_emit(&s, chains ? chain_json_total(&r->chain_total) : other_json(&r->other));
	sink_puts(&s, "}\n");
	return sink_finish(&s);
}

const struct output_format output_json = {
	.name = "json",
	.write = json_write,
	.advise = output_advise_json,
};
