// SPDX-License-Identifier: BSD-2-Clause
#include "target/file_watch.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

struct file_watch {
	int fd;
	char *name; /* in its directory */
};

/* basename and dirname write into what they are given. */
static char *part_of(const char *path, char *(*part)(char *))
{
	char *copy = strdup(path), *found = NULL;

	if (copy)
		found = strdup(part(copy));
	free(copy);
	return found;
}

static int watch_directory(struct file_watch *w, const char *path)
{
	char *directory = part_of(path, dirname);
	int err = 0;

	if (!directory)
		return -ENOMEM;
	if (inotify_add_watch(w->fd, directory, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0)
		err = -errno;
	free(directory);
	return err;
}

int file_watch_new(const char *path, struct file_watch **out, struct reason *why)
{
	struct file_watch *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return reason_set(why, -ENOMEM, "out of memory");
	w->name = part_of(path, basename);
	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->fd < 0)
		err = -errno;
	else
		err = w->name ? watch_directory(w, path) : -ENOMEM;
	if (err) {
		file_watch_free(w);
		return reason_set(why, err, "cannot watch the directory of %s: %s", path,
				  strerror(-err));
	}
	*out = w;
	return 0;
}

void file_watch_free(struct file_watch *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	free(w->name);
	free(w);
}

int file_watch_fd(const struct file_watch *w)
{
	return w->fd;
}

/* Where the kernel had no room for events, any may have been lost. */
static bool names(const char *events, size_t len, const char *name)
{
	size_t at = 0;

	while (at + sizeof(struct inotify_event) <= len) {
		struct inotify_event event;

		memcpy(&event, events + at, sizeof(event));
		if (event.mask & IN_Q_OVERFLOW)
			return true;
		at += sizeof(event);
		if (event.len && !strcmp(events + at, name))
			return true;
		at += event.len;
	}
	return false;
}

bool file_watch_changed(struct file_watch *w)
{
	char events[4096];
	bool changed = false;
	ssize_t n;

	while ((n = read(w->fd, events, sizeof(events))) > 0)
		changed |= names(events, (size_t)n, w->name);
	return changed;
}
