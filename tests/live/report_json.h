/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked of a report's rows. */
#ifndef SS_TESTS_LIVE_REPORT_JSON_H
#define SS_TESTS_LIVE_REPORT_JSON_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "report_file.h"

static inline const char *text_in(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "?";
}

static inline bool is_own_frame(const json_t *frame)
{
	return !strncmp(text_in(frame, "func"), "main.", 5) ||
	       !strncmp(text_in(frame, "func"), "slicestat.test/", 15);
}

/* The innermost frame of a row's site that is the traced program's own; NULL: there is none. */
static inline const json_t *own_frame(const json_t *row)
{
	const json_t *site = json_object_get(row, "site");
	const json_t *outer = json_object_get(site, "inlined_in");

	if (is_own_frame(site))
		return site;
	for (size_t i = 0; i < json_array_size(outer); i++)
		if (is_own_frame(json_array_get(outer, i)))
			return json_array_get(outer, i);
	return NULL;
}

#endif
