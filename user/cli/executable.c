// SPDX-License-Identifier: BSD-2-Clause
#include "cli/executable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int executable_open(int fd, struct executable **out, struct reason *why)
{
	struct executable *exe = calloc(1, sizeof(*exe));
	int err;

	if (!exe)
		return reason_set(why, -ENOMEM, "out of memory");
	exe->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (exe->fd < 0)
		err = reason_set(why, -errno, "cannot keep the executable open: %s",
				 strerror(errno));
	else
		err = gobin_open(exe->fd, &exe->bin, why);
	if (err) {
		executable_free(exe);
		return err;
	}
	*out = exe;
	return 0;
}

int executable_plan(struct executable *exe, uint32_t ops, struct reason *why)
{
	return plan_make(exe->bin, ops, &exe->plan, why);
}

void executable_free(struct executable *exe)
{
	if (!exe)
		return;
	gobin_free(exe->bin);
	if (exe->fd >= 0)
		close(exe->fd);
	free(exe);
}

/* The first word of abi.Type is Size_ (internal/abi/type.go, Go 1.18 to 1.27). */
int64_t executable_type_size(const struct executable *exe, uint64_t type)
{
	uint64_t size;

	if (!type || gobin_read(exe->bin, type, &size, sizeof(size)))
		return -1;
	return size <= INT64_MAX ? (int64_t)size : -1;
}
