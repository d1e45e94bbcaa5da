// SPDX-License-Identifier: BSD-2-Clause
#include "cli/option_tables.h"
#include "cli/option_values.h"
#include "cli/options.h"

/* What concerns reports; DIR. */
static error_t parse_pinned(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	if (key != ARGP_KEY_END)
		return options_parse_value(key, arg, state);
	if (!o->pin)
		argp_error(state, "name the DIR of --pin");
	return 0;
}

/* DIR [INTERVAL [COUNT]] */
static error_t parse_attach(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	if (key != ARGP_KEY_ARG)
		return parse_pinned(key, arg, state);
	if (state->arg_num == 0)
		o->pin = arg;
	else if (state->arg_num == 1)
		option_set_interval(state, o, arg);
	else if (state->arg_num == 2)
		o->reports = option_number(state, "COUNT", arg, 1, UINT64_MAX);
	else
		argp_error(state, "'%s' is one argument too many", arg);
	return 0;
}

static error_t parse_stop(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	if (key != ARGP_KEY_ARG)
		return parse_pinned(key, arg, state);
	if (state->arg_num > 0)
		argp_error(state, "'%s' is one argument too many", arg);
	o->pin = arg;
	return 0;
}

const struct argp options_attach = {
	.options = option_table_attach,
	.parser = parse_attach,
	.args_doc = "attach DIR [INTERVAL [COUNT]]",
	.doc = "Show reports of what slicestat --pin DIR --detach has left to the kernel. It goes "
	       "on, also when this ends.",
};

const struct argp options_stop = {
	.options = option_table_attach,
	.parser = parse_stop,
	.args_doc = "stop DIR",
	.doc = "End what slicestat --pin DIR --detach has left to the kernel, and show its exact "
	       "totals. Also removes what a slicestat that was killed has left in DIR.",
};
