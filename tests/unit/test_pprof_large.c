// SPDX-License-Identifier: BSD-2-Clause
/* Profiles of many stacks, and of large figures. */
#include "profile_file.h"

static void test_huge_figures(void **state)
{
	const struct output_target target = code_target();
	struct report_row row = sample_site;
	const struct report_row *list[] = {&row};
	struct output_report r = one_row(&target);
	Profile *p;

	(void)state;
	row.sums.events = INT64_MAX;
	row.sums.allocated = UINT64_MAX;
	row.sums.copied = (uint64_t)INT64_MAX + 1;
	r.rows = list;
	p = profile_of(&named, &r);
	assert_values(p->sample[0], INT64_MAX, INT64_MAX, INT64_MAX, 10880);
	profile_free(p);
}

#define MANY 100000

/* A stack of its own for each row: 20 callers of 5,000 functions. */
static size_t many_stacks(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
			  struct output_frame *frames, size_t max, bool *cut)
{
	static char names[5000][32];

	(void)ctx;
	(void)group;
	(void)pc;
	(void)max;
	*cut = false;
	for (uint32_t i = 0; i < 20; i++) {
		uint32_t place = (stack * 31 + i * i * 77) % 50000;
		char *name = names[place % 5000];

		snprintf(name, sizeof(names[0]), "main.f%u", place % 5000);
		frames[i] = (struct output_frame){.func = name, .addr = 0x400000 + place};
	}
	return 20;
}

static void test_many_stacks(void **state)
{
	static const struct output_options opts = {.names = {.stack = many_stacks}};
	const struct output_target target = code_target();
	struct report_row *rows = calloc(MANY, sizeof(*rows));
	const struct report_row **list = calloc(MANY, sizeof(*list));
	struct output_report r = one_row(&target);
	uint64_t growths = 0;
	Profile *p;

	(void)state;
	assert_non_null(rows);
	assert_non_null(list);
	for (uint32_t i = 0; i < MANY; i++) {
		rows[i] = sample_site;
		rows[i].key.stack = i + 1;
		rows[i].sums.events = i;
		list[i] = &rows[i];
	}
	r.rows = list;
	r.nrows = MANY;
	p = profile_of(&opts, &r);
	assert_int_equal(p->n_sample, MANY);
	for (size_t i = 0; i < MANY; i++) {
		growths += (uint64_t)p->sample[i]->value[0];
		assert_int_equal(p->sample[i]->n_location_id, 20);
	}
	assert_true(growths == (uint64_t)MANY * (MANY - 1) / 2);
	assert_int_equal(p->n_function, 5000);
	assert_in_range(p->n_location, 5000, 50000);
	for (size_t i = 0; i < p->n_location; i++)
		assert_true(p->location[i]->address % 50000 % 5000 ==
			    (strtoul(text_of(p, function_of(p, p->location[i], 0)->name) + 6, NULL,
				     10) +
			     0x400000) %
				    50000 % 5000);
	profile_free(p);
	free(list);
	free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_huge_figures),
		cmocka_unit_test(test_many_stacks),
	};

	return cmocka_run_group_tests_name("pprof, large", tests, NULL, NULL);
}
