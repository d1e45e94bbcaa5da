// SPDX-License-Identifier: BSD-2-Clause
#include "cli/verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/executable.h"
#include "cli/plan_print.h"
#include "log/log.h"
#include "target/target.h"

static int plan_fd(int fd, const char *path, const struct plan_request *request)
{
	static const struct symbols_skip none;
	struct executable *exe = NULL;
	struct reason why;
	int err = executable_open(fd, path, &exe, &why);

	if (!err)
		err = executable_plan(exe, request, &why);
	if (!err)
		err = executable_callers(exe, &none, &why);
	if (err)
		log_error("%s: %s", path, why.text);
	else
		err = plan_print(stdout, path, exe->bin, &exe->plan, exe->callers);
	executable_free(exe);
	return err ? 1 : 0;
}

static int plan_pid(pid_t pid, const struct plan_request *request)
{
	struct target *target;
	struct reason why;
	int status;

	if (target_open(pid, &target, &why)) {
		log_error("%s", why.text);
		return 1;
	}
	status = plan_fd(target_exe_fd(target), target_exe(target), request);
	target_free(target);
	return status;
}

int verb_plan(const struct options *opts)
{
	int fd, status;

	if (opts->npids)
		return plan_pid(opts->pids[0], &opts->request);
	fd = open(opts->exe, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		log_error("cannot open %s: %s", opts->exe, strerror(errno));
		return 1;
	}
	status = plan_fd(fd, opts->exe, &opts->request);
	close(fd);
	return status;
}
