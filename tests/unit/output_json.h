/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON reports as a reader gets them. */
#ifndef SS_TESTS_OUTPUT_JSON_H
#define SS_TESTS_OUTPUT_JSON_H

#include <jansson.h>

#include "output_sample.h"

/* One line, parsed strictly: to be freed by json_decref. */
static inline json_t *parsed(const struct output_options *opts, const struct output_report *r)
{
	char *text = written("json", opts, r);
	json_error_t error;
	json_t *json;

	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		fail_msg("%s: %s", error.text, text);
	free(text);
	return json;
}

static inline json_t *first_row(json_t *report)
{
	json_t *row = json_array_get(json_object_get(report, "rows"), 0);

	assert_non_null(row);
	return row;
}

static inline json_int_t integer(const json_t *object, const char *key)
{
	assert_true(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static inline const char *string(const json_t *object, const char *key)
{
	assert_true(json_is_string(json_object_get(object, key)));
	return json_string_value(json_object_get(object, key));
}

#endif
