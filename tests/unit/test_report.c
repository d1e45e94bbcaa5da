// SPDX-License-Identifier: BSD-2-Clause
/* report/report.h: sums, keys, intervals. */
#include <stdlib.h>

#include "report_events.h"

static void test_empty(void **state)
{
	static const struct report_sums nothing;
	struct report *r = new_report(10);
	struct report_totals t = report_totals(r);
	struct answer a = ask_all(r);

	(void)state;
	assert_int_equal(a.n, 0);
	assert_nothing_else(&a.other);
	assert_int_equal(t.rows + t.d_rows + t.reused, 0);
	assert_sums(&t.sums, &nothing);
	assert_sums(&t.d, &nothing);
	report_free(r);
	report_free(NULL);
}

static void test_memory_is_bounded(void **state)
{
	const size_t lens = SS_LEN_BUCKETS * sizeof(uint64_t), row = sizeof(struct report_row);
	struct report *small = new_report(1), *large = new_report(1000);
	struct report *with_lens = report_new(1000, true);

	(void)state;
	assert_non_null(with_lens);
	assert_true(report_memory(small) < 8192);
	assert_true(report_memory(large) >= 1000 * row);
	assert_true(report_memory(large) < 2000 * row);
	assert_int_equal(report_memory(with_lens), report_memory(large) + 1000 * lens);
	assert_null(report_new(SIZE_MAX, false));
	assert_null(report_new(SIZE_MAX, true));
	report_free(small);
	report_free(large);
	report_free(with_lens);
}

static void test_sums_add_and_last_fields_are_overwritten(void **state)
{
	static const struct report_key key = {.addr = 0xc000012000, .group = 3};
	static const struct report_delta first = {
		.sums = {2, 10, 16, 128, 32, 48, 1},
		.last = {.len = 6, .cap = 8, .site = 0x10, .op = SS_OP_MAKE, .type = 20},
		.reused = 1,
		.first_site = 0x10,
		.first_op = SS_OP_MAKE,
	};
	static const struct report_delta second = {
		.sums = {5, 20, 32, 256, 64, 96, 2},
		.last = {.len = 9, .cap = 12, .site = 0x11, .op = SS_OP_GROW, .type = 21},
		.first_site = 0x10,
		.first_op = SS_OP_MAKE,
	};
	static const struct report_sums expected = {7, 30, 48, 384, 96, 144, 3};
	struct report *r = new_report(10);
	const struct report_row *row;
	struct answer a;

	(void)state;
	report_add(r, &key, &first);
	report_add(r, &key, &second);
	a = ask_all(r);
	assert_int_equal(a.n, 1);
	row = a.rows[0];
	assert_memory_equal(&row->key, &key, sizeof(key));
	assert_sums(&row->sums, &expected);
	assert_sums(&row->d, &expected);
	assert_int_equal(row->last.len, 9);
	assert_int_equal(row->last.cap, 12);
	assert_int_equal(row->last.site, 0x11);
	assert_int_equal(row->last.type, 21);
	assert_int_equal(row->last.op, SS_OP_GROW);
	assert_int_equal(row->reused, 1);
	assert_null(row->lens);
	assert_nothing_else(&a.other);
	report_free(r);
}

/* Each part of the key by itself. */
static void test_every_part_of_the_key_tells_rows_apart(void **state)
{
	static const struct report_key keys[] = {
		{.addr = 1},  {.group = 1}, {.type = 1},
		{.stack = 1}, {.op = 1},    {.addr = 1, .group = 1, .type = 1, .stack = 1, .op = 1},
	};
	enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
	struct report *r = new_report(KEYS);
	struct answer a;

	(void)state;
	for (uint64_t round = 0; round < 2; round++)
		for (uint64_t i = 0; i < KEYS; i++)
			report_add(r, &keys[i],
				   &(struct report_delta){.sums = {.events = KEYS - i}});
	a = ask_all(r);
	assert_int_equal(a.n, KEYS);
	for (uint64_t i = 0; i < KEYS; i++) {
		assert_memory_equal(&a.rows[i]->key, &keys[i], sizeof(keys[i]));
		assert_int_equal(a.rows[i]->sums.events, 2 * (KEYS - i));
	}
	report_free(r);
}

/* So many keys that differ in one part only that hashes do not tell all of them apart. */
static void test_many_keys_of_each_part(void **state)
{
	enum { PARTS = 5, EACH = 20000 };
	struct report *r = new_report(PARTS * (size_t)EACH);

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 1; i <= EACH; i++) {
			const struct report_key keys[PARTS] = {
				{.addr = i}, {.group = i}, {.type = i}, {.stack = i}, {.op = i}};

			for (int part = 0; part < PARTS; part++)
				report_add(r, &keys[part],
					   &(struct report_delta){.sums = {.events = 1}});
		}
		assert_int_equal(report_totals(r).rows, PARTS * (size_t)EACH);
	}
	report_free(r);
}

/* A window joins the one before where its first event has another op or site than the last. */
static void test_reused_across_windows(void **state)
{
	static const struct {
		struct report_delta delta;
		uint64_t reused;
	} windows[] = {
		{{.first_site = 1, .first_op = 1, .last = {.site = 1, .op = 1}}, 0},
		{{.first_site = 1, .first_op = 1, .last = {.site = 1, .op = 1}}, 0},
		{{.first_site = 1, .first_op = 1, .last = {.site = 2, .op = 1}, .reused = 1}, 1},
		{{.first_site = 2, .first_op = 1, .last = {.site = 2, .op = 1}}, 1},
		{{.first_site = 1, .first_op = 1, .last = {.site = 2, .op = 1}, .reused = 3}, 5},
		{{.first_site = 2, .first_op = 2, .last = {.site = 2, .op = 2}}, 6},
		{{.first_site = 3, .first_op = 1, .last = {.site = 3, .op = 1}}, 7},
	};
	const struct report_key key = {.addr = 0x1000};
	struct report *r = new_report(4);

	(void)state;
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		report_add(r, &key, &windows[i].delta);
		assert_int_equal(ask_all(r).rows[0]->reused, windows[i].reused);
		assert_int_equal(report_totals(r).reused, windows[i].reused);
	}
	report_free(r);
}

static void test_interval(void **state)
{
	static const struct report_query query = {.sort = REPORT_SORT_EVENTS, .interval = true};
	struct report *r = new_report(10);
	struct report_totals t;
	struct answer a;

	(void)state;
	add(r, (struct event){1, 0x10, 100, 500, 800});
	add(r, (struct event){1, 0x20, 50, 100, 100});
	report_interval_end(r);
	add(r, (struct event){1, 0x20, 1, 3, 4});
	add(r, (struct event){1, 0x20, 1, 4, 4});
	add(r, (struct event){1, 0x30, 1, 7, 8});
	a = ask(r, query);
	assert_int_equal(a.n, 2);
	assert_int_equal(a.rows[0]->key.addr, 0x20);
	assert_int_equal(a.rows[0]->sums.events, 52);
	assert_sums(&a.rows[0]->d, &(struct report_sums){2, 7, 8, 0, 0, 0, 0});
	assert_int_equal(a.rows[1]->key.addr, 0x30);
	assert_int_equal(a.other.rows, 1);
	assert_int_equal(a.other.events, 100);
	assert_int_equal(a.other.len_sum, 500);
	assert_int_equal(a.other.cap_sum, 800);
	t = report_totals(r);
	assert_int_equal(t.rows, 3);
	assert_int_equal(t.d_rows, 2);
	assert_sums(&t.sums, &(struct report_sums){153, 614, 916, 0, 0, 0, 0});
	assert_sums(&t.d, &(struct report_sums){3, 14, 16, 0, 0, 0, 0});
	report_free(r);
}

/* Bytes and lengths have an interval as events do; the lengths are since attach. */
static void test_interval_of_bytes(void **state)
{
	static const struct report_sums first = {2, 3, 4, 32, 8, 8, 1};
	static const struct report_sums second = {3, 6, 12, 96, 16, 48, 2};
	static const struct report_sums both = {5, 9, 16, 128, 24, 56, 3};
	const __u32 lens[SS_LEN_BUCKETS] = {[0] = 1, [2] = 7, [SS_LEN_BUCKETS - 1] = 5};
	const struct report_key key = {.addr = 0x400, .op = SS_OP_MAKE};
	struct report *r = report_new(2, true);
	const struct report_row *row;
	struct report_totals t;

	(void)state;
	assert_non_null(r);
	report_add(r, &key, &(struct report_delta){.sums = first, .lens = lens});
	report_interval_end(r);
	report_add(r, &key, &(struct report_delta){.sums = second, .lens = lens});
	row = ask_all(r).rows[0];
	assert_sums(&row->sums, &both);
	assert_sums(&row->d, &second);
	t = report_totals(r);
	assert_sums(&t.sums, &both);
	assert_sums(&t.d, &second);
	assert_non_null(row->lens);
	for (size_t i = 0; i < SS_LEN_BUCKETS; i++)
		assert_int_equal(row->lens[i], 2 * lens[i]);
	report_free(r);
}

/* A row without an event in the interval is shown among the sums with zeros. */
static void test_stale_row_has_no_interval_figures(void **state)
{
	static const struct report_query query = {.sort = REPORT_SORT_EVENTS, .interval = true};
	static const struct report_sums nothing;
	struct report *r = new_report(10);
	struct answer a;

	(void)state;
	add(r, (struct event){1, 0x10, 3, 4, 5});
	report_interval_end(r);
	a = ask(r, query);
	assert_int_equal(a.n, 0);
	assert_int_equal(a.other.rows, 1);
	assert_int_equal(a.other.events, 3);
	a = ask_all(r);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.rows[0]->sums.events, 3);
	assert_sums(&a.rows[0]->d, &nothing);
	assert_int_equal(report_totals(r).d_rows, 0);
	add(r, (struct event){1, 0x10, 1, 1, 1});
	a = ask(r, query);
	assert_int_equal(a.rows[0]->d.events, 1);
	assert_int_equal(a.rows[0]->sums.events, 4);
	report_free(r);
}

/* Every row against an array that is indexed by the base itself. */
static void test_rows_against_model(void **state)
{
	enum { BASES = 5000, ADDS = 200000 };
	struct event *model = calloc(BASES, sizeof(*model));
	struct report *r = new_report(BASES);
	uint64_t seed = 88172645463325252ULL;
	struct answer a;

	(void)state;
	assert_non_null(model);
	for (size_t i = 0; i < BASES + ADDS; i++) {
		uint64_t base = i < BASES ? i : draw(&seed) % BASES, len = draw(&seed) % 1000;

		add(r, (struct event){1, base << 4, 1, len, len + 5});
		model[base].events++;
		model[base].len_sum += len;
		model[base].cap_sum += len + 5;
	}
	a = ask(r, (struct report_query){.sort = REPORT_SORT_LEN});
	assert_int_equal(a.n, BASES);
	for (size_t i = 0; i < BASES; i++) {
		const struct event *m = &model[a.rows[i]->key.addr >> 4];
		const struct report_sums *sums = &a.rows[i]->sums;

		assert_int_equal(sums->events, m->events);
		assert_int_equal(sums->len_sum, m->len_sum);
		assert_int_equal(sums->cap_sum, m->cap_sum);
		assert_true(i == 0 || a.rows[i - 1]->sums.len_sum >= sums->len_sum);
	}
	assert_nothing_else(&a.other);
	free(model);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_sums_add_and_last_fields_are_overwritten),
		cmocka_unit_test(test_every_part_of_the_key_tells_rows_apart),
		cmocka_unit_test(test_many_keys_of_each_part),
		cmocka_unit_test(test_reused_across_windows),
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_interval_of_bytes),
		cmocka_unit_test(test_stale_row_has_no_interval_figures),
		cmocka_unit_test(test_rows_against_model),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
