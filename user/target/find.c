// SPDX-License-Identifier: BSD-2-Clause
/* Processes by the file that they run. */
#include "target/target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target/proc.h"

struct search {
	dev_t dev;
	ino_t inode;
	pid_t *pids;
	size_t count, room;
	unsigned int hidden; /* processes that could not be looked into */
};

static int add_pid(struct search *s, pid_t pid)
{
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 16;
		pid_t *grown = reallocarray(s->pids, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		s->pids = grown;
		s->room = room;
	}
	s->pids[s->count++] = pid;
	return 0;
}

/* The exe of a kernel thread, which has none, is not to be looked into either. */
static bool is_kernel_thread(int proc_dir, const char *name)
{
	struct proc_stat stat = {0};
	int fd = openat(proc_dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool is;

	if (fd < 0)
		return true;
	is = proc_read_stat(fd, &stat) || stat.kernel_thread;
	close(fd);
	return is;
}

static int look_at(struct search *s, int proc_dir, const char *name)
{
	const char *digits = name;
	char path[300];
	uint64_t pid;
	struct stat st;

	if (!proc_take_number(&digits, 10, '\0', &pid) || (pid_t)pid == getpid())
		return 0;
	snprintf(path, sizeof(path), "%s/exe", name);
	if (fstatat(proc_dir, path, &st, 0) == 0) {
		if (st.st_dev == s->dev && st.st_ino == s->inode)
			return add_pid(s, (pid_t)pid);
		return 0;
	}
	if ((errno == EACCES || errno == EPERM) && !is_kernel_thread(proc_dir, name))
		s->hidden++;
	return 0;
}

static int look_at_all(struct search *s)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int err = 0;

	if (!proc)
		return -errno;
	while (!err) {
		errno = 0;
		entry = readdir(proc);
		if (!entry) {
			err = -errno;
			break;
		}
		err = look_at(s, dirfd(proc), entry->d_name);
	}
	closedir(proc);
	return err;
}

static int compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

int target_find(const char *path, pid_t **pids, struct reason *why)
{
	struct search s = {0};
	struct stat st;
	int err;

	reason_set(why, 0, "%s", "");
	if (stat(path, &st))
		return reason_set(why, -errno, "cannot find %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return reason_set(why, -EINVAL, "%s is not a program: name an executable file",
				  path);
	s.dev = st.st_dev;
	s.inode = st.st_ino;
	err = look_at_all(&s);
	if (err) {
		free(s.pids);
		return reason_set(why, err, "cannot list /proc: %s", strerror(-err));
	}
	if (!s.count && s.hidden)
		reason_set(
			why, 0,
			"%u processes could not be looked into: run as root or with CAP_SYS_PTRACE",
			s.hidden);
	if (s.count)
		qsort(s.pids, s.count, sizeof(*s.pids), compare_pids);
	*pids = s.pids;
	return (int)s.count;
}
