// SPDX-License-Identifier: BSD-2-Clause
#include "cli/verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "trace/executable.h"
#include "cli/plan_print.h"
#include "cli/plan_print_scope.h"
#include "log/log.h"
#include "target/target.h"

static const struct symbols_skip no_skip;

static int make_plan(struct executable *exe, const struct options *opts, struct reason *why)
{
	int err = executable_plan(exe, &opts->request, why);

	if (err)
		return err;
	if (options_scoped(opts))
		return executable_scope(exe, &opts->request, &opts->scope, &no_skip, why);
	return executable_callers(exe, true, &no_skip, why);
}

static int print_plan(const struct executable *exe, const struct options *opts)
{
	if (exe->scope)
		return plan_print_scope(stdout, exe->path, parsed_info(exe->parsed), &exe->plan,
					&opts->scope, exe->scope);
	return plan_print(stdout, exe->path, parsed_info(exe->parsed), &exe->plan, exe->callers);
}

static int plan_fd(struct parser *parser, int fd, const char *path, const struct options *opts)
{
	struct executable *exe = NULL;
	struct reason why;
	int err = executable_open(parser, fd, path, &exe, &why);

	if (!err)
		err = make_plan(exe, opts, &why);
	if (err)
		log_error("%s: %s", path, why.text);
	else
		err = print_plan(exe, opts);
	executable_free(exe);
	return err ? 1 : 0;
}

static int plan_pid(struct parser *parser, pid_t pid, const struct options *opts)
{
	struct target *target;
	struct reason why;
	int status;

	if (target_open(pid, &target, &why)) {
		log_error("%s", why.text);
		return 1;
	}
	status = plan_fd(parser, target_exe_fd(target), target_exe(target), opts);
	target_free(target);
	return status;
}

static int plan_path(struct parser *parser, const struct options *opts)
{
	int fd, status;

	fd = open(opts->exe, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		log_error("cannot open %s: %s", opts->exe, strerror(errno));
		return 1;
	}
	status = plan_fd(parser, fd, opts->exe, opts);
	close(fd);
	return status;
}

int verb_plan(const struct options *opts)
{
	struct parser *parser;
	struct reason why;
	int status;

	if (parser_new(&parser, &why)) {
		log_error("%s", why.text);
		return 1;
	}
	status = opts->npids ? plan_pid(parser, opts->pids[0], opts) : plan_path(parser, opts);
	parser_free(parser);
	return status;
}
