// SPDX-License-Identifier: BSD-2-Clause
#include "target/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "target/proc.h"

int mapping_parse(const char *line, struct mapping *out)
{
	const char *p = line;
	uint64_t major_no, minor_no;

	if (!proc_take_number(&p, 16, '-', &out->start) ||
	    !proc_take_number(&p, 16, ' ', &out->end) || out->end <= out->start)
		return -EINVAL;
	if (strnlen(p, 5) < 5 || p[4] != ' ' || (p[2] != 'x' && p[2] != '-'))
		return -EINVAL;
	out->executable = p[2] == 'x';
	p += 5;
	if (!proc_take_number(&p, 16, ' ', &out->offset) ||
	    !proc_take_number(&p, 16, ':', &major_no) || !proc_take_number(&p, 16, ' ', &minor_no))
		return -EINVAL;
	if (!proc_take_number(&p, 10, ' ', &out->inode) &&
	    !proc_take_number(&p, 10, '\0', &out->inode))
		return -EINVAL;
	out->dev = makedev((unsigned int)major_no, (unsigned int)minor_no);
	out->path = p + strspn(p, " ");
	return 0;
}

/* The kernel writes a newline as \012 in maps and changes no other character of the path. */
static bool same_path(const char *shown, const char *path)
{
	for (; *path; path++) {
		if (*path == '\n') {
			if (strncmp(shown, "\\012", 4) != 0)
				return false;
			shown += 4;
		} else if (*shown++ != *path) {
			return false;
		}
	}
	return !*shown;
}

/* The next executable mapping: false at the end or an error, which errno tells. */
static bool next_text(FILE *maps, char **line, size_t *room, struct mapping *m)
{
	ssize_t n;

	errno = 0;
	while ((n = getline(line, room, maps)) > 0) {
		if ((*line)[n - 1] == '\n')
			(*line)[n - 1] = '\0';
		if (!mapping_parse(*line, m) && m->executable)
			return true;
	}
	return false;
}

static int end_error(FILE *maps)
{
	if (feof(maps))
		return 0;
	return errno ? -errno : -EIO;
}

/* NULL: *err tells why. */
static FILE *open_maps(int proc_fd, int *err)
{
	int fd = openat(proc_fd, "maps", O_RDONLY | O_CLOEXEC);
	FILE *maps;

	if (fd < 0) {
		*err = errno == ENOENT ? -ESRCH : -errno;
		return NULL;
	}
	maps = fdopen(fd, "r");
	if (!maps) {
		*err = -errno;
		close(fd);
	}
	return maps;
}

static int find_in(FILE *maps, const struct mapped_file *file, uint64_t *start, uint64_t *offset)
{
	bool found = false, same_inode = false;
	struct mapping m;
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	while (!same_inode && next_text(maps, &line, &room, &m)) {
		same_inode = m.dev == file->dev && m.inode == file->inode;
		if (!same_inode && (found || !same_path(m.path, file->path)))
			continue;
		*start = m.start;
		*offset = m.offset;
		found = true;
	}
	if (!same_inode)
		err = end_error(maps);
	free(line);
	return err || found ? err : -ENOENT;
}

int maps_find_text(int proc_fd, const struct mapped_file *file, uint64_t *start, uint64_t *offset)
{
	int err = 0;
	FILE *maps = open_maps(proc_fd, &err);

	if (!maps)
		return err;
	err = find_in(maps, file, start, offset);
	fclose(maps);
	return err;
}

int maps_each_text(int proc_fd, mapping_fn fn, void *ctx)
{
	bool goes_on = true;
	struct mapping m;
	char *line = NULL;
	size_t room = 0;
	int err = 0;
	FILE *maps = open_maps(proc_fd, &err);

	if (!maps)
		return err;
	while (goes_on && next_text(maps, &line, &room, &m))
		goes_on = fn(ctx, &m);
	if (goes_on)
		err = end_error(maps);
	free(line);
	fclose(maps);
	return err;
}
