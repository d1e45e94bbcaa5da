// SPDX-License-Identifier: BSD-2-Clause
/*
 * summary [JSON-FILE] < SAMPLES
 *
 * Medians and quartiles of what the measuring programs print, and ratios between the sides of a
 * round: a table on stdout, JSON in the file. The exit status is 3 where a goal is missed. Lines,
 * fields between tabs:
 *
 *   sample SECTION CASE SIDE UNIT VALUE
 *   reference SECTION CASE SIDE          ratios are to this side; CASE may be *
 *   baseline SECTION CASE SIDE           is taken off all other sides
 *   at-most SECTION CASE SIDE RATIO      a goal
 *   at-least SECTION CASE SIDE RATIO
 *   title SECTION * TEXT
 *   note SECTION * TEXT
 *   wide SECTION * -                     a line a case, of the ratios' medians alone
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "series.h"
#include "summary_print.h"

#define FIELDS 6

static const char *const rule_words[RULES] = {
	[RULE_REFERENCE] = "reference", [RULE_BASELINE] = "baseline", [RULE_AT_MOST] = "at-most",
	[RULE_AT_LEAST] = "at-least",	[RULE_TITLE] = "title",	      [RULE_NOTE] = "note",
	[RULE_WIDE] = "wide",
};

static double number(const char *text)
{
	char *end;
	const double value = strtod(text, &end);

	if (*end || end == text)
		errx(2, "not a number: %s", text);
	return value;
}

static int split(char *line, const char *field[FIELDS])
{
	int n = 0;
	char *rest = line;

	line[strcspn(line, "\n")] = '\0';
	while (rest && n < FIELDS)
		field[n++] = strsep(&rest, "\t");
	return n;
}

static void read_rule(struct samples *s, const char *const field[FIELDS], int n)
{
	for (enum rule_kind kind = 0; kind < RULES; kind++) {
		struct rule rule = {.kind = kind};

		if (strcmp(field[0], rule_words[kind]) != 0)
			continue;
		if (n < 4)
			errx(2, "too few fields: %s", field[0]);
		rule.section = (char *)field[1];
		rule.name = (char *)field[2];
		rule.side = (char *)field[3];
		rule.limit = n > 4 ? number(field[4]) : 0;
		samples_rule(s, &rule);
		return;
	}
	errx(2, "not a sample: %s", field[0]);
}

static void read_line(struct samples *s, char *line)
{
	const char *field[FIELDS] = {0};
	const int n = split(line, field);

	if (!*field[0])
		return;
	if (strcmp(field[0], "sample") != 0)
		read_rule(s, field, n);
	else if (n == FIELDS)
		samples_add(s, field, number(field[5]));
	else
		errx(2, "a sample of %d fields", n);
}

int main(int argc, char **argv)
{
	struct samples s = {0};
	char *line = NULL;
	size_t size = 0;
	int missed;

	if (argc > 2)
		errx(2, "usage: summary [JSON-FILE] < SAMPLES");
	while (getline(&line, &size, stdin) > 0)
		read_line(&s, line);
	free(line);
	missed = print_table(&s);
	if (argc == 2)
		write_json(&s, argv[1]);
	samples_free(&s);
	return missed ? 3 : 0;
}
