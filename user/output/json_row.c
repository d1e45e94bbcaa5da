// SPDX-License-Identifier: BSD-2-Clause
/* A row as an object: which fields each view has. */
#include <stddef.h>

#include "output/json_values.h"

static json_t *pid_field(const struct rowview *v)
{
	return v->target ? json_integer(v->target->pid) : json_null();
}

static json_t *exe_field(const struct rowview *v)
{
	return json_text(v->exe);
}

static json_t *base_field(const struct rowview *v)
{
	return json_address(v->row->key.addr);
}

static json_t *op_field(const struct rowview *v)
{
	return json_string_nocheck(v->op);
}

static json_t *elem_field(const struct rowview *v)
{
	return json_text(v->type.name);
}

static json_t *elem_size_field(const struct rowview *v)
{
	return v->type.size < 0 ? json_null() : json_integer(v->type.size);
}

/* Of a process the sums over all elements whose size is known: events_unsized are not in them. */
static json_t *bytes(const struct rowview *v, uint64_t n)
{
	if (v->row->sums.unsized && v->report->view != OUTPUT_BY_PROCESS)
		return json_null();
	return json_count(n);
}

static json_t *allocated_field(const struct rowview *v)
{
	return bytes(v, v->row->sums.allocated);
}

static json_t *copied_field(const struct rowview *v)
{
	return bytes(v, v->row->sums.copied);
}

static json_t *slack_field(const struct rowview *v)
{
	return bytes(v, v->row->sums.slack);
}

/* [[shortest length, events], ...], without the empty ones. */
static json_t *lens_field(const struct rowview *v)
{
	json_t *list = json_array();

	for (size_t i = 0; list && v->row->lens && i < SS_LEN_BUCKETS; i++) {
		json_t *low, *pair;

		if (!v->row->lens[i])
			continue;
		low = json_count(i ? 1ULL << (i - 1) : 0);
		pair = json_pack("[oo]", low, json_count(v->row->lens[i]));
		if (json_array_append_new(list, pair)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *site_field(const struct rowview *v)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];

	return json_site(v->pc, frames, rowview_site(v, frames));
}

static json_t *stack_field(const struct rowview *v)
{
	return json_stack(v);
}

#define BASE	     (1u << OUTPUT_BY_BASE)
#define SITE	     (1u << OUTPUT_BY_SITE)
#define TYPE	     (1u << OUTPUT_BY_TYPE)
#define PROCESS	     (1u << OUTPUT_BY_PROCESS)
#define ALL	     (BASE | SITE | TYPE | PROCESS)
#define COUNT(field) NULL, offsetof(struct report_row, field)

/* In the order written: a field is derived by `make`, or is a count of the row at `offset`. */
static const struct {
	unsigned int views;
	const char *key;
	json_t *(*make)(const struct rowview *v);
	size_t offset;
} row_fields[] = {
	{BASE | PROCESS, "pid", pid_field, 0},
	{PROCESS, "exe", exe_field, 0},
	{BASE, "base", base_field, 0},
	{BASE | SITE | TYPE, "op", op_field, 0},
	{BASE | SITE | TYPE, "elem", elem_field, 0},
	{BASE | SITE | TYPE, "elem_size", elem_size_field, 0},
	{ALL, "events", COUNT(sums.events)},
	{ALL, "len_sum", COUNT(sums.len_sum)},
	{ALL, "cap_sum", COUNT(sums.cap_sum)},
	{BASE, "len", COUNT(last.len)},
	{BASE, "cap", COUNT(last.cap)},
	{ALL, "bytes_allocated", allocated_field, 0},
	{SITE | TYPE | PROCESS, "bytes_copied", copied_field, 0},
	{ALL, "bytes_slack", slack_field, 0},
	{PROCESS, "events_unsized", COUNT(sums.unsized)},
	{SITE | TYPE | PROCESS, "lens", lens_field, 0},
	{BASE, "reused", COUNT(reused)},
	{ALL, "d_events", COUNT(d.events)},
	{ALL, "d_len_sum", COUNT(d.len_sum)},
	{ALL, "d_cap_sum", COUNT(d.cap_sum)},
	{BASE | SITE, "site", site_field, 0},
};

static json_t *field_json(const struct rowview *v, size_t i)
{
	if (row_fields[i].make)
		return row_fields[i].make(v);
	return json_count(*(const uint64_t *)((const char *)v->row + row_fields[i].offset));
}

/* What only some reports tell: whose row it is, where that is in question, and its stack. */
static int set_extras(json_t *row, const struct rowview *v)
{
	const struct output_report *r = v->report;
	bool owned = r->view == OUTPUT_BY_SITE || r->view == OUTPUT_BY_TYPE;
	int failed = 0;

	if (owned && r->nexes > 1)
		failed |= json_set(row, "exe", json_text(v->exe));
	if (r->stacks)
		failed |= json_set(row, "stack", stack_field(v));
	return failed;
}

json_t *json_row(const struct rowview *v)
{
	json_t *row = json_object();
	int failed = 0;

	for (size_t i = 0; row && i < sizeof(row_fields) / sizeof(row_fields[0]); i++)
		if (row_fields[i].views & 1u << v->report->view)
			failed |= json_set(row, row_fields[i].key, field_json(v, i));
	if (row)
		failed |= set_extras(row, v);
	if (!failed)
		return row;
	json_decref(row);
	return NULL;
}
