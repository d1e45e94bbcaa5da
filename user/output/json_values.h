/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts that JSON reports are made of. Each is NULL without memory. */
#ifndef SS_OUTPUT_JSON_VALUES_H
#define SS_OUTPUT_JSON_VALUES_H

#include <jansson.h>
#include <stdint.h>

#include "output/output.h"
#include "output/rowview.h"
#include "output/sink.h"

/* jansson and many readers have 64-bit signed integers: beyond, a real is near, never negative. */
json_t *json_count(uint64_t v);
json_t *json_seconds(double v);
json_t *json_address(uint64_t address);
/* Text that came from the target: it must neither break the report nor get lost. NULL is null. */
json_t *json_text(const char *text);

/* {"pc", "func", "file", "line", "inlined_in"}; only "pc" where there are no frames. */
json_t *json_site(uint64_t pc, const struct output_frame *frames, size_t n);
/* The row's stack as a list of frames, innermost first; null where it was not kept. */
json_t *json_stack(const struct rowview *v);

/* {"traps", "cpu_s"} */
json_t *json_cost(const struct output_report *r);
/* One row of a report. */
json_t *json_row(const struct rowview *v);

/* {name: value, ...} */
json_t *json_counts(const struct output_count *counts, size_t n);

/* Write `json` and free it; where it is NULL the stream's error is -ENOMEM. */
void json_emit(struct sink *s, json_t *json);
/* The same of an object's members, without the braces; reals with 15 digits. */
void json_emit_members(struct sink *s, json_t *json);

/* The object's key takes over the value; 0, or -1 when either could not be had. */
int json_set(json_t *object, const char *key, json_t *value);

#endif
