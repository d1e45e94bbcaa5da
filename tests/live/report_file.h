/* SPDX-License-Identifier: BSD-2-Clause */
/* The last of the reports in a file, as a whole. */
#ifndef SS_TESTS_LIVE_REPORT_FILE_H
#define SS_TESTS_LIVE_REPORT_FILE_H

#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

/* To be freed with json_decref. It must be the final report. */
static inline json_t *read_final_report(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL, *last = NULL;
	size_t room = 0, last_room = 0;
	json_t *report;
	json_error_t error;

	if (!f)
		die("%s: %s", path, strerror(errno));
	while (getline(&line, &room, f) > 0) {
		char *text = line;
		size_t size = room;

		line = last;
		room = last_room;
		last = text;
		last_room = size;
	}
	fclose(f);
	free(line);
	if (!last)
		die("%s is empty", path);
	report = json_loads(last, 0, &error);
	free(last);
	if (!report)
		die("%s: %s", path, error.text);
	if (!json_is_true(json_object_get(report, "final")))
		die("%s: the last report is not the final one", path);
	return report;
}

static inline uint64_t number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		die("the report has no number %s where one is due", key);
	return (uint64_t)json_integer_value(value);
}

#endif
