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

static int plan(int argc, char **argv)
{
	struct options opts;
	int status;

	options_parse_plan(argc, argv, &opts);
	status = verb_plan(&opts);
	options_free(&opts);
	return status;
}

int main(int argc, char **argv)
{
	libbpf_set_print(libbpf_message);
	if (argc > 1 && !strcmp(argv[1], "plan")) {
		argv[1] = argv[0];
		return plan(argc - 1, argv + 1);
	}
	if (argc > 1 && !strcmp(argv[1], "check")) {
		if (argc > 2) {
			log_error("check takes no arguments");
			return 2;
		}
		return verb_check();
	}
	return trace(argc, argv);
}
