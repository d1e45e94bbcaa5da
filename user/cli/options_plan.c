// SPDX-License-Identifier: BSD-2-Clause
#include "cli/option_tables.h"
#include "cli/options.h"

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
		return options_parse_value(key, arg, state);
	}
}

const struct argp options_plan = {
	.options = option_table_plan,
	.parser = parse_plan,
	.args_doc = "plan PATH\nplan -p PID",
	.doc = "Show which instructions of a Go executable slicestat would probe, and why. Needs "
	       "no "
	       "privileges.",
};

static error_t parse_check(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key == ARGP_KEY_ARG)
		argp_error(state, "check takes no arguments");
	return ARGP_ERR_UNKNOWN;
}

const struct argp options_check = {
	.parser = parse_check,
	.args_doc = "check",
	.doc = "Show what this kernel and these privileges allow, and which ways slicestat takes.",
};
