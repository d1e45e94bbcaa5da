// SPDX-License-Identifier: BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "cli/options.h"
#include "cli/verbs.h"
#include "log/log.h"

/* libbpf's own words are for -v only: each failure is explained once where its cause is known. */
static int libbpf_message(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char line[1024];
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	if (level == LIBBPF_DEBUG || n <= 0)
		return 0;
	line[strcspn(line, "\n")] = '\0';
	log_debug("%s", line);
	return 0;
}

static int trace(int argc, char **argv)
{
	struct options opts;
	int status;

	options_parse_trace(argc, argv, &opts);
	log_set_level(opts.log_level);
	status = verb_trace(&opts);
	options_free(&opts);
	return status;
}

/* Traced like anything else: only what is written in the end is different. */
static int advise(int argc, char **argv)
{
	struct options opts;
	int status;

	options_parse_advise(argc, argv, &opts);
	log_set_level(opts.log_level);
	status = verb_trace(&opts);
	options_free(&opts);
	return status;
}

static int plan(int argc, char **argv)
{
	struct options opts;
	int status;

	options_parse_plan(argc, argv, &opts);
	status = verb_plan(&opts);
	options_free(&opts);
	return status;
}

static int check(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		log_error("check takes no arguments");
		return 2;
	}
	return verb_check();
}

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the program, as if there were no verb */
} verbs[] = {
	{"advise", advise},
	{"plan", plan},
	{"check", check},
};

int main(int argc, char **argv)
{
	libbpf_set_print(libbpf_message);
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(argv[1], verbs[i].name)) {
			argv[1] = argv[0];
			return verbs[i].run(argc - 1, argv + 1);
		}
	}
	return trace(argc, argv);
}
