/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of options: each is checked here, and a wrong one ends the program with status 2. */
#ifndef SS_CLI_OPTION_VALUES_H
#define SS_CLI_OPTION_VALUES_H

#include <argp.h>

#include "cli/options.h"

/* A whole number from min to max; what names the option. */
unsigned long long option_number(struct argp_state *state, const char *what, const char *text,
				 unsigned long long min, unsigned long long max);
/* Call take for each of the comma-separated words of text. */
void option_split(struct argp_state *state, struct options *o, const char *text,
		  void (*take)(struct argp_state *, struct options *, const char *));
void option_add_pid(struct argp_state *state, struct options *o, const char *text);
void option_add_op(struct argp_state *state, struct options *o, const char *word);
/* NAME[:ARG] */
void option_add_func(struct argp_state *state, struct options *o, const char *text);
/* The list, of *n patterns, with one more. */
const char *const *option_add_pattern(struct argp_state *state, const char *const *list, size_t *n,
				      const char *pattern);
void option_set_view(struct argp_state *state, struct options *o, const char *name);
/* --chains cheap|exact. */
void option_set_chains(struct argp_state *state, struct options *o, const char *mode);
/* uprobe_multi, or perf_event. */
void option_set_attach(struct argp_state *state, struct options *o, const char *way);
/* The keys of -s depend on the view: when that is known. */
void option_resolve_sort(struct argp_state *state, struct options *o);
/* Whether the view has what it is sorted by. */
void option_check_sort(struct argp_state *state, const struct options *o);
/* The same where only the file tells what its rows are of: REPORT_SORTS, CHAINS_SORTS are none. */
void option_resolve_any_sort(struct argp_state *state, struct options *o);
/* --fail-over: a percentage. */
void option_set_fail_over(struct argp_state *state, struct options *o, const char *text);
/* Where a file is asked, a format that writes what is wanted of it, and no option of a run. */
void option_check_recorded(struct argp_state *state, const struct options *o);
/* -o pprof and folded tell stacks of sites, all of them, and bytes first: once all is parsed. */
void option_resolve_profile(struct argp_state *state, struct options *o);
void option_set_format(struct argp_state *state, struct options *o, const char *name);
void option_set_interval(struct argp_state *state, struct options *o, const char *text);
/* off, or a percentage with or without its sign. */
void option_set_budget(struct argp_state *state, struct options *o, const char *text);
/* Print that schema, as --version prints its text: ends the program with status 0, 1 on failure. */
void option_print_schema(struct argp_state *state, const char *name);

#endif
