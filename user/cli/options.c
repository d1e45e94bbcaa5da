// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.h"

#include <stdlib.h>

#include "cli/option_tables.h"
#include "cli/option_values.h"
#include "slicestat.h"

#define USAGE_STATUS 2

const char *argp_program_version = "slicestat " SLICESTAT_VERSION;

/* What is traced and how. */
static error_t parse_run(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'p':
		option_split(state, o, arg, option_add_pid);
		return 0;
	case 'e':
		o->exe = arg;
		return 0;
	case 'O':
		o->record = arg;
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
	case KEY_BUDGET:
		option_set_budget(state, o, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What is shown and said, and where. */
static error_t parse_shown(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'n':
		o->top = (size_t)option_number(state, "-n", arg, 0, SIZE_MAX / 2);
		o->top_given = true;
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
	case 'v':
		o->log_level = LOG_DEBUG;
		return 0;
	case 'q':
		o->log_level = LOG_WARN;
		return 0;
	case KEY_BY:
		option_set_view(state, o, arg);
		return 0;
	case KEY_STACKS:
		o->stacks = true;
		return 0;
	case KEY_TOTAL:
		o->total = true;
		return 0;
	case KEY_MIN_BYTES:
		o->min_bytes = option_number(state, "--min-bytes", arg, 0, UINT64_MAX);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

error_t options_parse_value(int key, char *arg, struct argp_state *state)
{
	error_t err = parse_shown(key, arg, state);

	return err == ARGP_ERR_UNKNOWN ? parse_run(key, arg, state) : err;
}

void options_parse(const struct argp *argp, int argc, char **argv, struct options *out)
{
	*out = (struct options){
		.interval_s = 1.0,
		.top = 20,
		.format = output_formats[0],
		.max_bases = 262144,
		.log_level = LOG_INFO,
		.words = argv,
		.nwords = (size_t)argc,
	};
	argp_err_exit_status = USAGE_STATUS;
	/* In order: else the interval before `--` would land behind it. */
	if (argp_parse(argp, argc, argv, ARGP_IN_ORDER, NULL, out))
		exit(USAGE_STATUS);
	if (!out->request.ops && !out->request.nrecords)
		out->request.ops = 1U << SS_OP_GROW | 1U << SS_OP_MAKE;
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
	free(opts->config);
}
