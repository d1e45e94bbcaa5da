// SPDX-License-Identifier: BSD-2-Clause
/* Where keys begin to look for a slot (bpf/slots.bpf.h): half full tables must not crowd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "bpf_tables.h"

/* Go's heap before 1.26 begins here in every process. */
#define HEAP 0xc000000000UL

struct crowd {
	uint32_t slots;
	uint32_t targets;
	uint64_t bases; /* of each target */
	uint64_t distance;
};

/* Puts the keys into a table as the programs do: the most slots that one of them looked at. */
static uint32_t longest_search(const struct crowd *c)
{
	unsigned char *taken = calloc(c->slots, 1);
	uint32_t longest = 0;

	assert_non_null(taken);
	for (uint32_t target = 0; target < c->targets; target++) {
		for (uint64_t i = 0; i < c->bases; i++) {
			uint32_t start = slot_hash(SS_SLOT_KEY(HEAP + i * c->distance, target));
			uint32_t n = 0;

			while (taken[(start + n) & (c->slots - 1)])
				n++;
			taken[(start + n) & (c->slots - 1)] = 1;
			longest = n + 1 > longest ? n + 1 : longest;
		}
	}
	free(taken);
	return longest;
}

/* At a quarter, where windows are drained early, all searches are short. */
static void quarter_full_tables_have_short_runs(void **state)
{
	static const struct crowd crowds[] = {
		{16384, 100, 40, 64},	   {16384, 100, 40, 1024},    {16384, 1, 4096, 8192},
		{524288, 256, 512, 1024},  {524288, 1024, 128, 64},   {524288, 8, 16384, 16},
		{524288, 1, 131072, 8},	   {524288, 1, 131072, 4096}, {4194304, 1, 1048576, 64},
		{4194304, 1, 1048576, 48},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(crowds) / sizeof(crowds[0]); i++)
		assert_in_range(longest_search(&crowds[i]), 1, SS_SLOT_PROBES / 2);
}

static void half_full_tables_lose_nothing(void **state)
{
	static const struct crowd crowds[] = {
		{16384, 64, 128, 64},	  {524288, 512, 512, 1024},  {524288, 1, 262144, 64},
		{524288, 1, 262144, 272}, {4194304, 1, 2097152, 64},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(crowds) / sizeof(crowds[0]); i++)
		assert_in_range(longest_search(&crowds[i]), 1, SS_SLOT_PROBES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(quarter_full_tables_have_short_runs, reset_tables),
		cmocka_unit_test_setup(half_full_tables_lose_nothing, reset_tables),
	};

	return cmocka_run_group_tests_name("slot hash", tests, NULL, NULL);
}
