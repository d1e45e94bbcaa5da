// SPDX-License-Identifier: BSD-2-Clause
/* The verb that shows a run to monitoring systems. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config.h"
#include "cli/option_tables.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "serve/listen.h"
#include "serve/push.h"

/* Of a run that nobody watches all the time. */
#define SERVE_BUDGET	 0.05
#define SERVE_INTERVAL_S 5.0
#define SERVE_SERIES	 100
#define SERVE_SERIES_MAX 10000

const struct argp_option option_table_serve[] = {
	{.doc = "Where metrics go:", .group = 1},
	{.name = "listen",
	 .key = KEY_LISTEN,
	 .arg = "[ADDRESS:]PORT",
	 .group = 1,
	 .doc = "Answer to http://ADDRESS:PORT/metrics, ADDRESS in numbers (default 127.0.0.1)"},
	{.name = "otlp",
	 .key = KEY_OTLP,
	 .arg = "URL",
	 .group = 1,
	 .doc = "Send them to a receiver of OTLP by HTTP, as "
		"http://127.0.0.1:4318/v1/metrics"},
	{.name = "config",
	 .key = KEY_CONFIG,
	 .arg = "FILE",
	 .group = 1,
	 .doc = "Options from a file, a line each: name = value, or name where it takes none. "
		"What is said later on the command line replaces them"},
	{.name = "interval",
	 .key = KEY_INTERVAL,
	 .arg = "SECONDS",
	 .group = 1,
	 .doc = "As INTERVAL: how often metrics are made anew (default 5)"},
	{},
};

static error_t parse_serve(int key, char *arg, struct argp_state *state);

static error_t parse_any(int key, char *arg, struct argp_state *state)
{
	error_t err = parse_serve(key, arg, state);

	return err == ARGP_ERR_UNKNOWN ? options_trace_part.parser(key, arg, state) : err;
}

/* What no other option makes right. */
static void check_shown(struct argp_state *state, struct options *o)
{
	if (o->by_given || o->view != OUTPUT_BY_SITE)
		argp_error(state, "metrics are of sites: leave --by and --chains out");
	if (o->stacks)
		argp_error(state, "metrics tell no stacks: leave --stacks out");
	if (o->format->profile)
		argp_error(state, "metrics need every interval: leave -o %s out", o->format->name);
	if (o->detach)
		argp_error(state, "--detach leaves nobody to serve");
	if (o->top < 1 || o->top > SERVE_SERIES_MAX)
		argp_error(state, "-n: sites have from 1 to %d series", SERVE_SERIES_MAX);
	option_resolve_sort(state, o);
}

/*
 * As on the command line, but what is wrong with a value is told with its line. argp(3) returns
 * then like after a warning; the options are of no use any more.
 */
static void take_line(struct argp_state *state, const struct argp_option *option,
		      const struct config_line *line, const char *path)
{
	FILE *const stream = state->err_stream;
	const unsigned int flags = state->flags;
	char *said = NULL, *text;
	size_t size = 0;

	state->err_stream = open_memstream(&said, &size);
	if (!state->err_stream)
		argp_failure(state, 1, errno, "--config");
	state->flags |= ARGP_NO_EXIT;
	parse_any(option->key, line->value, state);
	/* Nothing that is asked of a value that was refused. */
	if (!fflush(state->err_stream) && !size)
		check_shown(state, state->input);
	fclose(state->err_stream);
	state->err_stream = stream;
	state->flags = flags;
	/* "slicestat: --budget: ...", and how to get help. */
	text = said ? strstr(said, ": ") : NULL;
	if (text)
		argp_error(state, "%s:%u: %.*s", path, line->number, (int)strcspn(text + 2, "\n"),
			   text + 2);
	free(said);
}

/* Those that add to what there is already. */
static bool can_repeat(int key)
{
	return key == 'p' || key == KEY_OPS || key == KEY_FUNC || key == KEY_SKIP ||
	       key == KEY_IN || key == KEY_NOT_IN;
}

/* A second line would take the first one's place, wherever in the file that stands. */
static void check_first(struct argp_state *state, int key, const struct config_line *line,
			const char *path, unsigned int numbers[KEYS])
{
	if (numbers[key] && !can_repeat(key))
		argp_error(state, "%s:%u: '%s' is in line %u already", path, line->number,
			   line->name, numbers[key]);
	numbers[key] = line->number;
}

/* The texts stay: options point into them. */
static void read_config(struct argp_state *state, struct options *o, const char *path)
{
	static const struct argp_option *const tables[] = {option_table_serve, option_table_trace,
							   NULL};
	struct config_line line = {.number = 0};
	unsigned int numbers[KEYS] = {0};
	struct reason why;
	char *at;

	if (o->config)
		argp_error(state, "--config: one file is enough");
	check_shown(state, o);
	if (config_read(path, &o->config, &why))
		argp_error(state, "%s", why.text);
	at = o->config;
	while (config_next(&at, &line)) {
		const struct argp_option *option = config_option(tables, &line, path, &why);

		if (!option)
			argp_error(state, "%s", why.text);
		else if (option->key == KEY_CONFIG || option->key == KEY_SCHEMA)
			argp_error(state, "%s:%u: %s is for the command line", path, line.number,
				   line.name);
		else {
			check_first(state, option->key, &line, path, numbers);
			take_line(state, option, &line, path);
		}
	}
}

/* Nothing else is written, and metrics have neither. */
static void check_reports(struct argp_state *state, const struct options *o)
{
	const char *of_reports = o->total	   ? "--total"
				 : o->min_bytes	   ? "--min-bytes"
				 : o->format_given ? "--output"
						   : NULL;

	if (of_reports && !o->write)
		argp_error(state, "%s is of reports: name their file with -w FILE", of_reports);
}

static void check_serve(struct argp_state *state, struct options *o)
{
	struct reason why;

	if (!o->listen && !o->otlp)
		argp_error(state, "name where metrics go: --listen PORT or --otlp URL");
	if (o->reports)
		argp_error(state, "it serves until ^C: leave COUNT out");
	check_shown(state, o);
	check_reports(state, o);
	if (o->otlp && push_check_headers(&why))
		argp_error(state, "%s", why.text);
}

static void set_listen(struct argp_state *state, struct options *o, const char *where)
{
	struct reason why;

	o->listen = where;
	if (listen_check(where, &why))
		argp_error(state, "%s", why.text);
}

static void set_otlp(struct argp_state *state, struct options *o, const char *url)
{
	struct reason why;

	o->otlp = url;
	if (push_check_url(url, &why))
		argp_error(state, "%s", why.text);
}

static error_t parse_serve(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = o;
		o->view = OUTPUT_BY_SITE;
		o->budget = SERVE_BUDGET;
		o->interval_s = SERVE_INTERVAL_S;
		o->top = SERVE_SERIES;
		return 0;
	case KEY_LISTEN:
		set_listen(state, o, arg);
		return 0;
	case KEY_OTLP:
		set_otlp(state, o, arg);
		return 0;
	case KEY_CONFIG:
		read_config(state, o, arg);
		return 0;
	case KEY_INTERVAL:
		option_set_interval(state, o, arg);
		return 0;
	case ARGP_KEY_END:
		check_serve(state, o);
		o->no_reports = !o->write;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child serve_children[] = {{.argp = &options_trace_part}, {}};

const struct argp options_serve = {
	.options = option_table_serve,
	.parser = parse_serve,
	.children = serve_children,
	.args_doc = "(--listen PORT | --otlp URL) (-p PID[,PID] | -e PATH) [INTERVAL]\n"
		    "(--listen PORT | --otlp URL) [INTERVAL] -- CMD [ARG]...\n"
		    "--config FILE",
	.doc = "Trace, and show what is counted to monitoring systems: to Prometheus, which asks "
	       "for "
	       "it, in its text format or as OpenMetrics; and to a receiver of OTLP, which it is "
	       "sent to. --budget is 5 unless said otherwise. -n is how many sites have series of "
	       "their own (default 100); all others are in one, site=\"other\". When the processes "
	       "of -p have ended, their exact totals are served until ^C. Reports themselves are "
	       "written with -w only.",
};
