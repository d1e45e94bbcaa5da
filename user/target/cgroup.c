// SPDX-License-Identifier: BSD-2-Clause
#include "target/cgroup.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

/* FILEID_KERNFS of include/linux/exportfs.h: a handle that is the file's id alone. */
#define HANDLE_KERNFS 0xfe

/* The line of version 2 begins with it: cgroups(7). */
#define OF_VERSION_2 "0::"

char *cgroup_parse(const char *text)
{
	const char *line = text;

	while (strncmp(line, OF_VERSION_2, strlen(OF_VERSION_2)) != 0) {
		line = strchr(line, '\n');
		if (!line++)
			return NULL;
	}
	line += strlen(OF_VERSION_2);
	return *line == '/' ? strndup(line, strcspn(line, "\n")) : NULL;
}

char *cgroup_of_process(int proc_fd)
{
	int fd = openat(proc_fd, "cgroup", O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char *line = NULL, *path = NULL;
	size_t room = 0;

	while (f && !path && getline(&line, &room, f) > 0)
		path = cgroup_parse(line);
	free(line);
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	return path;
}

/* Alone, or beside the hierarchies of version 1. */
static int open_hierarchy(void)
{
	static const char *const places[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	struct statfs fs;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int fd = open(places[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0 && !fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

static int open_cgroup(int hierarchy, uint64_t id)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(id)];
	} of = {.handle = {.handle_bytes = sizeof(id), .handle_type = HANDLE_KERNFS}};

	memcpy(of.handle.f_handle, &id, sizeof(id));
	return open_by_handle_at(hierarchy, &of.handle, O_PATH | O_CLOEXEC);
}

/* Where an fd leads; PATH_MAX bytes. Its length, or -1. */
static ssize_t read_fd_path(int fd, char *path)
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	if (n >= 0)
		path[n] = '\0';
	return n;
}

char *cgroup_by_id(uint64_t id)
{
	const int hierarchy = open_hierarchy();
	const int fd = hierarchy < 0 ? -1 : open_cgroup(hierarchy, id);
	char mount[PATH_MAX], path[PATH_MAX], *found = NULL;
	ssize_t n;

	if (fd >= 0) {
		n = read_fd_path(hierarchy, mount);
		if (n >= 0 && read_fd_path(fd, path) >= n && !strncmp(path, mount, (size_t)n))
			found = strdup(path[n] ? path + n : "/");
		close(fd);
	}
	if (hierarchy >= 0)
		close(hierarchy);
	return found;
}
