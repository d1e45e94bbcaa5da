// SPDX-License-Identifier: BSD-2-Clause
#include "target/exe_link.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* d_path in the kernel's fs/d_path.c. */
#define DELETED_SUFFIX " (deleted)"

static bool is_plain_name(const char *name, size_t length)
{
	return length > 0 && length <= NAME_MAX && strncmp(name, ".", length) != 0 &&
	       strncmp(name, "..", length) != 0;
}

bool exe_link_can_be(const char *path)
{
	if (strlen(path) >= PATH_MAX)
		return false;
	do {
		const size_t length = *path == '/' ? strcspn(path + 1, "/") : 0;

		if (!is_plain_name(path + 1, length))
			return false;
		path += 1 + length;
	} while (*path);
	return true;
}

static bool is_at(const char *link, const char *path)
{
	const size_t length = strlen(path);

	return !strncmp(link, path, length) &&
	       (!link[length] || !strcmp(link + length, DELETED_SUFFIX));
}

/* Links lead from the root of the mount namespace, in which the process may have another root. */
bool exe_link_is(const char *exe, const char *root, const char *path)
{
	const size_t length = strlen(root);

	return is_at(exe, path) || (!strncmp(exe, root, length) && is_at(exe + length, path));
}

/* PATH_MAX bytes. 0 or a negative errno. */
static int read_link(int dir, const char *name, char *link)
{
	ssize_t n = readlinkat(dir, name, link, PATH_MAX - 1);

	if (n < 0)
		return -errno;
	link[n] = '\0';
	return 0;
}

/* A path that is longer than the kernel shows is none that is looked for. */
static int link_error(int err)
{
	switch (err) {
	case -ENOENT:
		return -ESRCH;
	case -EPERM:
		return -EACCES;
	case -ENAMETOOLONG:
		return -ENOENT;
	default:
		return err;
	}
}

/* What is opened may be of another exec than the link that was read: its own path tells. */
static int open_at(int proc_fd, const char *root, const char *path)
{
	char own[32], link[PATH_MAX];
	int fd = openat(proc_fd, "exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	snprintf(own, sizeof(own), "/proc/self/fd/%d", fd);
	if (!read_link(AT_FDCWD, own, link) && exe_link_is(link, root, path))
		return fd;
	close(fd);
	return -ENOENT;
}

static int open_of(int proc_fd, const char *path)
{
	char link[PATH_MAX], root[PATH_MAX];
	int err = read_link(proc_fd, "exe", link);

	if (!err)
		err = read_link(proc_fd, "root", root);
	if (err)
		return link_error(err);
	return exe_link_is(link, root, path) ? open_at(proc_fd, root, path) : -ENOENT;
}

int exe_link_open(pid_t pid, const char *path)
{
	char name[32];
	int proc_fd, fd;

	snprintf(name, sizeof(name), "/proc/%d", pid);
	proc_fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc_fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	fd = open_of(proc_fd, path);
	close(proc_fd);
	return fd;
}
