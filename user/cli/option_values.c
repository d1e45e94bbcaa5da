// SPDX-License-Identifier: BSD-2-Clause
#include "cli/option_values.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_tables.h"
#include "cli/option_words.h"
#include "output/schema.h"
#include "report/ops.h"
#include "slicestat.h"

/* A whole number of at most max, and nothing behind it. */
static bool parse_number(const char *text, unsigned long long max, unsigned long long *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *out <= max;
}

unsigned long long option_number(struct argp_state *state, const char *what, const char *text,
				 unsigned long long min, unsigned long long max)
{
	unsigned long long n = 0;

	if (!parse_number(text, max, &n) || n < min)
		argp_error(state, "%s: '%s' is not a number from %llu to %llu", what, text, min,
			   max);
	return n;
}

void option_add_pid(struct argp_state *state, struct options *o, const char *text)
{
	pid_t pid = (pid_t)option_number(state, "-p", text, 1, INT_MAX);
	pid_t *list;

	for (size_t i = 0; i < o->npids; i++)
		if (o->pids[i] == pid)
			return;
	list = reallocarray((pid_t *)o->pids, o->npids + 1, sizeof(*list));
	if (!list)
		argp_failure(state, 1, 0, "out of memory");
	else
		list[o->npids++] = pid;
	o->pids = list;
}

/* Call take for each of the comma-separated words of text. */
void option_split(struct argp_state *state, struct options *o, const char *text,
		  void (*take)(struct argp_state *, struct options *, const char *))
{
	char *copy = strdup(text), *rest = copy, *word;

	if (!copy)
		argp_failure(state, 1, 0, "out of memory");
	while ((word = strsep(&rest, ",")))
		take(state, o, word);
	free(copy);
}

void option_add_op(struct argp_state *state, struct options *o, const char *word)
{
	char known[OPTION_KNOWN_SIZE];
	uint32_t op = op_by_name(word);

	if (op == SS_OP_NONE || op == SS_OP_FUNC)
		argp_error(state, "--ops: '%s' is not an operation; known are %s", word,
			   option_known(known, option_words(KEY_OPS)));
	o->request.ops |= 1U << op;
}

/* Each instruction probed has a price: a list of functions is no pattern. */
#define FUNCS_MAX 8

/* More words than any function has in registers. */
#define ARG_MAX 99

void option_add_func(struct argp_state *state, struct options *o, const char *text)
{
	struct plan_request *r = &o->request;
	const char *colon = strrchr(text, ':');
	struct plan_record record = {.func = NULL};
	struct plan_record *list;

	/* Type arguments may have colons, in tags. */
	if (colon && strchr(colon, ']'))
		colon = NULL;
	if (!*text || colon == text)
		argp_error(state, "--func: '%s' names no function", text);
	if (r->nrecords == FUNCS_MAX)
		argp_error(state, "--func: at most %d functions can be recorded", FUNCS_MAX);
	if (colon)
		record.arg = (uint32_t)option_number(state, "--func: ARG", colon + 1, 0, ARG_MAX);
	list = reallocarray((struct plan_record *)r->records, r->nrecords + 1, sizeof(*list));
	if (list) {
		r->records = list;
		record.func = strndup(text, colon ? (size_t)(colon - text) : strlen(text));
	}
	if (!list || !record.func)
		argp_failure(state, 1, 0, "out of memory");
	else
		list[r->nrecords++] = record;
}

const char *const *option_add_pattern(struct argp_state *state, const char *const *list, size_t *n,
				      const char *pattern)
{
	const char **more = reallocarray((const char **)list, *n + 1, sizeof(*more));

	if (!more) {
		argp_failure(state, 1, 0, "out of memory");
		return list;
	}
	more[(*n)++] = pattern;
	return more;
}

void option_set_view(struct argp_state *state, struct options *o, const char *name)
{
	char known[OPTION_KNOWN_SIZE];

	for (enum output_view view = OUTPUT_BY_BASE; view <= OUTPUT_BY_PROCESS; view++) {
		if (!strcmp(name, output_view_name(view))) {
			o->by_given = true;
			o->by = view;
			return;
		}
	}
	argp_error(state, "--by: '%s' is not a view; known are %s", name,
		   option_known(known, option_words(KEY_BY)));
}

void option_set_chains(struct argp_state *state, struct options *o, const char *mode)
{
	char known[OPTION_KNOWN_SIZE];

	o->view = OUTPUT_CHAINS;
	o->request.old_caps = !strcmp(mode, "exact");
	if (!o->request.old_caps && strcmp(mode, "cheap") != 0)
		argp_error(state, "--chains: '%s' is not known; known are %s", mode,
			   option_known(known, option_words(KEY_CHAINS)));
}

void option_set_attach(struct argp_state *state, struct options *o, const char *way)
{
	char known[OPTION_KNOWN_SIZE];

	o->attach = SESSION_UPROBE_MULTI;
	if (!strcmp(way, "perf_event"))
		o->attach = SESSION_PERF_EVENT;
	else if (strcmp(way, "uprobe_multi") != 0)
		argp_error(state, "--attach: '%s' is not known; known are %s", way,
			   option_known(known, option_words(KEY_ATTACH)));
}

/* The index of name, or n. */
static size_t find_name(const char *const *names, size_t n, const char *name)
{
	size_t i = 0;

	while (i < n && strcmp(names[i], name) != 0)
		i++;
	return i;
}

void option_resolve_sort(struct argp_state *state, struct options *o)
{
	char known[OPTION_KNOWN_SIZE];
	size_t i;

	if (!o->sort_name)
		return;
	if (o->view == OUTPUT_CHAINS) {
		i = find_name(option_chains_sort_names, CHAINS_SORTS, o->sort_name);
		o->chains_sort = (enum chains_sort)i;
		if (i == CHAINS_SORTS)
			argp_error(state, "--sort: '%s' is not a key of chains; known are %s",
				   o->sort_name, option_known(known, option_chains_sort_names));
		return;
	}
	i = find_name(option_sort_names, REPORT_SORTS, o->sort_name);
	o->sort = (enum report_sort)i;
	if (i == REPORT_SORTS)
		argp_error(state, "--sort: '%s' is not a key; known are %s", o->sort_name,
			   option_known(known, option_sort_names));
}

void option_check_sort(struct argp_state *state, const struct options *o)
{
	if (o->sort == REPORT_SORT_COPIED && o->view == OUTPUT_BY_BASE)
		argp_error(state,
			   "bytes copied are not kept by base: use --by site, type or process");
}

void option_set_format(struct argp_state *state, struct options *o, const char *name)
{
	char known[OPTION_KNOWN_SIZE];

	o->format = output_find(name);
	o->format_given = true;
	if (!o->format)
		argp_error(state, "-o: '%s' is not a format; known are %s", name,
			   option_known(known, option_words('o')));
}

void option_set_interval(struct argp_state *state, struct options *o, const char *text)
{
	char *end;

	o->interval_s = strtod(text, &end);
	if (*end || end == text || !isfinite(o->interval_s) || o->interval_s < 0.001 ||
	    o->interval_s > 1e6)
		argp_error(state, "INTERVAL: '%s' is not a number of seconds from 0.001 to 1000000",
			   text);
}

void option_set_budget(struct argp_state *state, struct options *o, const char *text)
{
	char *end;
	double percent;

	o->budget = 0;
	if (!strcmp(text, "off"))
		return;
	percent = strtod(text, &end);
	end += *end == '%';
	if (*end || end == text || !(percent >= 0.1 && percent <= 100))
		argp_error(state, "--budget: '%s' is neither off nor a percentage from 0.1 to 100",
			   text);
	o->budget = percent / 100;
}

void option_print_schema(struct argp_state *state, const char *name)
{
	if (fputs(output_schema(name), stdout) == EOF || fflush(stdout))
		argp_failure(state, 1, errno, "--schema");
	exit(0);
}

void option_resolve_any_sort(struct argp_state *state, struct options *o)
{
	char known[OPTION_KNOWN_SIZE];

	if (!o->sort_name)
		return;
	o->sort = (enum report_sort)find_name(option_sort_names, REPORT_SORTS, o->sort_name);
	o->chains_sort =
		(enum chains_sort)find_name(option_chains_sort_names, CHAINS_SORTS, o->sort_name);
	if (o->sort == REPORT_SORTS && o->chains_sort == CHAINS_SORTS)
		argp_error(state, "--sort: '%s' is not a key; known are %s", o->sort_name,
			   option_known(known, option_words('s')));
}

void option_set_fail_over(struct argp_state *state, struct options *o, const char *text)
{
	char *end;

	o->fail_over = strtod(text, &end);
	end += *end == '%';
	if (*end || end == text || !(o->fail_over >= 0 && o->fail_over <= 1e6))
		argp_error(state, "--fail-over: '%s' is not a percentage from 0 to 1000000", text);
}

void option_resolve_profile(struct argp_state *state, struct options *o)
{
	const char *name = o->format->name;

	if (!o->format->profile)
		return;
	if (o->view == OUTPUT_CHAINS)
		argp_error(state, "-o %s is of stacks: leave --chains out", name);
	if (o->by_given && o->by != OUTPUT_BY_SITE)
		argp_error(state, "-o %s is of stacks: leave --by out", name);
	if (o->format->binary && o->command && !o->write)
		argp_error(state, "-o %s is not for stderr: name a file with -w FILE", name);
	o->view = OUTPUT_BY_SITE;
	o->stacks = true;
	if (!o->top_given)
		o->top = 0;
	if (!o->sort_name)
		o->sort = REPORT_SORT_ALLOCATED;
}
