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
	const struct verb *verb = verbs;
	struct reason why;

	if (privilege_refuse_setuid(&why)) {
		log_error("%s", why.text);
		return 1;
	}
	libbpf_set_print(libbpf_message);
	while (verb->name && (argc < 2 || strcmp(argv[1], verb->name) != 0))
		verb++;
	if (!verb->name)
		return run(verb, argc, argv);
	/* argv[0] is the program, as if there were no verb. */
	argv[1] = argv[0];
	return run(verb, argc - 1, argv + 1);
}
