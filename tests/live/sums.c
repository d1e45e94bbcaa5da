// SPDX-License-Identifier: BSD-2-Clause
/*
 * sums REPORT [KEY]...
 *
 * Prints the sums of the keys over all rows of the final report in REPORT, each as "KEY SUM" on a
 * line. What rows do not show is in "other": there must be none of it.
 */
#include <inttypes.h>

#include "report_file.h"

static uint64_t sum_of(const json_t *rows, const char *key)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < json_array_size(rows); i++)
		sum += number(json_array_get(rows, i), key);
	return sum;
}

int main(int argc, char **argv)
{
	json_t *report;

	if (argc < 2)
		die("usage: sums REPORT [KEY]...");
	report = read_final_report(argv[1]);
	if (number(json_object_get(report, "other"), "rows"))
		die("%s has not all rows", argv[1]);
	for (int i = 2; i < argc; i++)
		printf("%s %" PRIu64 "\n", argv[i],
		       sum_of(json_object_get(report, "rows"), argv[i]));
	json_decref(report);
	return 0;
}
