// SPDX-License-Identifier: BSD-2-Clause
#include "cli/trace_follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log.h"
#include "session/follow.h"
#include "target/file_watch.h"

/* Processes that run at a time. */
#define RUNNING_MAX SS_FOLLOWED_TARGETS_MAX
/* Processes that are known, with those that have ended. */
#define PROCESSES_MAX 65536

struct trace_follow {
	struct follow *kernel;
	struct file_watch *path;
	uint32_t index_of[RUNNING_MAX]; /* in trace.targets, plus 1, by number; 0: nobody */
	uint32_t left[RUNNING_MAX];	/* numbers of those that left, oldest first */
	int nleft;
	uint32_t nfollowed;	    /* files */
	bool followed[RUNNING_MAX]; /* by the executable's number */
	uint64_t unreturned;
	dev_t dev; /* the file that was at the path when it was looked at last */
	ino_t inode;
};

/* Each file takes some twenty fds, for its programs, maps and links. */
static void raise_fd_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		log_debug("limit of open files not raised: %s", strerror(errno));
}

static bool has_running(const struct trace *trace, uint32_t exe_number)
{
	for (size_t i = 0; i < trace->ntargets; i++)
		if (trace->targets[i].exe_number == exe_number && !trace->targets[i].gone)
			return true;
	return false;
}

/* The oldest file that nobody runs any more is given up for a new one. */
static void make_room(struct trace *trace)
{
	struct trace_follow *f = trace->follow;

	for (uint32_t i = 0; i < trace->nexes && f->nfollowed == SS_FOLLOWED_MAX; i++) {
		if (!f->followed[i] || has_running(trace, i))
			continue;
		follow_forget(f->kernel, trace->exes[i]->fd);
		session_detach(trace->session, i, true);
		f->followed[i] = false;
		f->nfollowed--;
	}
}

static int attach_file(struct trace *trace, struct executable *exe, struct reason *why)
{
	const struct session_target file = {
		.id = trace_exe_number(trace, exe),
		.pid = SESSION_ANY_PROCESS,
		.exe_fd = exe->fd,
		.bias = -parsed_info(exe->parsed)->code_start,
		.callers = exe->callers,
		.scope = exe->scope,
	};
	struct reason refused;
	int err;

	make_room(trace);
	err = session_attach(trace->session, &file, &exe->plan, &refused, why);
	if (err)
		return err;
	if (refused.text[0])
		log_warn("%s: left out: %s", exe->path, refused.text);
	err = follow_file(trace->follow->kernel, exe->fd, file.id);
	if (err)
		return reason_set(why, err, "cannot follow %s: %s", exe->path, strerror(-err));
	trace->follow->followed[file.id] = true;
	trace->follow->nfollowed++;
	return 0;
}

/* Whether there is another file now than when this was asked last. */
static bool is_another(struct trace_follow *f, const char *path)
{
	struct stat st;
	bool same;

	if (stat(path, &st))
		return false;
	same = st.st_dev == f->dev && st.st_ino == f->inode;
	f->dev = st.st_dev;
	f->inode = st.st_ino;
	return !same;
}

/* Read and plan what lies at the path now. */
static int read_file(struct trace *trace, struct executable **exe, struct reason *why)
{
	const char *path = trace->opts->exe;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? -errno : 0;

	is_another(trace->follow, path);
	if (fd < 0) {
		reason_set(why, err, "cannot open %s: %s", path, strerror(-err));
		return err ? err : -EIO;
	}
	err = trace_executable(trace, fd, path, exe, why);
	close(fd);
	if (!err)
		err = trace_plan(trace, *exe, why);
	if (err) {
		struct reason cause = *why;

		reason_set(why, err, "%.200s: %s", path, cause.text);
	}
	return err;
}

static int start_following(struct trace *trace, struct executable *exe, struct reason *why)
{
	const struct follow_maps maps = session_follow_maps(trace->session);
	struct trace_follow *f = trace->follow;
	int err = follow_new(&maps, &f->kernel, why);

	if (!err)
		err = attach_file(trace, exe, why);
	if (!err)
		err = follow_start(f->kernel, why);
	if (!err)
		err = file_watch_new(trace->opts->exe, &f->path, why);
	if (err)
		return err;
	err = follow_walk(f->kernel);
	if (err)
		return reason_set(why, err, "cannot walk over processes: %s", strerror(-err));
	return trace_follow_look(trace, why);
}

int trace_follow_file(struct trace *trace, struct reason *why)
{
	struct executable *exe = NULL;
	struct reason cause;
	int err;

	trace->follow = calloc(1, sizeof(*trace->follow));
	if (!trace->follow)
		return reason_set(why, -ENOMEM, "out of memory");
	raise_fd_limit();
	err = trace_open_session(trace, RUNNING_MAX, PROCESSES_MAX, why);
	if (err)
		return err;
	err = read_file(trace, &exe, why);
	/* Where nothing can be traced at all, that is the cause. */
	if (trace_await_session(trace, &cause))
		return reason_set(why, -EIO, "%s", cause.text);
	if (!err && trace->opts->budget > 0)
		err = trace_read_cost(trace, why);
	return err ? err : start_following(trace, exe, why);
}

void trace_follow_free(struct trace_follow *f)
{
	if (!f)
		return;
	follow_free(f->kernel);
	file_watch_free(f->path);
	free(f);
}

int trace_follow_fd(const struct trace *trace)
{
	return follow_fd(trace->follow->kernel);
}

int trace_follow_path_fd(const struct trace *trace)
{
	return file_watch_fd(trace->follow->path);
}

/* To read its memory, for types that are made at run time: while it is there. */
static struct target *open_process(const struct ss_coming *c)
{
	struct target *target = NULL;
	struct reason why;

	if (target_open((pid_t)c->pid, &target, &why))
		return NULL;
	if (target_is(target, c->start_ns, c->start_code))
		return target;
	target_free(target);
	return NULL;
}

static void take_process(struct trace *trace, const struct ss_coming *c)
{
	struct traced *t = &trace->targets[trace->ntargets];
	struct executable *exe;

	if (trace->ntargets == trace->room || c->target >= RUNNING_MAX || c->exe >= trace->nexes)
		return;
	exe = trace->exes[c->exe];
	*t = (struct traced){
		.pid = (pid_t)c->pid,
		.target = open_process(c),
		.exe = exe,
		.exe_number = c->exe,
		.bias = c->start_code - parsed_info(exe->parsed)->code_start,
	};
	trace->follow->index_of[c->target] = (uint32_t)++trace->ntargets;
}

static void leave_process(struct trace *trace, uint32_t number)
{
	struct trace_follow *f = trace->follow;

	if (number >= RUNNING_MAX || f->nleft == RUNNING_MAX)
		return;
	if (f->index_of[number])
		trace->targets[f->index_of[number] - 1].gone = true;
	f->left[f->nleft++] = number;
}

static void on_coming(void *ctx, const struct ss_coming *coming)
{
	if (coming->kind == SS_CAME)
		take_process(ctx, coming);
	else
		leave_process(ctx, coming->target);
}

int trace_follow_look(struct trace *trace, struct reason *why)
{
	int err = follow_comings(trace->follow->kernel, on_coming, trace);

	return err ? reason_set(why, err, "cannot read which processes came: %s", strerror(-err))
		   : 0;
}

struct traced *trace_follow_target(struct trace *trace, uint32_t number)
{
	struct trace_follow *f = trace->follow;
	struct reason unread;

	if (number >= RUNNING_MAX)
		return NULL;
	/* It came while the windows were being flipped. */
	if (!f->index_of[number])
		trace_follow_look(trace, &unread);
	return f->index_of[number] ? &trace->targets[f->index_of[number] - 1] : NULL;
}

int trace_follow_before_drain(struct trace *trace, struct reason *why)
{
	int err = trace_follow_look(trace, why);

	/* Chains stay in their map, by the process's number. */
	return err ? err : trace->chains ? 0 : trace->follow->nleft;
}

void trace_follow_release(struct trace *trace, int n)
{
	struct trace_follow *f = trace->follow;

	for (int i = 0; i < n; i++) {
		int64_t makes = session_forget(trace->session, f->left[i]);

		f->unreturned += makes > 0 ? (uint64_t)makes : 0;
		f->index_of[f->left[i]] = 0;
		follow_release(f->kernel, f->left[i]);
	}
	f->nleft -= n;
	memmove(f->left, f->left + n, (size_t)f->nleft * sizeof(f->left[0]));
}

void trace_follow_path(struct trace *trace)
{
	struct trace_follow *f = trace->follow;
	struct executable *exe = NULL;
	struct reason why;
	int err;

	/* A file that is written again may have become whole. */
	if (!is_another(f, trace->opts->exe) && !file_watch_changed(f->path))
		return;
	err = read_file(trace, &exe, &why);
	if (!err && f->followed[trace_exe_number(trace, exe)])
		return;
	if (!err)
		err = attach_file(trace, exe, &why);
	if (err == -ENOENT)
		return;
	/* Those that came before it was followed. */
	if (!err && follow_walk(f->kernel))
		log_warn("cannot walk over processes: some may not be seen");
	if (err)
		log_warn("what came to %s is not traced: %s", trace->opts->exe, why.text);
	else
		log_info("following the new %s too (%s)", trace->opts->exe, exe->plan.go);
}

uint64_t trace_follow_unreturned(const struct trace *trace)
{
	return trace->follow->unreturned;
}
