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

static int find_in(FILE *maps, const struct mapped_file *file, uint64_t *start, uint64_t *offset)
{
	struct mapping m;
	char *line = NULL;
	size_t room = 0;
	int err = -ENOENT;
	ssize_t n;

	errno = 0;
	while ((n = getline(&line, &room, maps)) > 0) {
		bool same_inode;

		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (mapping_parse(line, &m) || !m.executable)
			continue;
		same_inode = m.dev == file->dev && m.inode == file->inode;
		if (!same_inode && (err == 0 || !same_path(m.path, file->path)))
			continue;
		*start = m.start;
		*offset = m.offset;
		err = 0;
		if (same_inode)
			break;
	}
	if (n < 0 && !feof(maps))
		err = errno ? -errno : -EIO;
	free(line);
	return err;
}

int maps_find_text(int proc_fd, const struct mapped_file *file, uint64_t *start, uint64_t *offset)
{
	int fd = openat(proc_fd, "maps", O_RDONLY | O_CLOEXEC);
	FILE *maps;
	int err;

	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	maps = fdopen(fd, "r");
	if (!maps) {
		err = -errno;
		close(fd);
		return err;
	}
	err = find_in(maps, file, start, offset);
	fclose(maps);
	return err;
}
