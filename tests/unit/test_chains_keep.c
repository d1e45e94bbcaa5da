// SPDX-License-Identifier: BSD-2-Clause
/* report/chains.h: chains that have come to their end stay in the picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/chains.h"

#define SIZE 8

static const struct report_key site_a = {.addr = 0x10, .group = 1, .op = SS_OP_GROW};
static const struct report_key site_b = {.addr = 0x20, .group = 2, .op = SS_OP_GROW};

/* So many chains at that capacity, each of which copied 10 bytes. */
static struct chain_end chains_at(uint64_t cap, uint64_t chains)
{
	return (struct chain_end){.cap = cap, .chains = chains, .copied = 10 * chains};
}

static void add(struct chains *c, const struct report_key *key, uint64_t cap, uint64_t chains)
{
	const struct chain_end end = chains_at(cap, chains);

	chains_add(c, key, SIZE, &end);
}

static void keep(struct chains *c, const struct report_key *key, uint64_t cap, uint64_t chains)
{
	const struct chain_end end = chains_at(cap, chains);

	chains_keep(c, key, SIZE, &end);
}

/* Row i is of that site, with so many chains at one capacity; all in all so many. */
static void assert_row(struct chains *c, size_t i, const struct report_key *key, uint64_t chains,
		       uint64_t in_all)
{
	const struct chain_row *rows;
	struct chain_end total;

	assert_true(i < chains_rows(c, CHAINS_SORT_COPIED, &rows, &total));
	assert_int_equal(rows[i].key.addr, key->addr);
	assert_int_equal(rows[i].nends, 1);
	assert_int_equal(rows[i].total.chains, chains);
	assert_int_equal(rows[i].total.copied, 10 * chains);
	assert_int_equal(rows[i].elem_size, SIZE);
	assert_int_equal(total.chains, in_all);
	assert_int_equal(total.copied, 10 * in_all);
}

static void assert_rows(struct chains *c, size_t n)
{
	const struct chain_row *rows;
	struct chain_end total;

	assert_int_equal(chains_rows(c, CHAINS_SORT_COPIED, &rows, &total), n);
}

/* What is added is of one picture, what is kept of all that come. */
static void test_kept_through_clears(void **state)
{
	struct chains *c = chains_new(4);

	(void)state;
	keep(c, &site_a, 4, 3);
	add(c, &site_b, 4, 5);
	assert_rows(c, 2);
	assert_row(c, 0, &site_b, 5, 8);
	assert_row(c, 1, &site_a, 3, 8);
	for (int i = 0; i < 3; i++) {
		chains_clear(c);
		assert_rows(c, 1);
		assert_row(c, 0, &site_a, 3, 3);
	}
	add(c, &site_a, 4, 2);
	assert_row(c, 0, &site_a, 5, 5);
	chains_free(c);
}

/* Thousands of processes that did the same take the room of one. */
static void test_equal_ones_share_room(void **state)
{
	struct chains *c = chains_new(4);
	const uint64_t processes = 1000;

	(void)state;
	for (uint64_t i = 0; i < processes; i++) {
		keep(c, &site_a, 4, 1);
		keep(c, &site_b, 8, 2);
		chains_clear(c);
	}
	assert_rows(c, 2);
	assert_row(c, 0, &site_b, 2 * processes, 3 * processes);
	assert_row(c, 1, &site_a, processes, 3 * processes);
	chains_free(c);
}

/* Half of the room is left to what lives; what goes stays in the total. */
static void test_room_for_the_living(void **state)
{
	struct report_key key = site_a;
	struct chains *c = chains_new(4);

	(void)state;
	for (uint64_t i = 1; i <= 4; i++) {
		key.addr = i;
		keep(c, &key, 4, i);
	}
	assert_rows(c, 4);
	chains_clear(c);
	assert_rows(c, 2);
	assert_row(c, 0, &(struct report_key){.addr = 4}, 4, 10);
	assert_row(c, 1, &(struct report_key){.addr = 3}, 3, 10);
	add(c, &site_a, 4, 20);
	add(c, &site_b, 4, 30);
	assert_rows(c, 4);
	assert_row(c, 0, &site_b, 30, 60);
	chains_free(c);
}

static bool is_first(void *ctx, uint32_t group)
{
	(void)ctx;
	return group == 1;
}

static void test_forgets_a_group(void **state)
{
	struct chains *c = chains_new(4);

	(void)state;
	keep(c, &site_a, 4, 3);
	keep(c, &site_b, 4, 2);
	chains_forget(c, is_first, NULL);
	chains_clear(c);
	assert_rows(c, 1);
	assert_row(c, 0, &site_b, 2, 5);
	chains_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_through_clears),
		cmocka_unit_test(test_equal_ones_share_room),
		cmocka_unit_test(test_room_for_the_living),
		cmocka_unit_test(test_forgets_a_group),
	};

	return cmocka_run_group_tests_name("chains that are kept", tests, NULL, NULL);
}
