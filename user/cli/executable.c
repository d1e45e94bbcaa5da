// SPDX-License-Identifier: BSD-2-Clause
#include "cli/executable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int executable_open(int fd, const char *path, struct executable **out, struct reason *why)
{
	struct executable *exe = calloc(1, sizeof(*exe));
	struct stat st = {0};
	int err;

	if (!exe)
		return reason_set(why, -ENOMEM, "out of memory");
	exe->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	exe->path = strdup(path);
	if (!exe->path)
		err = reason_set(why, -ENOMEM, "out of memory");
	else if (exe->fd < 0 || fstat(exe->fd, &st))
		err = reason_set(why, -errno, "cannot keep the executable open: %s",
				 strerror(errno));
	else
		err = gobin_open(exe->fd, &exe->bin, why);
	if (err) {
		executable_free(exe);
		return err;
	}
	exe->dev = st.st_dev;
	exe->inode = st.st_ino;
	*out = exe;
	return 0;
}

bool executable_is(const struct executable *exe, int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_dev == exe->dev && st.st_ino == exe->inode;
}

int executable_plan(struct executable *exe, const struct plan_request *request, struct reason *why)
{
	return plan_make(exe->bin, request, &exe->plan, why);
}

int executable_callers(struct executable *exe, bool with_calls, const struct symbols_skip *skip,
		       struct reason *why)
{
	static const struct plan nothing;
	int err = plan_callers_make(exe->bin, with_calls ? &exe->plan : &nothing, skip->patterns,
				    skip->count, &exe->callers, why);

	if (!err && symbols_new(exe->bin, exe->callers, skip, &exe->symbols))
		err = reason_set(why, -ENOMEM, "out of memory");
	return err;
}

int executable_scope(struct executable *exe, const struct plan_request *request,
		     const struct plan_patterns *patterns, const struct symbols_skip *skip,
		     struct reason *why)
{
	return plan_scope_make(exe->bin, request, patterns, skip->patterns, skip->count,
			       &exe->scope, why);
}

void executable_free(struct executable *exe)
{
	if (!exe)
		return;
	symbols_free(exe->symbols);
	plan_callers_free(exe->callers);
	plan_scope_free(exe->scope);
	gobin_free(exe->bin);
	if (exe->fd >= 0)
		close(exe->fd);
	free(exe->path);
	free(exe);
}
