// SPDX-License-Identifier: BSD-2-Clause
#include "cli/option_tables.h"
#include "cli/options.h"

static const struct argp_option table[] = {
	{.name = "pid", .key = 'p', .arg = "PID[,PID]", .doc = "Watch these processes"},
	{.name = "exe",
	 .key = 'e',
	 .arg = "PATH",
	 .doc = "Watch the processes that run this executable, now and later"},
	{.name = "containers",
	 .key = KEY_CONTAINERS,
	 .doc = "With -e: those too that run an executable of this path in any container"},
	{.name = "by",
	 .key = KEY_BY,
	 .arg = "VIEW",
	 .doc = "The rows to begin with: base, site (default), type, or process"},
	{.name = "sort",
	 .key = 's',
	 .arg = "KEY",
	 .doc = "Largest first, to begin with: events (default), alloc, copied, slack (these a "
		"second), len, cap (sums of elements)"},
	{.name = "ops", .key = KEY_OPS, .arg = "OP[,OP]", .doc = "Operations (default grow,make)"},
	{.name = "func",
	 .key = KEY_FUNC,
	 .arg = "NAME[:ARG]",
	 .doc = "Record a slice at each call of a Go function. May be repeated"},
	{.name = "skip",
	 .key = KEY_SKIP,
	 .arg = "PATTERN",
	 .doc = "Functions of helper packages: the line shown is that of their caller. May be "
		"repeated"},
	{.name = "in",
	 .key = KEY_IN,
	 .arg = "PATTERN",
	 .doc = "Only calls in functions like that. May be repeated"},
	{.name = "not-in",
	 .key = KEY_NOT_IN,
	 .arg = "PATTERN",
	 .doc = "None in functions like that. May be repeated"},
	{.name = "max-bases",
	 .key = KEY_MAX_BASES,
	 .arg = "N",
	 .doc = "Bases a window holds (default 262144)"},
	{.name = "budget",
	 .key = KEY_BUDGET,
	 .arg = "off|PCT",
	 .doc = "Ceiling for the cost, in per cent of the processes' CPU time (default off)"},
	{.name = "attach",
	 .key = KEY_ATTACH,
	 .arg = "WAY",
	 .doc = "How probes are attached: uprobe_multi, or perf_event"},
	{.name = "verbose",
	 .key = 'v',
	 .doc = "More messages: the last ones, when the screen is gone"},
	{.name = "quiet", .key = 'q', .doc = "Only warnings and errors"},
	{},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	error_t err;

	if (key == ARGP_KEY_END && !o->by_given) {
		o->by_given = true;
		o->by = OUTPUT_BY_SITE;
	}
	err = options_trace_part.parser(key, arg, state);
	if (!err && key == ARGP_KEY_END && o->command)
		argp_error(state, "a command would write on the screen: start it elsewhere, and "
				  "name its process (-p PID)");
	return err;
}

const struct argp options_top = {
	.options = table,
	.parser = parse,
	.args_doc = "(-p PID[,PID] | -e PATH) [INTERVAL [COUNT]]",
	.doc = "Show which slices grow, live, on the whole screen: by site, type, process or base, "
	       "with rates; Enter goes into a row. h shows the keys, q ends it."
	       "\v"
	       "INTERVAL is in seconds (default 1); + and - change it. With COUNT it ends by "
	       "itself "
	       "after so many. Where the processes end, the last rows stay until q.",
};
