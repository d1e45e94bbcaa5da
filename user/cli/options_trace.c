// SPDX-License-Identifier: BSD-2-Clause
#include <math.h>

#include "cli/option_tables.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "slicestat.h"
#include "target/exe_link.h"

/* What can be traced in a part of a program: what calls tell by their arguments. */
#define SCOPE_OPS (1U << SS_OP_GROW | 1U << SS_OP_MAKE | 1U << SS_OP_COPY)

/* What makes or grows a slice. */
#define CHAIN_OPS                                                                                  \
	(1U << SS_OP_GROW | 1U << SS_OP_MAKE | 1U << SS_OP_COPY | 1U << SS_OP_MOVE |               \
	 1U << SS_OP_NOZERO | 1U << SS_OP_REFLECT | 1U << SS_OP_BYTES)

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

/* Nobody is there to drain, to look for processes or to take probes off and put them on. */
static void check_detach(struct argp_state *state, const struct options *o)
{
	if (!o->detach)
		return;
	if (!o->pin)
		argp_error(state, "--detach needs a place to be found again: --pin DIR");
	if (!o->npids)
		argp_error(state, "--detach takes processes (-p PID): who would wait for others?");
	if (o->budget > 0)
		argp_error(state, "--budget needs slicestat to watch it: leave --detach out");
	if (o->view == OUTPUT_CHAINS)
		argp_error(state, "--chains needs slicestat to make room: leave --detach out");
	if (state->arg_num > 0 || o->write)
		argp_error(state, "with --detach there are no reports: give INTERVAL, COUNT and -w "
				  "to slicestat attach DIR");
}

static void check_containers(struct argp_state *state, const struct options *o)
{
	if (!o->containers)
		return;
	if (!o->exe)
		argp_error(state, "--containers is about a path: give it with -e");
	if (!exe_link_can_be(o->exe))
		argp_error(state,
			   "--containers: '%s' is in no container: -e takes the file's whole path "
			   "there, from /",
			   o->exe);
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
	option_check_sort(state, o);
	check_detach(state, o);
	check_containers(state, o);
}

static error_t parse_trace(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_ATTACH:
		option_set_attach(state, o, arg);
		return 0;
	case KEY_PIN:
		o->pin = arg;
		return 0;
	case KEY_DETACH:
		o->detach = true;
		return 0;
	case KEY_CONTAINERS:
		o->containers = true;
		return 0;
	case KEY_SCHEMA:
		option_print_schema(state, "report");
		return 0;
	case ARGP_KEY_ARG:
		trace_argument(state, arg);
		return 0;
	case ARGP_KEY_END:
		if (o->by_given && o->view == OUTPUT_CHAINS)
			argp_error(state, "--chains has rows of its own: leave --by out");
		if (o->by_given)
			o->view = o->by;
		option_resolve_profile(state, o);
		option_resolve_sort(state, o);
		check_trace(state, o);
		return 0;
	default:
		return options_parse_value(key, arg, state);
	}
}

const struct argp options_trace_part = {.options = option_table_trace, .parser = parse_trace};

/* The time is divided into ticks of a second. */
static void set_seconds(struct argp_state *state, struct options *o, const char *text)
{
	option_set_interval(state, o, text);
	o->reports = (uint64_t)ceil(o->interval_s);
	o->interval_s /= (double)o->reports;
}

/*
 * [SECONDS] before `--`, the command behind it. Where nothing is named to watch, it is the file of
 * a recording.
 */
static error_t parse_advise(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	bool is_command = state->quoted && state->next > state->quoted;

	if (key == ARGP_KEY_SUCCESS) {
		o->advise = true;
		o->view = OUTPUT_CHAINS;
		return 0;
	}
	if (key == ARGP_KEY_END && !o->format->advise)
		argp_error(state, "advice comes as table or json, not as -o %s", o->format->name);
	if (key == KEY_SCHEMA)
		option_print_schema(state, "advice");
	if (key == ARGP_KEY_END && o->nrecordings) {
		if (!o->npids && !o->exe && !o->command) {
			option_check_recorded(state, o);
			return 0;
		}
		set_seconds(state, o, o->recordings[0]);
		o->nrecordings = 0;
	}
	if (key != ARGP_KEY_ARG || is_command)
		return parse_trace(key, arg, state);
	if (o->nrecordings)
		argp_error(state, "'%s' is one argument too many; a command goes behind --", arg);
	o->recordings[o->nrecordings++] = arg;
	return 0;
}

static const char trace_doc[] =
	"Show which slices of live Go processes grow and how much capacity they take."
	"\v"
	"INTERVAL is in seconds (default 1). Without COUNT, reports come until ^C or until the "
	"processes are gone; a last report has the exact totals. With a command, reports go to "
	"stderr and the exit status is the command's; else it is 0 done, 1 failed, 2 usage.\n\n"
	"slicestat advise ...            says what to change in the source, and what it saves\n"
	"slicestat top ...               shows it live, on the whole screen\n"
	"slicestat record -O FILE ...    keeps the last report in a file\n"
	"slicestat report FILE           shows that report again, by any view\n"
	"slicestat diff A B              shows what changed between two such files\n"
	"slicestat serve ...             shows it to Prometheus and receivers of OTLP\n"
	"slicestat attach DIR            shows reports of what --detach has left to the kernel\n"
	"slicestat stop DIR              ends that, with exact totals\n"
	"slicestat plan (PATH | -p PID)  shows what would be probed and why\n"
	"slicestat check                 shows what this kernel and these privileges allow\n"
	"slicestat completion SHELL      prints completions for bash, zsh or fish";

const struct argp options_trace = {
	.options = option_table_trace,
	.parser = parse_trace,
	.args_doc =
		"(-p PID[,PID] | -e PATH) [INTERVAL [COUNT]]\n[INTERVAL [COUNT]] -- CMD [ARG]...",
	.doc = trace_doc,
};

const struct argp options_advise = {
	.options = option_table_advise,
	.parser = parse_advise,
	.args_doc = "(-p PID[,PID] | -e PATH) [SECONDS]\n[SECONDS] -- CMD [ARG]...\nFILE",
	.doc = "Watch how slices grow until ^C, until the processes are gone or SECONDS are over; "
	       "then say where make with a capacity, reuse or slices.Clip pays, and how much. With "
	       "a FILE that slicestat record --chains=cheap -O FILE has written, from that.",
};
