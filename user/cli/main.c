// SPDX-License-Identifier: BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "cli/options.h"
#include "cli/verbs.h"
#include "log/log.h"
#include "privilege/privilege.h"

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

/* argv[0] is the program, as if there were no verb. Advice is traced for like anything else. */
static const struct verb {
	const char *name;
	const struct argp *options;
	int (*run)(const struct options *opts);
} verbs[] = {
	{"advise", &options_advise, verb_advise}, {"record", &options_record, verb_trace},
	{"report", &options_report, verb_report}, {"diff", &options_diff, verb_diff},
	{"attach", &options_attach, verb_attach}, {"stop", &options_stop, verb_stop},
	{"plan", &options_plan, verb_plan},	  {"check", &options_check, verb_check},
};

static const struct verb trace = {"", &options_trace, verb_trace};

static int run(const struct verb *verb, int argc, char **argv)
{
	struct options opts;
	int status;

	options_parse(verb->options, argc, argv, &opts);
	log_set_level(opts.log_level);
	status = verb->run(&opts);
	options_free(&opts);
	return status;
}

int main(int argc, char **argv)
{
	struct reason why;

	if (privilege_refuse_setuid(&why)) {
		log_error("%s", why.text);
		return 1;
	}
	libbpf_set_print(libbpf_message);
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!strcmp(argv[1], verbs[i].name)) {
			argv[1] = argv[0];
			return run(&verbs[i], argc - 1, argv + 1);
		}
	}
	return run(&trace, argc, argv);
}
