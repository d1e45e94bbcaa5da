// SPDX-License-Identifier: BSD-2-Clause
/* The schemas agree with one another, and with the names that the program has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "output/output.h"
#include "output/schema.h"
#include "report/ops.h"
#include "slicestat.h"

static json_t *loaded(const char *name)
{
	const char *text = output_schema(name);
	json_error_t error;
	json_t *schema;

	assert_non_null(text);
	schema = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!schema)
		fail_msg("%s:%d: %s", name, error.line, error.text);
	return schema;
}

/* Each file stands by itself; what two define is the same. */
static void test_definitions(void **state)
{
	json_t *report = loaded("report"), *advice = loaded("advice");
	json_t *definitions = json_object_get(report, "definitions"), *definition;
	const char *name;
	size_t both = 0;

	(void)state;
	json_object_foreach(json_object_get(advice, "definitions"), name, definition)
	{
		json_t *same = json_object_get(definitions, name);

		if (same && !json_equal(same, definition))
			fail_msg("two definitions of %s", name);
		both += !!same;
	}
	assert_true(both > 10);
	json_decref(report);
	json_decref(advice);
}

static void expect_name(const json_t *list, size_t i, const char *name)
{
	assert_string_equal(json_string_value(json_array_get(list, i)), name);
}

static void test_names(void **state)
{
	json_t *report = loaded("report"), *ops, *views;

	(void)state;
	assert_int_equal(json_unpack(report, "{s:{s:{s:o}}, s:{s:{s:o}}}", "definitions", "op",
				     "enum", &ops, "properties", "by", "enum", &views),
			 0);
	assert_int_equal(json_array_size(ops), SS_OPS - SS_OP_NONE - 1);
	for (uint32_t op = SS_OP_NONE + 1; op < SS_OPS; op++)
		expect_name(ops, op - SS_OP_NONE - 1, op_name(op));
	assert_int_equal(json_array_size(views), OUTPUT_VIEWS);
	for (enum output_view view = 0; view < OUTPUT_VIEWS; view++)
		expect_name(views, view, output_view_name(view));
	json_decref(report);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_null(output_schema("repor"));
	assert_null(output_schema("report.schema.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
