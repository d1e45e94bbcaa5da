// SPDX-License-Identifier: BSD-2-Clause
/*
 * A report is one line. Each row is built, written and freed by itself, and the object around the
 * rows is written piece by piece, so that memory stays flat whatever the number of rows.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "output/formats.h"
#include "output/rowview.h"
#include "output/sink.h"
#include "output/utf8.h"

/* 15 digits print sums of seconds as they are meant: 0.3, not 0.30000000000000004. */
#define SECONDS_FORM (JSON_COMPACT | JSON_REAL_PRECISION(15))

/* jansson and many readers have 64-bit signed integers: beyond, a real is near, never negative. */
static json_t *count_json(uint64_t v)
{
	return v <= INT64_MAX ? json_integer((json_int_t)v) : json_real((double)v);
}

static json_t *seconds_json(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static json_t *address_json(const char *prefix, uint64_t address)
{
	char text[32];

	snprintf(text, sizeof(text), "%s0x%" PRIx64, prefix, address);
	return json_string_nocheck(text);
}

/* Text that came from the target: it must neither break the report nor get lost. */
static json_t *text_json(const char *text)
{
	char *repaired;
	json_t *json;

	if (!text)
		return json_null();
	json = json_string(text);
	if (json)
		return json;
	repaired = utf8_repair(text);
	if (!repaired)
		return NULL;
	json = json_string(repaired);
	free(repaired);
	return json;
}

/* A key takes over its value; a value that could not be had shows in the result. */
static int set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new_nocheck(object, key, value);
}

static json_t *pid_field(const struct rowview *v)
{
	return v->target ? json_integer(v->target->pid) : json_null();
}

static json_t *base_field(const struct rowview *v)
{
	return address_json("", v->row->base);
}

static json_t *op_field(const struct rowview *v)
{
	return json_string_nocheck(v->op);
}

static json_t *elem_field(const struct rowview *v)
{
	return v->type ? address_json("?", v->type) : json_string_nocheck("?");
}

static json_t *elem_size_field(const struct rowview *v)
{
	return v->elem_size < 0 ? json_null() : json_integer(v->elem_size);
}

/* A base that was reused mixes types: its elements have no one size. */
static json_t *bytes_json(const struct rowview *v, uint64_t elems)
{
	uint64_t bytes;

	if (v->elem_size < 0 || v->row->reused)
		return json_null();
	if (__builtin_mul_overflow(elems, (uint64_t)v->elem_size, &bytes))
		return json_null();
	return count_json(bytes);
}

static json_t *allocated_field(const struct rowview *v)
{
	return bytes_json(v, v->row->cap_sum);
}

static json_t *slack_field(const struct rowview *v)
{
	if (v->row->cap_sum < v->row->len_sum)
		return json_null();
	return bytes_json(v, v->row->cap_sum - v->row->len_sum);
}

static json_t *site_field(const struct rowview *v)
{
	json_t *site = json_object();

	if (site && set(site, "pc", v->pc ? address_json("", v->pc) : json_null())) {
		json_decref(site);
		return NULL;
	}
	return site;
}

/* In the order written: a field is derived by `make`, or is a count of the row at `offset`. */
static const struct {
	const char *key;
	json_t *(*make)(const struct rowview *v);
	size_t offset;
} row_fields[] = {
	{"pid", pid_field, 0},
	{"base", base_field, 0},
	{"op", op_field, 0},
	{"elem", elem_field, 0},
	{"elem_size", elem_size_field, 0},
	{"events", NULL, offsetof(struct report_row, events)},
	{"len_sum", NULL, offsetof(struct report_row, len_sum)},
	{"cap_sum", NULL, offsetof(struct report_row, cap_sum)},
	{"len", NULL, offsetof(struct report_row, len)},
	{"cap", NULL, offsetof(struct report_row, cap)},
	{"bytes_allocated", allocated_field, 0},
	{"bytes_slack", slack_field, 0},
	{"reused", NULL, offsetof(struct report_row, reused)},
	{"d_events", NULL, offsetof(struct report_row, d_events)},
	{"d_len_sum", NULL, offsetof(struct report_row, d_len_sum)},
	{"d_cap_sum", NULL, offsetof(struct report_row, d_cap_sum)},
	{"site", site_field, 0},
};

static json_t *field_json(const struct rowview *v, size_t i)
{
	if (row_fields[i].make)
		return row_fields[i].make(v);
	return count_json(*(const uint64_t *)((const char *)v->row + row_fields[i].offset));
}

static json_t *row_json(const struct rowview *v)
{
	json_t *row = json_object();

	for (size_t i = 0; row && i < sizeof(row_fields) / sizeof(row_fields[0]); i++) {
		if (set(row, row_fields[i].key, field_json(v, i))) {
			json_decref(row);
			return NULL;
		}
	}
	return row;
}

static json_t *target_json(const struct output_target *t)
{
	json_t *target = json_object();
	int failed = 0;

	if (!target)
		return NULL;
	failed |= set(target, "pid", json_integer(t->pid));
	failed |= set(target, "exe", text_json(t->exe));
	failed |= set(target, "go", text_json(t->go));
	failed |= set(target, "arch", text_json(t->arch));
	failed |= set(target, "stripped", json_boolean(t->stripped));
	if (!failed)
		return target;
	json_decref(target);
	return NULL;
}

static json_t *targets_json(const struct output_report *r)
{
	json_t *targets = json_array();

	for (size_t i = 0; targets && i < r->ntargets; i++) {
		if (json_array_append_new(targets, target_json(&r->targets[i]))) {
			json_decref(targets);
			return NULL;
		}
	}
	return targets;
}

static json_t *counts_json(const struct output_report *r)
{
	json_t *counts = json_object();

	for (size_t i = 0; counts && i < r->ncounts; i++) {
		if (set(counts, r->counts[i].name, count_json(r->counts[i].value))) {
			json_decref(counts);
			return NULL;
		}
	}
	return counts;
}

static json_t *cost_json(const struct output_report *r)
{
	json_t *cost = json_object();

	if (!cost)
		return NULL;
	if (set(cost, "traps", count_json(r->traps)) ||
	    set(cost, "cpu_s", seconds_json(r->cost_s))) {
		json_decref(cost);
		return NULL;
	}
	return cost;
}

static json_t *other_json(const struct report_other *o)
{
	json_t *other = json_object();
	int failed = 0;

	if (!other)
		return NULL;
	failed |= set(other, "rows", count_json(o->rows));
	failed |= set(other, "events", count_json(o->events));
	failed |= set(other, "len_sum", count_json(o->len_sum));
	failed |= set(other, "cap_sum", count_json(o->cap_sum));
	failed |= set(other, "evicted", count_json(o->evicted));
	if (!failed)
		return other;
	json_decref(other);
	return NULL;
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
	failed |= set(head, "schema", json_string_nocheck("slicestat.report/1"));
	failed |= set(head, "time", time_json(&r->time));
	failed |= set(head, "elapsed_s", seconds_json(r->elapsed_s));
	failed |= set(head, "final", json_boolean(r->final));
	failed |= set(head, "targets", targets_json(r));
	failed |= set(head, "counts", counts_json(r));
	failed |= set(head, "cost", cost_json(r));
	if (!failed)
		return head;
	json_decref(head);
	return NULL;
}

static int sink_chunk(const char *bytes, size_t n, void *sink)
{
	struct sink *s = sink;

	sink_write(s, bytes, n);
	return s->err ? -1 : 0;
}

/* Takes over `json`; NULL means that it could not be built. Nearly all fits the buffer. */
static void write_json(struct sink *s, json_t *json, size_t form)
{
	char bytes[2048];
	size_t n = json ? json_dumpb(json, bytes, sizeof(bytes), form) : 0;

	if (n > 0 && n <= sizeof(bytes))
		sink_write(s, bytes, n);
	else if ((n == 0 || json_dump_callback(json, sink_chunk, s, form)) && !s->err)
		s->err = -ENOMEM;
	json_decref(json);
}

static void write_rows(struct sink *s, const struct output_options *opts,
		       const struct output_report *r)
{
	struct rowview v = rowview_of(opts, r);

	for (size_t i = 0; i < r->nrows && !s->err; i++) {
		rowview_turn(&v, &r->rows[i]);
		if (i > 0)
			sink_puts(s, ",");
		write_json(s, row_json(&v), JSON_COMPACT);
	}
}

static int json_write(FILE *f, const struct output_options *opts, const struct output_report *r)
{
	struct sink s = {.file = f};

	sink_puts(&s, "{");
	write_json(&s, head_json(r), SECONDS_FORM | JSON_EMBED);
	sink_puts(&s, ",\"rows\":[");
	write_rows(&s, opts, r);
	sink_puts(&s, "],\"other\":");
	write_json(&s, other_json(&r->other), JSON_COMPACT);
	sink_puts(&s, "}\n");
	return sink_finish(&s);
}

const struct output_format output_json = {
	.name = "json",
	.write = json_write,
};
