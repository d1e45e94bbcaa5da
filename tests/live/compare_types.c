// SPDX-License-Identifier: BSD-2-Clause
/*
 * compare_types TRUTH REPORT
 *
 * Holds the element types in the last report of REPORT (JSON, by base, one report a line) against
 * what the traced program says of them in TRUTH: lines "0xBASE OP TYPE". Prints one line, and at
 * most ten differences before it. The exit status is 0 when all agree, else 1.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report_file.h"

#define SHOWN_DIFFERENCES 10
#define LINE_MAX_BYTES	  16384

struct comparison {
	const json_t *rows; /* by base */
	unsigned int equal, differences;
};

static json_t *rows_by_base(const json_t *report)
{
	json_t *all = json_object(), *row;
	size_t i;

	json_array_foreach(json_object_get(report, "rows"), i, row)
	{
		const char *base = json_string_value(json_object_get(row, "base"));

		if (!base || json_object_set(all, base, row))
			die("row %zu has no base", i);
	}
	return all;
}

static void differ(struct comparison *c, const char *base, const char *expected, const char *got)
{
	if (c->differences++ < SHOWN_DIFFERENCES)
		printf("  %s: expected %s got %s\n", base, expected, got ? got : "nothing");
}

static void check(struct comparison *c, char *line)
{
	char *rest = line, *base = strsep(&rest, " "), *op = strsep(&rest, " ");
	const json_t *row = json_object_get(c->rows, base);
	const char *type = json_string_value(json_object_get(row, "elem"));
	const char *did = json_string_value(json_object_get(row, "op"));

	if (!op || !rest)
		die("no line of a truth: %s", line);
	if (!type || strcmp(type, rest) != 0)
		differ(c, base, rest, type);
	else if (!did || strcmp(did, op) != 0)
		differ(c, base, op, did);
	else
		c->equal++;
}

int main(int argc, char **argv)
{
	struct comparison c = {.equal = 0};
	char line[LINE_MAX_BYTES];
	json_t *report, *rows;
	FILE *truth;

	if (argc != 3)
		die("usage: compare_types TRUTH REPORT");
	report = read_final_report(argv[2]);
	c.rows = rows = rows_by_base(report);
	truth = fopen(argv[1], "re");
	if (!truth)
		die("%s: %s", argv[1], strerror(errno));
	while (fgets(line, sizeof(line), truth)) {
		line[strcspn(line, "\n")] = '\0';
		check(&c, line);
	}
	fclose(truth);
	json_decref(rows);
	json_decref(report);
	printf("%u types equal, %u differ\n", c.equal, c.differences);
	return c.equal && !c.differences ? 0 : 1;
}
