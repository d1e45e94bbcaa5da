// SPDX-License-Identifier: BSD-2-Clause
#include "target/target.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target/inside.h"
#include "target/maps.h"

struct library_search {
	const struct target *target;
	target_library_fn fn;
	void *ctx;
};

/* mapping_fn: through the process's own root directory. */
static bool open_library(void *ctx, const struct mapping *mapping)
{
	const struct library_search *search = ctx;
	const struct target *t = search->target;
	char path[PATH_MAX + 8];
	bool goes_on = true;
	struct stat st;
	int fd;

	if (mapping->path[0] != '/')
		return true;
	snprintf(path, sizeof(path), "root%s", mapping->path);
	fd = openat(t->proc_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return true;
	if (!fstat(fd, &st) && (st.st_dev != t->dev || st.st_ino != t->inode))
		goes_on = search->fn(search->ctx, fd, mapping->path);
	close(fd);
	return goes_on;
}

int target_libraries(const struct target *t, target_library_fn fn, void *ctx)
{
	struct library_search search = {t, fn, ctx};

	return maps_each_text(t->proc_fd, open_library, &search);
}
