// SPDX-License-Identifier: BSD-2-Clause
/* report/chains.h: how entries become rows. */
#include <stdlib.h>
#include <string.h>

#include "chain_workload.h"

static const struct report_key site_a = {.addr = 0x10, .op = SS_OP_GROW};
static const struct report_key site_b = {.addr = 0x20, .op = SS_OP_GROW};

static struct chain_end sums(uint64_t cap, uint64_t chains, uint64_t copied)
{
	return (struct chain_end){
		.cap = cap,
		.chains = chains,
		.len_sum = 3 * chains,
		.steps = 2 * chains,
		.copied = copied,
		.dead = copied + 1,
	};
}

static void add(struct chains *c, const struct report_key *key, struct chain_end end)
{
	chains_add(c, key, 8, &end);
}

static void assert_end(const struct chain_end *end, struct chain_end expected)
{
	assert_memory_equal(end, &expected, sizeof(expected));
}

static void test_nothing(void **state)
{
	struct chains *c = chains_new(0);
	const struct chain_row *rows;
	struct chain_end total;

	(void)state;
	assert_non_null(c);
	assert_int_equal(chains_rows(c, CHAINS_SORT_COPIED, &rows, &total), 0);
	assert_end(&total, (struct chain_end){0});
	chains_free(c);
	chains_free(NULL);
	assert_null(chains_new((size_t)UINT32_MAX + 1));
}

static void test_ends_of_a_row(void **state)
{
	struct chains *c = chains_new(8);
	const struct chain_row *rows;
	struct chain_end total;

	(void)state;
	add(c, &site_b, sums(64, 1, 100));
	add(c, &site_a, sums(8, 5, 50));
	add(c, &site_b, sums(4, 2, 10));
	add(c, &site_b, sums(64, 3, 300));
	assert_int_equal(chains_rows(c, CHAINS_SORT_COPIED, &rows, &total), 2);
	assert_int_equal(rows[0].key.addr, 0x20);
	assert_int_equal(rows[0].elem_size, 8);
	assert_int_equal(rows[0].nends, 2);
	assert_end(&rows[0].ends[0], (struct chain_end){4, 2, 6, 4, 10, 11});
	assert_end(&rows[0].ends[1], (struct chain_end){64, 4, 12, 8, 400, 402});
	assert_end(&rows[0].total, (struct chain_end){2 * 4 + 4 * 64, 6, 18, 12, 410, 413});
	assert_int_equal(rows[1].key.addr, 0x10);
	assert_int_equal(rows[1].nends, 1);
	assert_end(&rows[1].total, (struct chain_end){40, 5, 15, 10, 50, 51});
	assert_end(&total, (struct chain_end){304, 11, 33, 22, 460, 464});
	chains_free(c);
}

/* The same again after a clear, and what came before is forgotten. */
static void test_a_picture_replaces_the_one_before(void **state)
{
	struct chains *c = chains_new(2);
	const struct chain_row *rows;
	struct chain_end total;

	(void)state;
	for (uint64_t round = 1; round < 4; round++) {
		chains_clear(c);
		add(c, &site_a, sums(8, round, 10));
		add(c, &site_a, sums(16, 1, 10));
		for (size_t twice = 0; twice < 2; twice++) {
			assert_int_equal(chains_rows(c, CHAINS_SORT_DEAD, &rows, &total), 1);
			assert_int_equal(rows[0].total.chains, round + 1);
			assert_int_equal(total.chains, round + 1);
		}
	}
	chains_free(c);
}

static void test_what_tells_rows_apart(void **state)
{
	struct report_key keys[] = {
		{.addr = 1, .group = 1, .type = 1, .op = 1},
		{.addr = 2, .group = 1, .type = 1, .op = 1},
		{.addr = 1, .group = 2, .type = 1, .op = 1},
		{.addr = 1, .group = 1, .type = 2, .op = 1},
		{.addr = 1, .group = 1, .type = 1, .op = 2},
		{.addr = 1, .group = 1, .type = 1, .op = 1},
	};
	struct chains *c = chains_new(12);
	const struct chain_row *rows;
	struct chain_end total;

	(void)state;
	keys[5].stack = 7;
	for (size_t i = 0; i < 12; i++)
		add(c, &keys[i % 6], sums(8, 1, 1));
	assert_int_equal(chains_rows(c, CHAINS_SORT_CHAINS, &rows, &total), 5);
	assert_int_equal(rows[0].total.chains, 4);
	assert_int_equal(rows[0].key.stack, 0);
	/* Ties come in the order of the keys: address, group, type, operation. */
	assert_int_equal(rows[1].key.op, 2);
	assert_int_equal(rows[2].key.type, 2);
	assert_int_equal(rows[3].key.group, 2);
	assert_int_equal(rows[4].key.addr, 2);
	chains_free(c);
}

static void test_sorts(void **state)
{
	static const uint64_t first[CHAINS_SORTS] = {
		[CHAINS_SORT_COPIED] = 1,
		[CHAINS_SORT_DEAD] = 2,
		[CHAINS_SORT_STEPS] = 3,
		[CHAINS_SORT_CHAINS] = 4,
	};
	struct chains *c = chains_new(4);
	const struct chain_row *rows;
	struct chain_end total;

	(void)state;
	for (uint64_t i = 1; i <= 4; i++) {
		struct report_key key = {.addr = i};
		struct chain_end end = {
			.cap = 8,
			.chains = i == 4 ? 9 : 1,
			.steps = i == 3 ? 9 : 1,
			.dead = i == 2 ? 9 : 1,
			.copied = i == 1 ? 9 : 1,
		};

		chains_add(c, &key, 1, &end);
	}
	for (enum chains_sort sort = 0; sort < CHAINS_SORTS; sort++) {
		assert_int_equal(chains_rows(c, sort, &rows, &total), 4);
		assert_int_equal(rows[0].key.addr, first[sort]);
	}
	chains_free(c);
}

/* The rows' order is a permutation with cycles of all lengths: none may be lost. */
static void test_many_rows(void **state)
{
	enum { N = 1000 };
	struct chains *c = chains_new(2UL * N);
	const struct chain_row *rows;
	struct chain_end total;
	bool seen[N] = {false};
	uint64_t seed = 3;

	(void)state;
	for (uint64_t i = 0; i < 2UL * N; i++) {
		struct report_key key = {.addr = i * 7 % N};

		add(c, &key, sums(1 + draw(&seed) % 2, 1, draw(&seed) % 50));
	}
	assert_int_equal(chains_rows(c, CHAINS_SORT_COPIED, &rows, &total), N);
	for (size_t i = 0; i < N; i++) {
		assert_false(seen[rows[i].key.addr]);
		seen[rows[i].key.addr] = true;
		assert_int_equal(rows[i].total.chains, 2);
		assert_true(i == 0 || rows[i - 1].total.copied >= rows[i].total.copied);
		assert_true(rows[i].nends == 1 || rows[i].ends[0].cap < rows[i].ends[1].cap);
	}
	chains_free(c);
}

static void test_without_room_the_total_is_whole(void **state)
{
	struct chains *c = chains_new(1);
	const struct chain_row *rows;
	struct chain_end total;

	(void)state;
	add(c, &site_a, sums(8, 1, 10));
	add(c, &site_b, sums(8, 2, 20));
	assert_int_equal(chains_rows(c, CHAINS_SORT_COPIED, &rows, &total), 1);
	assert_int_equal(rows[0].total.chains, 1);
	assert_int_equal(total.chains, 3);
	assert_int_equal(total.copied, 30);
	assert_true(chains_memory(c) > sizeof(*rows));
	chains_free(c);
}

static void test_percentiles(void **state)
{
	static const struct chain_end ends[] = {
		{.cap = 4, .chains = 90}, {.cap = 64, .chains = 9}, {.cap = 4096, .chains = 1}};
	struct chain_row row = {.ends = ends, .nends = 3, .total = {.chains = 100}};

	(void)state;
	assert_int_equal(chain_row_cap_at(&row, 0), 4);
	assert_int_equal(chain_row_cap_at(&row, 50), 4);
	assert_int_equal(chain_row_cap_at(&row, 90), 4);
	assert_int_equal(chain_row_cap_at(&row, 91), 64);
	assert_int_equal(chain_row_cap_at(&row, 99), 64);
	assert_int_equal(chain_row_cap_at(&row, 100), 4096);
	row = (struct chain_row){0};
	assert_int_equal(chain_row_cap_at(&row, 50), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_ends_of_a_row),
		cmocka_unit_test(test_a_picture_replaces_the_one_before),
		cmocka_unit_test(test_what_tells_rows_apart),
		cmocka_unit_test(test_sorts),
		cmocka_unit_test(test_many_rows),
		cmocka_unit_test(test_without_room_the_total_is_whole),
		cmocka_unit_test(test_percentiles),
	};

	return cmocka_run_group_tests_name("chains_rows", tests, NULL, NULL);
}
