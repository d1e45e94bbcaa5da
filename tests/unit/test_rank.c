// SPDX-License-Identifier: BSD-2-Clause
/* report/rank.h on keys with many ties. */
#include <string.h>

#include "report/rank.h"
#include "report_events.h"

static void test_rank_select_and_sort(void **state)
{
	enum { N = 257 };
	struct rank ranks[N], sorted[N];
	uint64_t seed = 7;

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		sorted[i] =
			(struct rank){draw(&seed) % 5, draw(&seed) % 3,		  draw(&seed) % 2,
				      draw(&seed) % 2, (uint32_t)draw(&seed) % 2, i};
	for (size_t k = 0; k < N; k++) {
		memcpy(ranks, sorted, sizeof(ranks));
		rank_select(ranks, N, k);
		for (size_t i = 0; i < N; i++)
			assert_false(i < k ? rank_before(&ranks[k], &ranks[i])
					   : rank_before(&ranks[i], &ranks[k]));
	}
	rank_sort(sorted, N);
	for (size_t i = 1; i < N; i++)
		assert_true(rank_before(&sorted[i - 1], &sorted[i]));
	rank_sort(sorted, 0);
	rank_sort(sorted, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rank_select_and_sort),
	};

	return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
