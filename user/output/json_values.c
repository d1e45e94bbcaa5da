// SPDX-License-Identifier: BSD-2-Clause
#include "output/json_values.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/utf8.h"

/* 15 digits print seconds and shares as they are meant: 0.3, not 0.30000000000000004. */
#define MEMBERS_FORM (JSON_COMPACT | JSON_EMBED | JSON_REAL_PRECISION(15))

json_t *json_count(uint64_t v)
{
	return v <= INT64_MAX ? json_integer((json_int_t)v) : json_real((double)v);
}

json_t *json_seconds(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

json_t *json_address(uint64_t address)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	return json_string_nocheck(text);
}

json_t *json_text(const char *text)
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

int json_set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new_nocheck(object, key, value);
}

json_t *json_counts(const struct output_count *counts, size_t n)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < n; i++) {
		if (json_set(object, counts[i].name, json_count(counts[i].value))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static int sink_chunk(const char *bytes, size_t n, void *sink)
{
	struct sink *s = sink;

	sink_write(s, bytes, n);
	return s->err ? -1 : 0;
}

/* Nearly all fits the buffer. */
static void emit(struct sink *s, json_t *json, size_t form)
{
	char bytes[2048];
	size_t n = json ? json_dumpb(json, bytes, sizeof(bytes), form) : 0;

	if (n > 0 && n <= sizeof(bytes))
		sink_write(s, bytes, n);
	else if ((n == 0 || json_dump_callback(json, sink_chunk, s, form)) && !s->err)
		s->err = -ENOMEM;
	json_decref(json);
}

void json_emit(struct sink *s, json_t *json)
{
	emit(s, json, JSON_COMPACT);
}

void json_emit_members(struct sink *s, json_t *json)
{
	emit(s, json, MEMBERS_FORM);
}

static int set_frame(json_t *object, const struct output_frame *frame)
{
	int failed = json_set(object, "func", json_text(frame->func));

	failed |= json_set(object, "file", json_text(frame->file));
	failed |= json_set(object, "line", frame->line ? json_integer(frame->line) : json_null());
	return failed;
}

/* Appends frames to the list: 0 or -1. */
static int append_frames(json_t *list, const struct output_frame *frames, size_t n)
{
	int failed = 0;

	for (size_t i = 0; i < n && !failed; i++) {
		json_t *frame = json_object();

		failed = !frame || set_frame(frame, &frames[i]);
		if (failed)
			json_decref(frame);
		else
			failed = json_array_append_new(list, frame);
	}
	return failed;
}

static json_t *frames_json(const struct output_frame *frames, size_t n)
{
	json_t *list = json_array();

	if (list && append_frames(list, frames, n)) {
		json_decref(list);
		return NULL;
	}
	return list;
}

json_t *json_site(uint64_t pc, const struct output_frame *frames, size_t n)
{
	json_t *site = json_object();
	int failed = 0;

	if (!site)
		return NULL;
	failed |= json_set(site, "pc", pc ? json_address(pc) : json_null());
	if (n > 0)
		failed |= set_frame(site, &frames[0]);
	if (n > 1)
		failed |= json_set(site, "inlined_in", frames_json(frames + 1, n - 1));
	if (!failed)
		return site;
	json_decref(site);
	return NULL;
}

json_t *json_stack(const struct rowview *v)
{
	const struct output_names *names = &v->opts->names;
	const struct report_key *key = &v->row->key;
	struct output_frame frames[OUTPUT_STACK_MAX];
	bool cut;

	if (!key->stack || !names->stack)
		return json_null();
	return frames_json(frames, names->stack(names->ctx, key->group, key->stack, v->pc, frames,
						OUTPUT_STACK_MAX, &cut));
}
