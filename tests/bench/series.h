/* SPDX-License-Identifier: BSD-2-Clause */
/* Samples by section, case and side, in the order in which these came first, and what they tell. */
#ifndef SS_BENCH_SERIES_H
#define SS_BENCH_SERIES_H

#include <stdbool.h>
#include <stddef.h>

struct series {
	char *section;
	char *name; /* of the case */
	char *side;
	char *unit;
	double *samples; /* the n-th of all sides of a case are of one round */
	size_t n;
};

/* A rule of a section for one case, or for all where name is "*". */
enum rule_kind {
	RULE_REFERENCE, /* ratios are to this side */
	RULE_BASELINE,	/* this side's sample is taken off those of all others */
	RULE_AT_MOST,	/* a goal for the median: of the ratio, else of the value */
	RULE_AT_LEAST,
	RULE_TITLE, /* the text in `side` */
	RULE_NOTE,
	RULE_WIDE, /* a line a case, of ratios */
	RULES,
};

struct rule {
	enum rule_kind kind;
	char *section;
	char *name;
	char *side;
	double limit;
};

struct samples {
	struct series *series;
	size_t nseries;
	struct rule *rules;
	size_t nrules;
};

struct spread {
	size_t n;
	double q1;
	double median;
	double q3;
};

/* All of these end the program when memory does. Texts are copied. */
void samples_add(struct samples *s, const char *const field[5], double value);
void samples_rule(struct samples *s, const struct rule *rule);
void samples_free(struct samples *s);

/* The rule for the case, the one that names it before the one for all; NULL for none. */
const struct rule *samples_find_rule(const struct samples *s, enum rule_kind kind,
				     const struct series *of);

/* A goal for this very series, or NULL. */
const struct rule *samples_goal(const struct samples *s, const struct series *of);

/* The samples themselves, less the baseline's of their rounds where there is one. */
struct spread samples_net(const struct samples *s, const struct series *of);

/* The ratios to the reference, round by round; n is 0 where there is none, or of is the baseline.
 */
struct spread samples_ratio(const struct samples *s, const struct series *of);

#endif
