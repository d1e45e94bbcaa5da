// SPDX-License-Identifier: BSD-2-Clause
#include "summary_print.h"

#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define SCHEMA "slicestat.bench/1"

/* A goal is one for the ratio, or for the value where there is none. */
static bool met(const struct rule *goal, const struct spread *ratio)
{
	return goal->kind == RULE_AT_MOST ? ratio->median <= goal->limit
					  : ratio->median >= goal->limit;
}

static void print_texts(const struct samples *s, const char *section, enum rule_kind kind)
{
	for (size_t i = 0; i < s->nrules; i++) {
		if (s->rules[i].kind == kind && !strcmp(s->rules[i].section, section))
			printf("%s%s\n", kind == RULE_NOTE ? "  " : ": ", s->rules[i].side);
	}
}

static bool has_title(const struct samples *s, const struct series *of)
{
	return samples_find_rule(s, RULE_TITLE, of) != NULL;
}

static void print_heading(const struct samples *s, const struct series *of)
{
	printf("\n%s", of->section);
	if (has_title(s, of))
		print_texts(s, of->section, RULE_TITLE);
	else
		putchar('\n');
}

static void print_columns(void)
{
	printf("    %-38s %9s  %-17s %-9s %9s  %-17s %s\n", "", "median", "quartiles", "", "ratio",
	       "quartiles", "goal");
}

static void print_spread(const struct spread *v, int digits)
{
	char range[32];

	snprintf(range, sizeof(range), "%.*f-%.*f", digits, v->q1, digits, v->q3);
	printf(" %9.*f  %-17s", digits, v->median, range);
}

static int print_goal(const struct rule *goal, const struct spread *ratio)
{
	if (!goal)
		return 0;
	printf(" %s %g %s", goal->kind == RULE_AT_MOST ? "<=" : ">=", goal->limit,
	       met(goal, ratio) ? "ok" : "MISSED");
	return !met(goal, ratio);
}

static int digits_of(double value)
{
	return value >= 1000 ? 0 : value >= 10 ? 1 : 2;
}

/* One side of a case; returns 1 where its goal is missed. */
static int print_side(const struct samples *s, const struct series *of)
{
	const struct spread values = samples_net(s, of), ratio = samples_ratio(s, of);
	int missed;

	printf("    %-38s", of->side);
	print_spread(&values, digits_of(values.median));
	printf(" %-9s", of->unit);
	if (ratio.n)
		print_spread(&ratio, 2);
	missed = print_goal(samples_goal(s, of), ratio.n ? &ratio : &values);
	putchar('\n');
	return missed;
}

static bool same_section(const struct series *a, const struct series *b)
{
	return !strcmp(a->section, b->section);
}

static bool same_case(const struct series *a, const struct series *b)
{
	return same_section(a, b) && !strcmp(a->name, b->name);
}

/* Whether no earlier series is of its section, or of its case. */
static bool is_first(const struct samples *s, const struct series *of,
		     bool (*same)(const struct series *, const struct series *))
{
	for (const struct series *one = s->series; one < of; one++) {
		if (same(one, of))
			return false;
	}
	return true;
}

static int print_case(const struct samples *s, const struct series *first)
{
	int missed = 0;

	printf("  %s\n", first->name);
	for (const struct series *one = first; one < s->series + s->nseries; one++) {
		if (same_case(one, first))
			missed += print_side(s, one);
	}
	return missed;
}

/* The cases of a section, one under the other. */
static int print_cases(const struct samples *s, const struct series *first)
{
	int missed = 0;

	print_columns();
	for (const struct series *one = first; one < s->series + s->nseries; one++) {
		if (same_section(one, first) && is_first(s, one, same_case))
			missed += print_case(s, one);
	}
	return missed;
}

/* The reference's value, then the others' ratios to it, in the order of the first case. */
static void print_wide_case(const struct samples *s, const struct series *first)
{
	const struct rule *reference = samples_find_rule(s, RULE_REFERENCE, first);

	printf("  %-32s", first->name);
	for (const struct series *one = first; one < s->series + s->nseries; one++) {
		const struct spread values = samples_net(s, one), ratio = samples_ratio(s, one);

		if (!same_case(one, first))
			continue;
		if (reference && !strcmp(reference->side, one->side))
			printf(" %8.*f %-8s", digits_of(values.median), values.median, one->unit);
		else
			printf(" %14.2f", ratio.median);
	}
	putchar('\n');
}

static void print_wide(const struct samples *s, const struct series *first)
{
	printf("  %-32s", "");
	for (const struct series *one = first; one < s->series + s->nseries; one++) {
		if (same_case(one, first))
			printf("%*s%*s", one == first ? 3 : 1, "", one == first ? -15 : 14,
			       one->side);
	}
	putchar('\n');
	for (const struct series *one = first; one < s->series + s->nseries; one++) {
		if (same_section(one, first) && is_first(s, one, same_case))
			print_wide_case(s, one);
	}
}

static int print_section(const struct samples *s, const struct series *first)
{
	int missed = 0;

	print_heading(s, first);
	if (samples_find_rule(s, RULE_WIDE, first))
		print_wide(s, first);
	else
		missed = print_cases(s, first);
	print_texts(s, first->section, RULE_NOTE);
	return missed;
}

static void print_goals(const struct samples *s, int missed)
{
	int goals = 0;

	for (size_t i = 0; i < s->nseries; i++)
		goals += samples_goal(s, &s->series[i]) != NULL;
	if (goals)
		printf("\nGoals: %d met, %d missed\n", goals - missed, missed);
}

int print_table(const struct samples *s)
{
	int missed = 0;

	printf("Ratios are of sides of the same round. Absolute figures are this machine's.\n");
	for (const struct series *one = s->series; one < s->series + s->nseries; one++) {
		if (is_first(s, one, same_section))
			missed += print_section(s, one);
	}
	print_goals(s, missed);
	return missed;
}

static json_t *spread_json(const struct spread *v)
{
	return json_pack("{s:I, s:f, s:f, s:f}", "n", (json_int_t)v->n, "q1", v->q1, "median",
			 v->median, "q3", v->q3);
}

static json_t *goal_json(const struct rule *goal, const struct spread *ratio)
{
	return json_pack("{s:f, s:b}", goal->kind == RULE_AT_MOST ? "at_most" : "at_least",
			 goal->limit, "met", met(goal, ratio));
}

static json_t *series_json(const struct samples *s, const struct series *of)
{
	const struct spread values = samples_net(s, of), ratio = samples_ratio(s, of);
	const struct rule *reference = samples_find_rule(s, RULE_REFERENCE, of);
	const struct rule *goal = samples_goal(s, of);
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:o}", "section", of->section, "case", of->name,
			      "side", of->side, "unit", of->unit, "value", spread_json(&values));

	if (o && reference && ratio.n) {
		json_object_set_new(o, "reference", json_string(reference->side));
		json_object_set_new(o, "ratio", spread_json(&ratio));
	}
	if (o && goal)
		json_object_set_new(o, "goal", goal_json(goal, ratio.n ? &ratio : &values));
	return o;
}

void write_json(const struct samples *s, const char *path)
{
	json_t *rows = json_array(), *notes = json_array(), *o;
	struct utsname host;

	uname(&host);
	for (size_t i = 0; i < s->nseries; i++)
		json_array_append_new(rows, series_json(s, &s->series[i]));
	for (size_t i = 0; i < s->nrules; i++) {
		const struct rule *rule = &s->rules[i];

		if (rule->kind == RULE_NOTE)
			json_array_append_new(notes, json_pack("{s:s, s:s}", "section",
							       rule->section, "text", rule->side));
	}
	o = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "schema", SCHEMA, "version",
		      SLICESTAT_VERSION, "kernel", host.release, "machine", host.machine, "results",
		      rows, "notes", notes);
	if (!o || json_dump_file(o, path, JSON_INDENT(1) | JSON_REAL_PRECISION(9)))
		errx(2, "cannot write %s", path);
	json_decref(o);
}
