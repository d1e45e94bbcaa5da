// SPDX-License-Identifier: BSD-2-Clause
/* The verbs that write and read recordings. */
#include "cli/option_tables.h"
#include "cli/option_values.h"
#include "cli/options.h"

const struct argp_option option_table_record[] = {
	{.name = "record",
	 .key = 'O',
	 .arg = "FILE",
	 .doc = "Where the recording goes; what is there is replaced at the end"},
	{},
};

const struct argp_option option_table_report[] = {
	{.name = "by",
	 .key = KEY_BY,
	 .arg = "VIEW",
	 .doc = "site (default), type or process; base of what was recorded by base"},
	{.name = "stacks", .key = KEY_STACKS, .doc = "With --by site: tell sites apart by stack"},
	{.name = "top", .key = 'n', .arg = "N", .doc = "Rows shown, 0 = all (default 20)"},
	{.name = "sort", .key = 's', .arg = "KEY", .doc = "Largest first, as of a run"},
	{.name = "min-bytes",
	 .key = KEY_MIN_BYTES,
	 .arg = "N",
	 .doc = "Leave out rows that allocated fewer bytes; they are summed up"},
	{.name = "total", .key = KEY_TOTAL, .doc = "As of a run; a recording has sums anyhow"},
	{.name = "output", .key = 'o', .arg = "FORMAT", .doc = "table (default) or json"},
	{.name = "write", .key = 'w', .arg = "FILE", .doc = "The report goes to FILE"},
	{.name = "schema", .key = KEY_SCHEMA, .doc = "Print the JSON schema of the reports"},
	{},
};

const struct argp_option option_table_diff[] = {
	{.name = "sort",
	 .key = 's',
	 .arg = "KEY",
	 .doc = "Largest change first: alloc (default), events, copied, slack, len, cap"},
	{.name = "top", .key = 'n', .arg = "N", .doc = "Rows shown, 0 = all (default 20)"},
	{.name = "rate", .key = KEY_RATE, .doc = "Compare figures per second, not per recording"},
	{.name = "fail-over",
	 .key = KEY_FAIL_OVER,
	 .arg = "PCT",
	 .doc = "Exit with status 3 where the key's total grew by more than PCT %, or one row by "
		"more than PCT % of A's total"},
	{.name = "output", .key = 'o', .arg = "FORMAT", .doc = "table (default) or json"},
	{.name = "write", .key = 'w', .arg = "FILE", .doc = "The table goes to FILE"},
	{.name = "schema", .key = KEY_SCHEMA, .doc = "Print the JSON schema of the diff"},
	{},
};

void option_check_recorded(struct argp_state *state, const struct options *o)
{
	if (o->record)
		argp_error(state, "-O is for what is traced, not for a recording");
	if (!o->format->advise)
		argp_error(state, "-o: %s has no advice; known are table, json", o->format->name);
}

static error_t parse_record(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = o;
		o->view = OUTPUT_BY_SITE;
		return 0;
	case 'O':
		return options_parse_value(key, arg, state);
	case ARGP_KEY_END:
		if (!o->record)
			argp_error(state, "name the recording: record -O FILE");
		if (o->detach)
			argp_error(state, "--detach leaves before there is anything to record");
		o->no_reports = !o->write;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child record_children[] = {{.argp = &options_trace_part}, {}};

const struct argp options_record = {
	.options = option_table_record,
	.parser = parse_record,
	.children = record_children,
	.args_doc = "-O FILE (-p PID[,PID] | -e PATH) [INTERVAL [COUNT]]\n"
		    "-O FILE [INTERVAL [COUNT]] -- CMD [ARG]...",
	.doc = "Trace, and keep the last report in FILE with all names, for slicestat report, "
	       "advise and diff. By site, unless --by base or --chains asks for others; reports "
	       "themselves are written with -w only.",
};

static void add_recording(struct argp_state *state, struct options *o, const char *path, size_t max)
{
	if (o->nrecordings == max)
		argp_error(state, "'%s' is one argument too many", path);
	else
		o->recordings[o->nrecordings++] = path;
}

static error_t parse_report(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_SCHEMA:
		option_print_schema(state, "report");
		return 0;
	case ARGP_KEY_ARG:
		add_recording(state, o, arg, 1);
		return 0;
	case ARGP_KEY_END:
		if (!o->nrecordings)
			argp_error(state, "name a recording: report FILE");
		if (o->stacks && o->by_given && o->by != OUTPUT_BY_SITE)
			argp_error(state, "--stacks tells sites apart: use it with --by site");
		option_resolve_profile(state, o);
		option_resolve_any_sort(state, o);
		return 0;
	default:
		return options_parse_value(key, arg, state);
	}
}

const struct argp options_report = {
	.options = option_table_report,
	.parser = parse_report,
	.args_doc = "report FILE",
	.doc = "Show the report that slicestat record has kept in FILE. Needs no privileges, and "
	       "nothing of what was traced.",
};

static error_t parse_diff(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		o->sort = REPORT_SORT_ALLOCATED;
		o->fail_over = -1;
		return 0;
	case KEY_SCHEMA:
		option_print_schema(state, "diff");
		return 0;
	case KEY_RATE:
		o->rate = true;
		return 0;
	case KEY_FAIL_OVER:
		option_set_fail_over(state, o, arg);
		return 0;
	case ARGP_KEY_ARG:
		add_recording(state, o, arg, 2);
		return 0;
	case ARGP_KEY_END:
		if (o->nrecordings < 2)
			argp_error(state, "name two recordings: diff A B");
		if (o->format->profile)
			argp_error(state, "differences come as table or json, not as -o %s",
				   o->format->name);
		option_resolve_sort(state, o);
		return 0;
	default:
		return options_parse_value(key, arg, state);
	}
}

const struct argp options_diff = {
	.options = option_table_diff,
	.parser = parse_diff,
	.args_doc = "diff A B",
	.doc = "Show what changed from recording A to B, by function, line, element type and "
	       "operation; lines that moved are found again. The exit status is 0, 3 where "
	       "--fail-over says so, 1 failed, 2 usage.",
};
