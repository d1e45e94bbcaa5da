// SPDX-License-Identifier: BSD-2-Clause
/*
 * unresolved REPORT: of the last report (JSON, by site, one report a line) prints the number of
 * events, of those whose element type and of those whose source line is not known, by row.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report_file.h"

int main(int argc, char **argv)
{
	uint64_t events = 0, untyped = 0, unplaced = 0;
	json_t *report, *row;
	size_t i;

	if (argc != 2)
		die("usage: unresolved REPORT");
	report = read_final_report(argv[1]);
	json_array_foreach(json_object_get(report, "rows"), i, row)
	{
		const char *elem = json_string_value(json_object_get(row, "elem"));
		const json_t *site = json_object_get(row, "site");
		uint64_t n = (uint64_t)json_integer_value(json_object_get(row, "events"));

		if (!elem || !site)
			die("row %zu is none by site", i);
		events += n;
		if (elem[0] == '?')
			untyped += n;
		if (!json_is_integer(json_object_get(site, "line")))
			unplaced += n;
	}
	json_decref(report);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", events, untyped, unplaced);
	return 0;
}
