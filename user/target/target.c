// SPDX-License-Identifier: BSD-2-Clause
#include "target/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "target/inside.h"
#include "target/maps.h"
#include "target/memory.h"
#include "target/pidfd.h"
#include "target/user.h"

#define DELETED_SUFFIX " (deleted)"

/* An exec under way is waited for this often and long: a cold file needs some milliseconds. */
#define SETTLE_TRIES   200
#define SETTLE_WAIT_MS 5

static bool same_exec(const struct proc_stat *a, const struct proc_stat *b)
{
	if (a->start_time != b->start_time)
		return false;
	return !a->start_stack || !b->start_stack || a->start_stack == b->start_stack;
}

/* Say why /proc/PID could not be used; err is the negative errno that it gave. */
static int explain(const struct target *t, int err, struct reason *why)
{
	char user[64];

	if (err == -ESRCH || pidfd_ended(t->pidfd, 0))
		return reason_set(why, -ESRCH, "process %d has ended", t->pid);
	if (err == -EACCES || err == -EPERM) {
		user_describe(t->proc_fd, user, sizeof(user));
		return reason_set(why, -EACCES,
				  "not permitted to look into process %d%s: run as root or with "
				  "CAP_SYS_PTRACE",
				  t->pid, user);
	}
	if (err == -ENOENT)
		return reason_set(
			why, -ESRCH,
			"process %d has no executable any more: its main thread has ended", t->pid);
	return reason_set(why, err, "cannot read /proc/%d: %s", t->pid, strerror(-err));
}

/* pidfd_open takes only process ids: name the process when pid is another thread's id. */
static int explain_no_process(pid_t pid, int err, struct reason *why)
{
	char path[32];
	uint64_t tgid = 0;
	int fd;

	if (err == -ENOSYS)
		return reason_set(why, err, "this kernel has no pidfd_open: Linux 5.3 is needed");
	if (err != -ESRCH && err != -EINVAL && err != -ENOENT)
		return reason_set(why, err, "cannot open process %d: %s", pid, strerror(-err));
	snprintf(path, sizeof(path), "/proc/%d", pid);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		if (proc_read_status(fd, "Tgid:", &tgid))
			tgid = 0;
		close(fd);
	}
	if (tgid && tgid != (uint64_t)pid)
		return reason_set(why, -EINVAL, "pid %d is a thread of process %d: use -p %d", pid,
				  (int)tgid, (int)tgid);
	return reason_set(why, -ESRCH, "no process %d", pid);
}

static int open_process(struct target *t, struct reason *why)
{
	char path[32];

	t->pidfd = pidfd_of(t->pid);
	if (t->pidfd < 0)
		return explain_no_process(t->pid, t->pidfd, why);
	snprintf(path, sizeof(path), "/proc/%d", t->pid);
	t->proc_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->proc_fd >= 0)
		return 0;
	if (errno == ENOENT && !pidfd_ended(t->pidfd, 0))
		return reason_set(
			why, -EACCES,
			"process %d is not shown in /proc (hidepid?): run as root or with "
			"CAP_SYS_PTRACE",
			t->pid);
	return explain(t, errno == ENOENT ? -ESRCH : -errno, why);
}

/* The link as it is; PATH_MAX bytes. The kernel refuses to show a path longer than that. */
static int read_exe_link(int proc_fd, char *path)
{
	ssize_t n = readlinkat(proc_fd, "exe", path, PATH_MAX - 1);

	if (n < 0)
		return -errno;
	path[n] = '\0';
	return 0;
}

/* Take the kernel's " (deleted)" off, unless the file is really called so. */
static void strip_deleted(int proc_fd, const struct stat *exe, char *path)
{
	char seen[PATH_MAX + 8];
	size_t length = strlen(path), suffix = strlen(DELETED_SUFFIX);
	struct stat st;

	if (length <= suffix || strcmp(path + length - suffix, DELETED_SUFFIX) != 0)
		return;
	snprintf(seen, sizeof(seen), "root%s", path);
	if (fstatat(proc_fd, seen, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == exe->st_dev &&
	    st.st_ino == exe->st_ino)
		return;
	path[length - suffix] = '\0';
}

static int open_exe(struct target *t, struct reason *why)
{
	struct stat st;
	int err = read_exe_link(t->proc_fd, t->exe);

	if (err == -ENAMETOOLONG)
		snprintf(t->exe, sizeof(t->exe), "/proc/%d/exe", t->pid);
	else if (err)
		return explain(t, err, why);
	t->exe_fd = openat(t->proc_fd, "exe", O_RDONLY | O_CLOEXEC);
	if (t->exe_fd < 0 && errno == EACCES && !pidfd_ended(t->pidfd, 0))
		return reason_set(why, -EACCES,
				  "not permitted to read %s of process %d: run as root or with "
				  "CAP_DAC_READ_SEARCH",
				  t->exe, t->pid);
	if (t->exe_fd < 0 || fstat(t->exe_fd, &st))
		return explain(t, -errno, why);
	t->dev = st.st_dev;
	t->inode = st.st_ino;
	strip_deleted(t->proc_fd, &st, t->exe);
	return 0;
}

static void close_image(struct target *t)
{
	if (t->exe_fd >= 0)
		close(t->exe_fd);
	if (t->mem_fd >= 0)
		close(t->mem_fd);
	t->exe_fd = t->mem_fd = -1;
}

/*
 * Read what the process runs. *settled is false when an exec was under way or came in between: then
 * the parts may be of two images, or start_stack is not the final one yet.
 */
static int read_image(struct target *t, bool *settled, struct reason *why)
{
	struct proc_stat after;
	int err = proc_read_stat(t->proc_fd, &t->stat);

	if (err)
		return explain(t, err, why);
	if (t->stat.kernel_thread)
		return reason_set(why, -ENOEXEC,
				  "process %d is a kernel thread: it runs no program", t->pid);
	err = open_exe(t, why);
	if (err)
		return err;
	t->mem_fd = memory_open(t->proc_fd);
	err = proc_read_stat(t->proc_fd, &after);
	if (err || pidfd_ended(t->pidfd, 0))
		return explain(t, err ? err : -ESRCH, why);
	*settled =
		t->stat.end_code && t->stat.start_stack && t->stat.start_stack == after.start_stack;
	return 0;
}

static int pin_image(struct target *t, struct reason *why)
{
	bool settled = false;
	int err;

	for (int tries = 0; tries < SETTLE_TRIES; tries++) {
		err = read_image(t, &settled, why);
		if (err || settled)
			return err;
		close_image(t);
		pidfd_ended(t->pidfd, SETTLE_WAIT_MS);
	}
	return reason_set(why, -EAGAIN, "process %d keeps starting other programs: try again",
			  t->pid);
}

int target_open(pid_t pid, struct target **out, struct reason *why)
{
	struct target *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return reason_set(why, -ENOMEM, "out of memory");
	t->pid = pid;
	t->pidfd = t->proc_fd = t->exe_fd = t->mem_fd = -1;
	err = open_process(t, why);
	if (!err)
		err = pin_image(t, why);
	if (err) {
		target_free(t);
		return err;
	}
	*out = t;
	return 0;
}

void target_free(struct target *t)
{
	if (!t)
		return;
	close_image(t);
	if (t->proc_fd >= 0)
		close(t->proc_fd);
	if (t->pidfd >= 0)
		close(t->pidfd);
	free(t);
}

pid_t target_pid(const struct target *t)
{
	return t->pid;
}

const char *target_exe(const struct target *t)
{
	return t->exe;
}

int target_proc_fd(const struct target *t)
{
	return t->proc_fd;
}

int target_exe_fd(const struct target *t)
{
	return t->exe_fd;
}

int target_pidfd(const struct target *t)
{
	return t->pidfd;
}

/*
 * Whether the memory that was opened is nobody's any more: that can be told without a right to look
 * into the process. Nothing need lie at the address.
 */
static bool memory_is_gone(const struct target *t)
{
	char byte;

	return t->mem_fd >= 0 && memory_read(t->mem_fd, 0, &byte, sizeof(byte)) == -ESRCH;
}

/*
 * The end is told by the pidfd alone, which is readable for a zombie too. State Z in stat is not
 * asked: it also shows while only the main thread has ended and others run on.
 */
enum target_state target_state(const struct target *t)
{
	struct proc_stat now;
	struct stat st;
	bool gone;

	if (pidfd_ended(t->pidfd, 0))
		return TARGET_GONE;
	if (fstatat(t->proc_fd, "exe", &st, 0) == 0 &&
	    (st.st_dev != t->dev || st.st_ino != t->inode))
		return TARGET_EXECED;
	/* Before its end a process gives its memory up: who has some after that, execed. */
	gone = memory_is_gone(t);
	if (proc_read_stat(t->proc_fd, &now) == 0 &&
	    (!same_exec(&t->stat, &now) || (gone && now.memory)))
		return TARGET_EXECED;
	return pidfd_ended(t->pidfd, 0) ? TARGET_GONE : TARGET_RUNNING;
}

bool target_is(const struct target *t, uint64_t start_ns, uint64_t start_code)
{
	return proc_began_at(&t->stat, start_ns) && t->stat.start_code == start_code;
}

struct target_stamp target_stamp(const struct target *t)
{
	return (struct target_stamp){.start_time = t->stat.start_time,
				     .start_stack = t->stat.start_stack};
}

enum target_state target_state_since(const struct target *t, const struct target_stamp *stamp)
{
	const struct proc_stat then = {.start_time = stamp->start_time,
				       .start_stack = stamp->start_stack};

	if (t->stat.start_time != then.start_time)
		return TARGET_GONE;
	return same_exec(&t->stat, &then) ? target_state(t) : TARGET_EXECED;
}

int target_text(const struct target *t, uint64_t *start, uint64_t *offset, struct reason *why)
{
	char link[PATH_MAX];
	struct mapped_file file = {.dev = t->dev, .inode = t->inode, .path = link};
	int err = read_exe_link(t->proc_fd, link);

	if (!err || err == -ENAMETOOLONG)
		err = maps_find_text(t->proc_fd, &file, start, offset);
	if (target_state(t) == TARGET_EXECED)
		return reason_set(why, -ESRCH, "process %d runs another program now", t->pid);
	/*
	 * An exiting process gives up its memory, and with it maps and exe, some time before its
	 * pidfd says that it has ended.
	 */
	if (err == -ENOENT && read_exe_link(t->proc_fd, link) != -ENOENT &&
	    target_state(t) == TARGET_RUNNING)
		return reason_set(why, -ENOEXEC,
				  "process %d does not run code from its file %s (packed?): unpack "
				  "the program and start it again",
				  t->pid, t->exe);
	return err ? explain(t, err, why) : 0;
}

int target_read(const struct target *t, uint64_t addr, void *buf, size_t len)
{
	if (t->mem_fd >= 0)
		return memory_read(t->mem_fd, addr, buf, len);
	if (t->mem_fd == -ENOENT)
		return -ESRCH;
	return t->mem_fd == -EPERM ? -EACCES : t->mem_fd;
}

/* The number of a process that is gone may be another's: only what was alive behind counts. */
double target_cpu_s(struct target *t)
{
	struct timespec cpu;
	clockid_t clock;

	if (!clock_getcpuclockid(t->pid, &clock) && !clock_gettime(clock, &cpu) &&
	    target_state(t) == TARGET_RUNNING)
		t->cpu_s = (double)cpu.tv_sec + 1e-9 * (double)cpu.tv_nsec;
	return t->cpu_s;
}
