/* SPDX-License-Identifier: BSD-2-Clause */
/* The last report of a file, as JSON, and what is asked of it. */
#ifndef SS_TESTS_LIVE_REPORT_JSON_H
#define SS_TESTS_LIVE_REPORT_JSON_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "die.h"

/* To be freed with json_decref. */
static inline json_t *read_final_report(const char *path)
{
	FILE *f = fopen(path, "r");
	json_t *report = NULL;
	char *line = NULL;
	json_error_t error;
	size_t room = 0;

	if (!f)
		die("%s: %s", path, strerror(errno));
	while (getline(&line, &room, f) > 0) {
		json_decref(report);
		report = json_loads(line, 0, &error);
		if (!report)
			die("%s: %s", path, error.text);
	}
	free(line);
	fclose(f);
	if (!report || !json_is_true(json_object_get(report, "final")))
		die("%s: the last report is not the final one", path);
	return report;
}

static inline const char *text_in(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "?";
}

static inline uint64_t number_in(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		die("the report has no number %s where one is due", key);
	return (uint64_t)json_integer_value(value);
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
