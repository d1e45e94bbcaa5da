// SPDX-License-Identifier: BSD-2-Clause
/* Rows of chains, as people and programs see them. */
#include "chain_sample.h"

#define ROWS                                                                                       \
	"   CHAINS      STEPS     COPIED       DEAD    LEN50    LEN99  OP    ELEM        SITE"     \
	"                     EXE\n"                                                               \
	"    1,000     10,410    8.0 KiB   12.0 KiB      512      848  grow  main.point  "         \
	"main.add src/main.go:31  /srv/app\n"                                                      \
	"        1          1        0 B        0 B    1,280    1,280  make  ?0x77       0x234"    \
	"                    /srv/other\n"
#define LINKS "; 1,001 chains: linked 9,400, fresh 1,000, lost_tails 10"

static void test_table(void **state)
{
	struct output_report r = sample_chain_report();

	(void)state;
	assert_written("table", &named, &r,
		       "\n" ROWS "03:04:05 1.000 s: seen 1; since attach zero_size 1" LINKS
		       "; cost about 0.9 % of a CPU\n");
	r.final = true;
	assert_written("table", &named, &r,
		       "\nTotal since attach:\n" ROWS
		       "03:04:05 12.500 s since attach: seen 9, folded 8, zero_size 1" LINKS
		       "; cost 12 traps, about 1.0 % of a CPU\n");
}

static void test_table_of_one_executable(void **state)
{
	struct output_report r = sample_chain_report();

	(void)state;
	r.nexes = 1;
	r.nchains = 1;
	r.chain_total.chains = 1;
	r.nchain_counts = 0;
	assert_written("table", &plain, &r,
		       "\n"
		       "   CHAINS      STEPS     COPIED       DEAD    LEN50    LEN99  OP    "
		       "ELEM        SITE\n"
		       "    1,000     10,410    8.0 KiB   12.0 KiB      512      848  grow  "
		       "?           0x4a5f31\n"
		       "03:04:05 1.000 s: seen 1, lost 0; since attach zero_size 1; 1 chain"
		       "; cost about 0.9 % of a CPU\n");
	r.nchains = 0;
	assert_written("table", &plain, &r,
		       "03:04:05 1.000 s: seen 1, lost 0; since attach zero_size 1; 1 chain"
		       "; cost about 0.9 % of a CPU\n");
}

static void test_json_head(void **state)
{
	struct output_report r = sample_chain_report();
	json_t *json = parsed(&named, &r), *part;

	(void)state;
	assert_string_equal(string(json, "by"), "chain");
	part = json_object_get(json, "chains");
	assert_int_equal(json_object_size(part), 4);
	assert_int_equal(integer(part, "linked"), 9400);
	assert_int_equal(integer(part, "unseen"), 0);
	part = json_object_get(json, "total");
	assert_int_equal(integer(part, "chains"), 1001);
	assert_int_equal(integer(part, "steps"), 10411);
	assert_int_equal(integer(part, "bytes_copied"), 8192);
	assert_int_equal(integer(part, "bytes_dead"), 12288);
	assert_null(json_object_get(json, "other"));
	assert_int_equal(json_array_size(json_object_get(json, "rows")), 2);
	json_decref(json);
	r = sample_report();
	json = parsed(&named, &r);
	assert_null(json_object_get(json, "chains"));
	assert_null(json_object_get(json, "total"));
	json_decref(json);
}

static void assert_numbers(const json_t *list, const uint64_t *expected, size_t n)
{
	assert_int_equal(json_array_size(list), n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(json_integer_value(json_array_get(list, i)), expected[i]);
}

static void test_json_rows(void **state)
{
	static const uint64_t end[] = {848, 390, 234000, 4290, 4096, 4096};
	struct output_report r = sample_chain_report();
	json_t *json = parsed(&named, &r), *row = first_row(json);

	(void)state;
	assert_string_equal(string(row, "op"), "grow");
	assert_string_equal(string(row, "elem"), "main.point");
	assert_int_equal(integer(row, "elem_size"), 8);
	assert_int_equal(integer(row, "chains"), 1000);
	assert_int_equal(integer(row, "steps"), 10410);
	assert_int_equal(integer(row, "bytes_copied"), 8192);
	assert_int_equal(integer(row, "bytes_dead"), 12288);
	assert_int_equal(integer(row, "len_sum"), 423000);
	assert_int_equal(integer(row, "cap_sum"), 650720);
	assert_int_equal(json_array_size(json_object_get(row, "ends")), 3);
	assert_numbers(json_array_get(json_object_get(row, "ends"), 1), end, 6);
	assert_string_equal(string(json_object_get(row, "site"), "func"), "main.add");
	assert_string_equal(string(row, "exe"), "/srv/app");
	row = json_array_get(json_object_get(json, "rows"), 1);
	assert_true(json_is_null(json_object_get(row, "elem_size")));
	assert_string_equal(string(json_object_get(row, "site"), "pc"), "0x234");
	json_decref(json);
	r.nexes = 1;
	json = parsed(&named, &r);
	assert_null(json_object_get(first_row(json), "exe"));
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_of_one_executable),
		cmocka_unit_test(test_json_head),
		cmocka_unit_test(test_json_rows),
	};

	return cmocka_run_group_tests_name("output_chains", tests, set_time_zone, NULL);
}
