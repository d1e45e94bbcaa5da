// SPDX-License-Identifier: BSD-2-Clause
#include "recording/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in the making, beside where it is to be. */
struct place {
	char *path; /* no symbolic link, unless one to nowhere */
	char *beside;
	int fd;
};

static void close_place(struct place *p)
{
	if (p->fd >= 0) {
		if (p->beside)
			unlink(p->beside);
		close(p->fd);
	}
	free(p->path);
	free(p->beside);
}

char *recording_directory(const char *path)
{
	char *real = realpath(path, NULL), *slash;

	if (!real)
		real = strdup(path);
	if (!real)
		return NULL;
	slash = strrchr(real, '/');
	if (!slash) {
		free(real);
		return strdup(".");
	}
	slash[slash == real] = '\0';
	return real;
}

/* Moving a file to the place of a device would take the device away. */
static int check_kind(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) || S_ISLNK(st.st_mode) ? 0 : -EINVAL;
}

/* An fd, or a negative errno. *beside, to be freed, gets the path or NULL. */
static int open_beside(const char *path, char **beside)
{
	unsigned int drawn;
	char *name = NULL;
	int fd;

	if (getrandom(&drawn, sizeof(drawn), 0) != sizeof(drawn))
		return -EIO;
	if (asprintf(&name, "%s.%08x", path, drawn) < 0)
		return -ENOMEM;
	*beside = name;
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

static int open_place(struct place *p, const char *path, struct reason *why)
{
	int err;

	*p = (struct place){.path = realpath(path, NULL), .fd = -1};
	if (!p->path)
		p->path = strdup(path);
	err = p->path ? check_kind(p->path) : -ENOMEM;
	if (!err)
		err = p->fd = open_beside(p->path, &p->beside);
	if (err >= 0)
		return 0;
	close_place(p);
	if (err == -EINVAL)
		reason_set(why, err, "%s is no regular file: recordings go to a file", path);
	else
		reason_set(why, err, "cannot write %s: %s", path, strerror(-err));
	return err;
}

int recording_save_check(const char *path, struct reason *why)
{
	struct place p;
	int err = open_place(&p, path, why);

	if (!err)
		close_place(&p);
	return err;
}

/* What is on its way to the disk may still find that full. Some file systems know no fsync. */
static int sync_file(int fd)
{
	return fsync(fd) && errno != EINVAL && errno != EROFS ? -errno : 0;
}

static int put_in_place(struct place *p, uint64_t *size)
{
	struct stat st;
	int err = sync_file(p->fd);

	if (!err && fstat(p->fd, &st))
		err = -errno;
	if (!err && rename(p->beside, p->path))
		err = -errno;
	if (err)
		return err;
	*size = (uint64_t)st.st_size;
	close(p->fd);
	p->fd = -1;
	return 0;
}

int recording_save(const char *path, const struct recording_source *source, uint64_t *size,
		   struct reason *why)
{
	struct place p;
	int err = open_place(&p, path, why);

	if (err)
		return err;
	err = recording_write(p.fd, source);
	if (!err)
		err = put_in_place(&p, size);
	close_place(&p);
	if (err)
		reason_set(why, err, "cannot write %s: %s", path, strerror(-err));
	return err;
}
