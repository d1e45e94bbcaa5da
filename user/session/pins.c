// SPDX-License-Identifier: BSD-2-Clause
#include "session/pins.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <bpf/bpf.h>

#define BPFFS "/sys/fs/bpf"
#define LINKS "links"

/* All that sessions pin: nothing else is ever removed. */
static const char *const names[] = {"session", "traced",  "bases",     "bases_a", "bases_b",
				    "windows", "sites",	  "sites_a",   "sites_b", "site_windows",
				    "stacks",  "tails",	  "tail_ends", "lives",	  "counts",
				    "control", "targets", "pending"};

struct pins {
	char path[PATH_MAX];
	int fd; /* of the directory */
	bool ours;
};

/* The directory that path lies in. */
static void parent_of(const char *path, char parent[PATH_MAX])
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	while (n > 1 && path[n - 1] != '/')
		n--;
	while (n > 1 && path[n - 1] == '/')
		n--;
	snprintf(parent, PATH_MAX, "%.*s", (int)n, path);
}

static bool is_bpffs(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && (unsigned long)fs.f_type == BPF_FS_MAGIC;
}

/* Empty directories of bpffs may be mounts of it too. */
static int check_place(const char *path, struct reason *why)
{
	char parent[PATH_MAX];
	struct stat st;

	parent_of(path, parent);
	if (is_bpffs(path) || (stat(path, &st) && is_bpffs(parent)))
		return 0;
	if (!is_bpffs(BPFFS))
		return reason_set(why, -EINVAL,
				  "no BPF file system is mounted: mount -t bpf bpf " BPFFS);
	return reason_set(why, -EINVAL,
			  "%.150s lies on no BPF file system: name a directory below " BPFFS, path);
}

static int explain_make(const char *path, int err, struct reason *why)
{
	const char *name = strrchr(path, '/');

	if (err == -EPERM && name && strchr(name, '.'))
		return reason_set(why, err, "cannot make %.150s: a BPF file system takes no dots",
				  path);
	if (err == -EACCES || err == -EPERM)
		return reason_set(why, err,
				  "not permitted to make %.150s: run as root, or have root make an "
				  "empty directory of yours there",
				  path);
	return reason_set(why, err, "cannot make %.150s: %s", path, strerror(-err));
}

static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return dir && n <= 2;
}

static int open_dir(struct pins *p, struct reason *why)
{
	p->fd = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return p->fd < 0
		       ? reason_set(why, -errno, "cannot open %.150s: %s", p->path, strerror(errno))
		       : 0;
}

static int make(struct pins *p, struct reason *why)
{
	int err = check_place(p->path, why);

	if (err)
		return err;
	if (mkdir(p->path, 0700) && errno != EEXIST)
		return explain_make(p->path, -errno, why);
	err = open_dir(p, why);
	if (err)
		return err;
	if (pins_lock(p) || !is_empty(p->path))
		return reason_set(why, -EEXIST,
				  "%.120s is not empty: slicestat stop ends a session that is "
				  "there, or choose another directory",
				  p->path);
	p->ours = true;
	return 0;
}

static struct pins *new_pins(const char *dir)
{
	struct pins *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->fd = -1;
	snprintf(p->path, sizeof(p->path), "%s%s", dir[0] == '/' ? "" : BPFFS "/", dir);
	return p;
}

int pins_new(const char *dir, struct pins **out, struct reason *why)
{
	struct pins *p = new_pins(dir);
	int err = p ? make(p, why) : reason_set(why, -ENOMEM, "out of memory");

	if (err)
		pins_free(p);
	else
		*out = p;
	return err;
}

/* What session it is, the map `session` tells. */
static int find(struct pins *p, struct reason *why)
{
	struct stat st;
	int err;

	if (stat(p->path, &st) && errno == ENOENT)
		return reason_set(why, -ENOENT, "there is no %.180s", p->path);
	err = open_dir(p, why);
	if (err)
		return err;
	if (faccessat(p->fd, names[0], F_OK, 0))
		return reason_set(why, -ENOENT, "%.180s holds no session of slicestat's", p->path);
	return 0;
}

int pins_open(const char *dir, struct pins **out, struct reason *why)
{
	struct pins *p = new_pins(dir);
	int err = p ? find(p, why) : reason_set(why, -ENOMEM, "out of memory");

	if (err)
		pins_free(p);
	else
		*out = p;
	return err;
}

void pins_free(struct pins *p)
{
	if (!p)
		return;
	if (p->ours)
		pins_remove(p);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

const char *pins_path(const struct pins *p)
{
	return p->path;
}

int pins_lock(const struct pins *p)
{
	return flock(p->fd, LOCK_EX | LOCK_NB) ? -errno : 0;
}

static int path_of(const struct pins *p, const char *name, char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s/%s", p->path, name) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int pins_link_path(const struct pins *p, size_t n, char path[PATH_MAX])
{
	char name[32];

	snprintf(name, sizeof(name), LINKS "/%zu", n);
	return path_of(p, name, path);
}

int pins_put(struct pins *p, const char *name, int fd)
{
	char path[PATH_MAX];
	int err = path_of(p, name, path);

	return err ? err : bpf_obj_pin(fd, path);
}

int pins_put_link(struct pins *p, size_t n, int fd)
{
	char path[PATH_MAX];
	int err = pins_link_path(p, n, path);

	if (!err && mkdirat(p->fd, LINKS, 0700) && errno != EEXIST)
		err = -errno;
	return err ? err : bpf_obj_pin(fd, path);
}

int pins_get(const struct pins *p, const char *name)
{
	char path[PATH_MAX];
	int err = path_of(p, name, path);

	return err ? err : bpf_obj_get(path);
}

void pins_keep(struct pins *p)
{
	p->ours = false;
}

static int removed(int result)
{
	return result && errno != ENOENT ? -errno : 0;
}

int pins_remove_links(const struct pins *p)
{
	int fd = openat(p->fd, LINKS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int err = 0;

	if (!dir)
		return fd < 0 ? removed(-1) : -errno;
	while (!err && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			err = removed(unlinkat(fd, entry->d_name, 0));
	closedir(dir);
	return err ? err : removed(unlinkat(p->fd, LINKS, AT_REMOVEDIR));
}

/* The name that makes it a session goes last. A mount cannot be removed: it is left empty. */
int pins_remove(const struct pins *p)
{
	int err = pins_remove_links(p);

	for (size_t i = sizeof(names) / sizeof(names[0]); i-- > 0 && !err;)
		err = removed(unlinkat(p->fd, names[i], 0));
	if (!err && rmdir(p->path) && errno != EBUSY)
		err = -errno;
	return err;
}
