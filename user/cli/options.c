// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "slicestat.h"

#define USAGE_STATUS 2

enum option_key {
	KEY_BY = 256,
	KEY_OPS,
	KEY_MAX_BASES,
	KEY_BUDGET,
	KEY_TOTAL,
};

const char *argp_program_version = "slicestat " SLICESTAT_VERSION;

static const struct argp_option trace_options[] = {
	{.doc = "Which processes:", .group = 1},
	{.name = "pid", .key = 'p', .arg = "PID[,PID]", .doc = "Trace these processes", .group = 1},
	{.name = "exe",
	 .key = 'e',
	 .arg = "PATH",
	 .group = 1,
	 .doc = "Trace the processes that run this executable now"},
	{.doc = "What is recorded:", .group = 2},
	{.name = "ops",
	 .key = KEY_OPS,
	 .arg = "OP[,OP]",
	 .group = 2,
	 .doc = "Operations: grow (append beyond capacity), make (default grow,make)"},
	{.name = "max-bases",
	 .key = KEY_MAX_BASES,
	 .arg = "N",
	 .group = 2,
	 .doc = "Bases a window holds; windows are drained as they fill (default 262144)"},
	{.name = "budget",
	 .key = KEY_BUDGET,
	 .arg = "off",
	 .group = 2,
	 .doc = "Cost ceiling; only off in this version. The cost is always shown"},
	{.doc = "What is shown:", .group = 3},
	{.name = "by",
	 .key = KEY_BY,
	 .arg = "base",
	 .group = 3,
	 .doc = "Rows: base, one for each backing array; the only view in this version"},
	{.name = "top",
	 .key = 'n',
	 .arg = "N",
	 .group = 3,
	 .doc = "Rows shown, 0 = all (default 20); the others are summed up"},
	{.name = "sort",
	 .key = 's',
	 .arg = "KEY",
	 .group = 3,
	 .doc = "events (default), len or cap: sums, largest first"},
	{.name = "total",
	 .key = KEY_TOTAL,
	 .group = 3,
	 .doc = "The table shows sums since attach, not the interval"},
	{.name = "output",
	 .key = 'o',
	 .arg = "FORMAT",
	 .group = 3,
	 .doc = "table (default) or json"},
	{.name = "write", .key = 'w', .arg = "FILE", .group = 3, .doc = "Reports go to FILE"},
	{.doc = "Messages:", .group = 4},
	{.name = "verbose", .key = 'v', .group = 4, .doc = "More messages, libbpf's too"},
	{.name = "quiet", .key = 'q', .group = 4, .doc = "Only warnings and errors"},
	{},
};

static const struct argp_option plan_options[] = {
	{.name = "pid", .key = 'p', .arg = "PID", .doc = "The executable of this process"},
	{.name = "ops", .key = KEY_OPS, .arg = "OP[,OP]", .doc = "Operations (default grow,make)"},
	{},
};

/* A whole number of at most max, and nothing behind it. */
static bool parse_number(const char *text, unsigned long long max, unsigned long long *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *out <= max;
}

static unsigned long long number(struct argp_state *state, const char *what, const char *text,
				 unsigned long long min, unsigned long long max)
{
	unsigned long long n = 0;

	if (!parse_number(text, max, &n) || n < min)
		argp_error(state, "%s: '%s' is not a number from %llu to %llu", what, text, min,
			   max);
	return n;
}

static void add_pid(struct argp_state *state, struct options *o, const char *text)
{
	pid_t pid = (pid_t)number(state, "-p", text, 1, INT_MAX);
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
static void split(struct argp_state *state, struct options *o, const char *text,
		  void (*take)(struct argp_state *, struct options *, const char *))
{
	char *copy = strdup(text), *rest = copy, *word;

	if (!copy)
		argp_failure(state, 1, 0, "out of memory");
	while ((word = strsep(&rest, ",")))
		take(state, o, word);
	free(copy);
}

static void add_op(struct argp_state *state, struct options *o, const char *word)
{
	static const char *const names[SS_OPS] = {[SS_OP_GROW] = "grow", [SS_OP_MAKE] = "make"};

	for (uint32_t op = SS_OP_NONE + 1; op < SS_OPS; op++) {
		if (!strcmp(word, names[op])) {
			o->ops |= 1U << op;
			return;
		}
	}
	argp_error(state, "--ops: '%s' is not an operation; known are grow, make", word);
}

static void set_sort(struct argp_state *state, struct options *o, const char *key)
{
	static const char *const names[] = {[REPORT_SORT_EVENTS] = "events",
					    [REPORT_SORT_LEN] = "len",
					    [REPORT_SORT_CAP] = "cap"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(key, names[i])) {
			o->sort = (enum report_sort)i;
			return;
		}
	}
	argp_error(state, "--sort: '%s' is not a key; known are events, len, cap", key);
}

static void set_format(struct argp_state *state, struct options *o, const char *name)
{
	o->format = output_find(name);
	if (!o->format)
		argp_error(state, "-o: '%s' is not a format; known are table, json", name);
}

static void set_interval(struct argp_state *state, struct options *o, const char *text)
{
	char *end;

	o->interval_s = strtod(text, &end);
	if (*end || end == text || !isfinite(o->interval_s) || o->interval_s < 0.001 ||
	    o->interval_s > 1e6)
		argp_error(state, "INTERVAL: '%s' is not a number of seconds from 0.001 to 1000000",
			   text);
}

static void only(struct argp_state *state, const char *option, const char *given, const char *known)
{
	if (strcmp(given, known) != 0)
		argp_error(state, "%s: '%s' is not known to this version; only '%s' is", option,
			   given, known);
}

static int parse_value_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'p':
		split(state, o, arg, add_pid);
		return 0;
	case 'e':
		o->exe = arg;
		return 0;
	case 'n':
		o->top = (size_t)number(state, "-n", arg, 0, SIZE_MAX / 2);
		return 0;
	case 's':
		set_sort(state, o, arg);
		return 0;
	case 'o':
		set_format(state, o, arg);
		return 0;
	case 'w':
		o->write = arg;
		return 0;
	case KEY_OPS:
		split(state, o, arg, add_op);
		return 0;
	case KEY_MAX_BASES:
		o->max_bases = (uint32_t)number(state, "--max-bases", arg, 1, UINT32_MAX);
		return 0;
	case KEY_BY:
		only(state, "--by", arg, "base");
		return 0;
	case KEY_BUDGET:
		only(state, "--budget", arg, "off");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* INTERVAL [COUNT] before `--`, the command behind it. */
static void trace_argument(struct argp_state *state, char *arg)
{
	struct options *o = state->input;

	if (state->quoted && state->next > state->quoted) {
		o->command = &state->argv[state->next - 1];
		state->next = state->argc;
	} else if (state->arg_num == 0) {
		set_interval(state, o, arg);
	} else if (state->arg_num == 1) {
		o->reports = number(state, "COUNT", arg, 1, UINT64_MAX);
	} else {
		argp_error(state, "'%s' is one argument too many; a command goes behind --", arg);
	}
}

static void check_trace(struct argp_state *state, const struct options *o)
{
	int ways = !!o->npids + !!o->exe + !!o->command;

	if (ways == 0)
		argp_error(state, "nothing to trace: name processes (-p PID, -e PATH) or a command "
				  "(-- CMD)");
	if (ways > 1)
		argp_error(state, "only one of -p, -e and -- CMD can be traced at a time");
}

static error_t parse_trace(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_TOTAL:
		o->total = true;
		return 0;
	case 'v':
		o->log_level = LOG_DEBUG;
		return 0;
	case 'q':
		o->log_level = LOG_WARN;
		return 0;
	case ARGP_KEY_ARG:
		trace_argument(state, arg);
		return 0;
	case ARGP_KEY_END:
		check_trace(state, o);
		return 0;
	default:
		return parse_value_option(key, arg, state);
	}
}

static error_t parse_plan(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (o->exe)
			argp_error(state, "'%s' is one argument too many", arg);
		o->exe = arg;
		return 0;
	case ARGP_KEY_END:
		if (!!o->exe + o->npids != 1)
			argp_error(state, "name one executable: plan PATH, or plan -p PID");
		return 0;
	default:
		return parse_value_option(key, arg, state);
	}
}

static const char trace_doc[] =
	"Show which slices of live Go processes grow and how much capacity they take."
	"\v"
	"INTERVAL is in seconds (default 1). Without COUNT, reports come until ^C or until the "
	"processes are gone; a last report has the exact totals. With a command, reports go to "
	"stderr and the exit status is the command's; else it is 0 done, 1 failed, 2 usage.\n\n"
	"slicestat plan (PATH | -p PID)  shows what would be probed and why\n"
	"slicestat check                 shows what this kernel and these privileges allow";

static const struct argp trace_argp = {
	.options = trace_options,
	.parser = parse_trace,
	.args_doc =
		"(-p PID[,PID] | -e PATH) [INTERVAL [COUNT]]\n[INTERVAL [COUNT]] -- CMD [ARG]...",
	.doc = trace_doc,
};

static const struct argp plan_argp = {
	.options = plan_options,
	.parser = parse_plan,
	.args_doc = "plan PATH\nplan -p PID",
	.doc = "Show which instructions of a Go executable slicestat would probe, and why. Needs "
	       "no "
	       "privileges.",
};

static void parse(const struct argp *argp, int argc, char **argv, struct options *out)
{
	*out = (struct options){
		.interval_s = 1.0,
		.top = 20,
		.format = output_formats[0],
		.max_bases = 262144,
		.log_level = LOG_INFO,
	};
	argp_err_exit_status = USAGE_STATUS;
	/* In order: else the interval before `--` would land behind it. */
	if (argp_parse(argp, argc, argv, ARGP_IN_ORDER, NULL, out))
		exit(USAGE_STATUS);
	if (!out->ops)
		out->ops = 1U << SS_OP_GROW | 1U << SS_OP_MAKE;
}

void options_parse_trace(int argc, char **argv, struct options *out)
{
	parse(&trace_argp, argc, argv, out);
}

void options_parse_plan(int argc, char **argv, struct options *out)
{
	parse(&plan_argp, argc, argv, out);
}

void options_free(struct options *opts)
{
	free((pid_t *)opts->pids);
}
