// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.h"

#include <math.h>
#include <stdlib.h>

#include "cli/option_tables.h"
#include "cli/option_values.h"
#include "slicestat.h"

#define USAGE_STATUS 2

/* What can be traced in a part of a program: what calls tell by their arguments. */
#define SCOPE_OPS (1U << SS_OP_GROW | 1U << SS_OP_MAKE | 1U << SS_OP_COPY)

/* What makes or grows a slice. */
#define CHAIN_OPS                                                                                  \
	(1U << SS_OP_GROW | 1U << SS_OP_MAKE | 1U << SS_OP_COPY | 1U << SS_OP_MOVE |               \
	 1U << SS_OP_NOZERO | 1U << SS_OP_REFLECT | 1U << SS_OP_BYTES)

const char *argp_program_version = "slicestat " SLICESTAT_VERSION;

static int parse_value_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'p':
		option_split(state, o, arg, option_add_pid);
		return 0;
	case 'e':
		o->exe = arg;
		return 0;
	case 'n':
		o->top = (size_t)option_number(state, "-n", arg, 0, SIZE_MAX / 2);
		return 0;
	case 's':
		o->sort_name = arg;
		return 0;
	case 'o':
		option_set_format(state, o, arg);
		return 0;
	case 'w':
		o->write = arg;
		return 0;
	case KEY_OPS:
		option_split(state, o, arg, option_add_op);
		return 0;
	case KEY_FUNC:
		option_add_func(state, o, arg);
		return 0;
	case KEY_MAX_BASES:
		o->max_bases = (uint32_t)option_number(state, "--max-bases", arg, 1, UINT32_MAX);
		return 0;
	case KEY_SKIP:
		o->skip = option_add_pattern(state, o->skip, &o->nskip, arg);
		return 0;
	case KEY_IN:
		o->scope.in = option_add_pattern(state, o->scope.in, &o->scope.nin, arg);
		return 0;
	case KEY_NOT_IN:
		o->scope.not_in =
			option_add_pattern(state, o->scope.not_in, &o->scope.nnot_in, arg);
		return 0;
	case KEY_CHAINS:
		option_set_chains(state, o, arg);
		return 0;
	case KEY_BY:
		option_set_view(state, o, arg);
		return 0;
	case KEY_MIN_BYTES:
		o->min_bytes = option_number(state, "--min-bytes", arg, 0, UINT64_MAX);
		return 0;
	case KEY_BUDGET:
		option_set_budget(state, o, arg);
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
		option_set_interval(state, o, arg);
	} else if (state->arg_num == 1) {
		o->reports = option_number(state, "COUNT", arg, 1, UINT64_MAX);
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
	if (o->stacks && o->view != OUTPUT_BY_SITE)
		argp_error(state, "--stacks tells sites apart: use it with --by site");
	if (o->budget > 0 && o->view == OUTPUT_CHAINS)
		argp_error(state, "chains need every growth: leave --budget out");
	if (options_scoped(o) && (o->request.ops & ~SCOPE_OPS || o->request.nrecords))
		argp_error(state,
			   "--in and --not-in know --ops grow, make and copy, and no --func");
	if (o->view == OUTPUT_CHAINS && options_scoped(o))
		argp_error(state,
			   "chains need all that grows and makes: leave --in and --not-in out");
	if (o->view == OUTPUT_CHAINS && o->min_bytes)
		argp_error(state, "--min-bytes is for rows of bytes allocated, not for --chains");
	if (o->view == OUTPUT_CHAINS && (o->request.ops & ~CHAIN_OPS || o->request.nrecords))
		argp_error(state, "only slices have chains: --ops grow, make, copy, move, nozero, "
				  "reflect, bytes");
	if (o->sort == REPORT_SORT_COPIED && o->view == OUTPUT_BY_BASE)
		argp_error(state,
			   "bytes copied are not kept by base: use --by site, type or process");
}

static error_t parse_trace(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_TOTAL:
		o->total = true;
		return 0;
	case KEY_STACKS:
		o->stacks = true;
		return 0;
	case KEY_ATTACH:
		option_set_attach(state, o, arg);
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
		if (o->by_given && o->view == OUTPUT_CHAINS)
			argp_error(state, "--chains has rows of its own: leave --by out");
		if (o->by_given)
			o->view = o->by;
		option_resolve_sort(state, o);
		check_trace(state, o);
		return 0;
	default:
		return parse_value_option(key, arg, state);
	}
}

/* [SECONDS] before `--`, the command behind it. The time is divided into ticks of a second. */
static error_t parse_advise(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	bool is_command = state->quoted && state->next > state->quoted;

	if (key != ARGP_KEY_ARG || is_command)
		return parse_trace(key, arg, state);
	if (state->arg_num > 0)
		argp_error(state, "'%s' is one argument too many; a command goes behind --", arg);
	option_set_interval(state, o, arg);
	o->reports = (uint64_t)ceil(o->interval_s);
	o->interval_s /= (double)o->reports;
	return 0;
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
	"slicestat advise ...            says what to change in the source, and what it saves\n"
	"slicestat plan (PATH | -p PID)  shows what would be probed and why\n"
	"slicestat check                 shows what this kernel and these privileges allow";

static const struct argp trace_argp = {
	.options = option_table_trace,
	.parser = parse_trace,
	.args_doc =
		"(-p PID[,PID] | -e PATH) [INTERVAL [COUNT]]\n[INTERVAL [COUNT]] -- CMD [ARG]...",
	.doc = trace_doc,
};

static const struct argp advise_argp = {
	.options = option_table_advise,
	.parser = parse_advise,
	.args_doc = "(-p PID[,PID] | -e PATH) [SECONDS]\n[SECONDS] -- CMD [ARG]...",
	.doc = "Watch how slices grow until ^C, until the processes are gone or SECONDS are over; "
	       "then say where make with a capacity, reuse or slices.Clip pays, and how much.",
};

static const struct argp plan_argp = {
	.options = option_table_plan,
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
	if (!out->request.ops && !out->request.nrecords)
		out->request.ops = 1U << SS_OP_GROW | 1U << SS_OP_MAKE;
}

void options_parse_trace(int argc, char **argv, struct options *out)
{
	parse(&trace_argp, argc, argv, out);
}

void options_parse_advise(int argc, char **argv, struct options *out)
{
	parse(&advise_argp, argc, argv, out);
	out->advise = true;
	out->view = OUTPUT_CHAINS;
}

void options_parse_plan(int argc, char **argv, struct options *out)
{
	parse(&plan_argp, argc, argv, out);
}

void options_free(struct options *opts)
{
	free((pid_t *)opts->pids);
	free((const char **)opts->skip);
	free((const char **)opts->scope.in);
	free((const char **)opts->scope.not_in);
	for (size_t i = 0; i < opts->request.nrecords; i++)
		free((char *)opts->request.records[i].func);
	free((struct plan_record *)opts->request.records);
}

bool options_scoped(const struct options *opts)
{
	return opts->scope.nin || opts->scope.nnot_in;
}
