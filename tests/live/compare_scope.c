// SPDX-License-Identifier: BSD-2-Clause
/*
 * compare_scope [--in PATTERN] [--not-in PATTERN] [--totals] WHOLE PART...
 *
 * Holds final reports on parts of a program against one on all of it, which saw the same events.
 * Each row of WHOLE whose function matches must be in the parts: in one of them, the same in every
 * field, or in several, as sums. Without a pattern all counters must add up too.
 *   --in      functions that match, as in glob(7) with "[...]" for themselves; default all
 *   --not-in  but none that match this
 *   --totals  only counters and sums over all rows
 * Prints one line, and at most ten differences before it. The exit status is 0 when they agree, 1
 * when they differ, 2 when they cannot be compared.
 */
#include <fnmatch.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>

#include "report_file.h"

#define SHOWN_DIFFERENCES 10
#define PARTS_MAX	  8

struct row {
	char *key;
	const json_t *json;
};

struct rows {
	json_t *report;
	struct row *at; /* by key */
	size_t n;
};

struct comparison {
	const char *in, *not_in;
	bool totals;
	struct rows whole, parts[PARTS_MAX];
	size_t nparts, ncompared;
	uint64_t events;
	unsigned int differences;
};

/* What adds up over the rows of several reports; null where no row knows it. */
static const char *const sum_fields[] = {
	"events", "len_sum", "cap_sum", "bytes_allocated", "bytes_copied", "bytes_slack",
};

#define SUM_FIELDS (sizeof(sum_fields) / sizeof(sum_fields[0]))

/* Of the last interval, and intervals differ. */
static const char *const passing_fields[] = {"d_events", "d_len_sum", "d_cap_sum"};

__attribute__((format(printf, 2, 3))) static void differ(struct comparison *c, const char *fmt, ...)
{
	va_list ap;

	if (c->differences++ >= SHOWN_DIFFERENCES)
		return;
	va_start(ap, fmt);
	fputs("  ", stdout);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

static uint64_t sum_in(const json_t *row, const char *field)
{
	return (uint64_t)json_integer_value(json_object_get(row, field));
}

/* What tells rows of one report apart. */
static char *row_key(const json_t *row)
{
	static const char *const fields[] = {"pid", "base", "op", "elem", "site"};
	json_t *key = json_array();
	char *text;

	for (size_t i = 0; key && i < sizeof(fields) / sizeof(fields[0]); i++) {
		json_t *value = json_object_get(row, fields[i]);

		if (value)
			json_array_append(key, value);
		/* Op, type and site of a base are those of its last event. */
		if (value && !strcmp(fields[i], "base"))
			break;
	}
	text = json_dumps(key, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(key);
	if (!text)
		die("out of memory");
	return text;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void read_rows(const char *path, struct rows *out)
{
	json_t *rows;

	out->report = read_final_report(path);
	rows = json_object_get(out->report, "rows");
	if (number(json_object_get(out->report, "other"), "rows"))
		die("%s has not all rows", path);
	out->n = json_array_size(rows);
	out->at = calloc(out->n + 1, sizeof(*out->at));
	if (!out->at)
		die("out of memory");
	for (size_t i = 0; i < out->n; i++) {
		json_t *row = json_array_get(rows, i);

		for (size_t k = 0; k < sizeof(passing_fields) / sizeof(passing_fields[0]); k++)
			json_object_del(row, passing_fields[k]);
		out->at[i] = (struct row){row_key(row), row};
	}
	qsort(out->at, out->n, sizeof(*out->at), compare_rows);
	for (size_t i = 1; i < out->n; i++)
		if (!compare_rows(&out->at[i - 1], &out->at[i]))
			die("%s has two rows of one key: %s", path, out->at[i].key);
}

static void free_rows(struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		free(rows->at[i].key);
	free(rows->at);
	json_decref(rows->report);
}

static const json_t *find_row(const struct rows *rows, const struct row *like)
{
	const struct row *found = bsearch(like, rows->at, rows->n, sizeof(*rows->at), compare_rows);

	return found ? found->json : NULL;
}

/* [ stands for itself in names and patterns. */
static bool matches(const char *pattern, const char *func)
{
	char escaped[512];
	size_t n = 0;

	for (; *pattern && n + 4 < sizeof(escaped); pattern++) {
		if (*pattern == '[')
			n = (size_t)(stpcpy(escaped + n, "[[]") - escaped);
		else
			escaped[n++] = *pattern;
	}
	escaped[n] = '\0';
	return !fnmatch(escaped, func, FNM_NOESCAPE);
}

static bool is_wanted(const struct comparison *c, const json_t *row)
{
	const char *func = json_string_value(json_object_get(json_object_get(row, "site"), "func"));

	if (!c->in && !c->not_in)
		return true;
	return func && (!c->in || matches(c->in, func)) && !(c->not_in && matches(c->not_in, func));
}

static void compare_sums(struct comparison *c, const struct row *row, const json_t *const *found,
			 size_t n)
{
	for (size_t i = 0; i < SUM_FIELDS; i++) {
		uint64_t sum = 0;

		for (size_t k = 0; k < n; k++)
			sum += sum_in(found[k], sum_fields[i]);
		if (sum != sum_in(row->json, sum_fields[i]))
			differ(c, "%s: expected %s %" PRIu64 " got %" PRIu64, row->key,
			       sum_fields[i], sum_in(row->json, sum_fields[i]), sum);
	}
}

static void compare_row(struct comparison *c, const struct row *row)
{
	const json_t *found[PARTS_MAX];
	char *expected, *got;
	size_t n = 0;

	for (size_t i = 0; i < c->nparts; i++) {
		found[n] = find_row(&c->parts[i], row);
		n += found[n] != NULL;
	}
	c->ncompared++;
	c->events += sum_in(row->json, "events");
	if (n != 1) {
		compare_sums(c, row, found, n);
		return;
	}
	expected = json_dumps(row->json, JSON_COMPACT | JSON_SORT_KEYS);
	got = json_dumps(found[0], JSON_COMPACT | JSON_SORT_KEYS);
	if (!expected || !got)
		die("out of memory");
	if (strcmp(expected, got) != 0)
		differ(c, "expected %s\n  got %s", expected, got);
	free(expected);
	free(got);
}

/* No part may have what the whole has not. */
static void compare_back(struct comparison *c, const struct rows *part)
{
	for (size_t i = 0; i < part->n; i++) {
		const json_t *row = find_row(&c->whole, &part->at[i]);

		if (!row || !is_wanted(c, row))
			differ(c, "only in a part: %s", part->at[i].key);
	}
}

static uint64_t total(const struct rows *rows, const char *field)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < rows->n; i++)
		sum += sum_in(rows->at[i].json, field);
	return sum;
}

static void compare_totals(struct comparison *c)
{
	for (size_t i = 0; i < SUM_FIELDS; i++) {
		uint64_t expected = total(&c->whole, sum_fields[i]), got = 0;

		for (size_t k = 0; k < c->nparts; k++)
			got += total(&c->parts[k], sum_fields[i]);
		if (expected != got)
			differ(c, "in all, expected %s %" PRIu64 " got %" PRIu64, sum_fields[i],
			       expected, got);
	}
}

static void compare_counts(struct comparison *c)
{
	json_t *counts = json_object_get(c->whole.report, "counts"), *value;
	const char *name;

	json_object_foreach(counts, name, value)
	{
		uint64_t expected = (uint64_t)json_integer_value(value), got = 0;

		for (size_t i = 0; i < c->nparts; i++)
			got += number(json_object_get(c->parts[i].report, "counts"), name);
		if (expected != got)
			differ(c, "expected %s %" PRIu64 " got %" PRIu64, name, expected, got);
	}
}

static void compare(struct comparison *c)
{
	for (size_t i = 0; i < c->whole.n && !c->totals; i++)
		if (is_wanted(c, c->whole.at[i].json))
			compare_row(c, &c->whole.at[i]);
	for (size_t i = 0; i < c->nparts && !c->totals; i++)
		compare_back(c, &c->parts[i]);
	if (c->in || c->not_in)
		return;
	compare_totals(c);
	compare_counts(c);
}

static void parse(struct comparison *c, int argc, char **argv)
{
	static const struct option options[] = {
		{"in", required_argument, NULL, 'i'},
		{"not-in", required_argument, NULL, 'x'},
		{"totals", no_argument, NULL, 't'},
		{NULL, 0, NULL, 0},
	};
	int key;

	while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (key == 'i')
			c->in = optarg;
		else if (key == 'x')
			c->not_in = optarg;
		else if (key == 't')
			c->totals = true;
		else
			exit(2);
	}
	if (argc - optind < 2 || argc - optind > PARTS_MAX + 1)
		die("usage: compare_scope [--in PATTERN] [--not-in PATTERN] [--totals] WHOLE "
		    "PART...");
	read_rows(argv[optind++], &c->whole);
	while (optind < argc)
		read_rows(argv[optind++], &c->parts[c->nparts++]);
}

int main(int argc, char **argv)
{
	struct comparison c = {.in = NULL};

	parse(&c, argc, argv);
	compare(&c);
	if (c.totals)
		c.events = total(&c.whole, "events");
	printf("%" PRIu64 " events in %zu rows, %u differences\n", c.events, c.ncompared,
	       c.differences);
	free_rows(&c.whole);
	for (size_t i = 0; i < c.nparts; i++)
		free_rows(&c.parts[i]);
	return c.differences || (!c.totals && !c.ncompared) ? 1 : 0;
}
