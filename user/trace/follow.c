// SPDX-License-Identifier: BSD-2-Clause
#include "trace/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/comings.h"
#include "trace/files.h"
#include "trace/known.h"
#include "trace/open.h"
#include "trace/sightings.h"
#include "log/log.h"
#include "session/follow.h"
#include "target/file_watch.h"

/* Processes that are known: those that run, and as many that have ended. */
#define PROCESSES_MAX 2048
_Static_assert(PROCESSES_MAX == 2 * SS_FOLLOWED_TARGETS_MAX, "twice as many");

struct trace_follow {
	struct follow *kernel;
	struct file_watch *path; /* NULL: it is in containers alone */
	struct trace_files *files;
	struct trace_sightings *sightings; /* NULL without --containers */
	struct trace_known *known;
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

static int open_file(struct trace *trace, struct reason *why)
{
	const char *path = trace->opts->exe;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	is_another(trace->follow, path);
	return fd < 0 ? reason_set(why, -errno, "cannot open %s: %s", path, strerror(errno)) : fd;
}

static int read_first_file(struct trace *trace, struct executable **exe, struct reason *why)
{
	int fd = open_file(trace, why);
	int err;

	if (fd < 0)
		return fd;
	err = trace_files_plan(trace->follow->files, fd, exe, why);
	close(fd);
	return err;
}

static int open_kernel(struct trace *trace, struct reason *why)
{
	const struct follow_maps maps = session_follow_maps(trace->session);
	const struct options *opts = trace->opts;
	struct trace_follow *f = trace->follow;
	int err = follow_new(&maps, opts->containers ? strrchr(opts->exe, '/') + 1 : NULL,
			     &f->kernel, why);

	if (err)
		return err;
	trace_files_use(f->files, f->known, f->kernel);
	trace->comings = trace_comings_new(trace, f->known, f->kernel);
	if (!trace->comings)
		return reason_set(why, -ENOMEM, "out of memory");
	return opts->containers
		       ? trace_sightings_new(trace, f->files, f->kernel, &f->sightings, why)
		       : 0;
}

/* In containers the directory may be one that is not here. */
static int watch_path(struct trace *trace, struct reason *why)
{
	int err = file_watch_new(trace->opts->exe, &trace->follow->path, why);

	if (!err || !trace->opts->containers)
		return err;
	log_debug("%s", why->text);
	return 0;
}

/* What is at the path here is one file of many. */
static void follow_here(struct trace *trace)
{
	struct executable *exe;
	struct reason why;
	int fd = open_file(trace, &why);
	int err = fd < 0 ? fd : trace_files_follow(trace->follow->files, fd, &exe, &why);

	if (err && err != -ENOENT && err != -ENOTDIR)
		log_warn("what is at %s here is not traced: %s", trace->opts->exe, why.text);
	if (fd >= 0)
		close(fd);
}

static int find_processes(struct trace *trace, struct reason *why)
{
	struct trace_follow *f = trace->follow;
	int err = follow_walk(f->kernel);

	if (err)
		return reason_set(why, err, "cannot walk over processes: %s", strerror(-err));
	err = f->sightings ? trace_sightings_begin(f->sightings, why) : 0;
	return err ? err : trace_follow_look(trace, why);
}

/* exe: the file that is here, where that must be a program; else NULL. */
static int start_following(struct trace *trace, struct executable *exe, struct reason *why)
{
	struct trace_follow *f = trace->follow;
	int err = open_kernel(trace, why);

	if (!err && exe)
		err = trace_files_attach(f->files, exe, why);
	if (!err)
		err = follow_start(f->kernel, why);
	if (!err)
		err = watch_path(trace, why);
	if (err)
		return err;
	if (!exe)
		follow_here(trace);
	return find_processes(trace, why);
}

static int open_follow(struct trace *trace, struct reason *why)
{
	struct trace_follow *f = calloc(1, sizeof(*f));
	int err;

	trace->follow = f;
	if (!f)
		return reason_set(why, -ENOMEM, "out of memory");
	raise_fd_limit();
	err = trace_files_new(trace, &f->files, why);
	if (!err)
		err = trace_open_session(trace, SS_FOLLOWED_TARGETS_MAX, PROCESSES_MAX, why);
	if (err)
		return err;
	f->known = trace_known_new(trace);
	return f->known ? 0 : reason_set(why, -ENOMEM, "out of memory");
}

int trace_follow_file(struct trace *trace, struct reason *why)
{
	struct executable *exe = NULL;
	struct reason cause;
	int err = open_follow(trace, why);

	if (err)
		return err;
	if (!trace->opts->containers)
		err = read_first_file(trace, &exe, why);
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
	trace_sightings_free(f->sightings);
	follow_free(f->kernel);
	file_watch_free(f->path);
	trace_files_free(f->files);
	trace_known_free(f->known);
	free(f);
}

int trace_follow_fd(const struct trace *trace)
{
	return follow_fd(trace->follow->kernel);
}

int trace_follow_look(struct trace *trace, struct reason *why)
{
	int err = trace_comings_look(trace->comings, why);

	if (trace->follow->sightings)
		trace_sightings_check(trace->follow->sightings);
	return err;
}

int trace_follow_leases_fd(const struct trace *trace)
{
	return trace_files_leases_fd(trace->follow->files);
}

/* A file that is written into in one container may be run in others, which have the old one. */
int trace_follow_leases(struct trace *trace, struct reason *why)
{
	struct trace_follow *f = trace->follow;
	int err = trace_files_leases(f->files, why);

	if (f->sightings)
		trace_sightings_again(f->sightings);
	return err;
}

void trace_follow_before_resume(struct trace *trace)
{
	struct trace_follow *f = trace->follow;

	if (f->sightings && trace_files_check(f->files))
		trace_sightings_again(f->sightings);
}

int trace_follow_sightings_fd(const struct trace *trace)
{
	const struct trace_sightings *s = trace->follow->sightings;

	return s ? trace_sightings_fd(s) : -1;
}

void trace_follow_sightings(struct trace *trace)
{
	trace_sightings_look(trace->follow->sightings);
}

int trace_follow_path_fd(const struct trace *trace)
{
	const struct file_watch *path = trace->follow->path;

	return path ? file_watch_fd(path) : -1;
}

static int follow_what_came(struct trace *trace, int fd, struct reason *why)
{
	struct executable *exe;
	int err = trace_files_follow(trace->follow->files, fd, &exe, why);

	if (err || !exe)
		return err;
	trace_comings_find_newcomers(trace->comings);
	log_info("following the new %s too (%s)", exe->path, exe->plan.go);
	return 0;
}

void trace_follow_path(struct trace *trace)
{
	struct trace_follow *f = trace->follow;
	const char *path = trace->opts->exe;
	const bool another = is_another(f, path);
	struct reason why;
	int fd, err;

	/* A file that is written again may have become whole. */
	if (!(f->path && file_watch_changed(f->path)) && !another)
		return;
	fd = open_file(trace, &why);
	err = fd < 0 ? fd : follow_what_came(trace, fd, &why);
	if (err && err != -ENOENT)
		log_warn("what came to %s is not traced: %s", path, why.text);
	if (fd >= 0)
		close(fd);
}

void trace_follow_check(struct trace *trace)
{
	const struct trace_follow *f = trace->follow;

	if (f->sightings)
		trace_sightings_check(f->sightings);
	trace_follow_path(trace);
}

int trace_follow_trim(struct trace *trace, struct reason *why)
{
	const struct trace_follow *f = trace->follow;
	int n = trace_files_trim(f->files, why);

	/* Somebody may have begun to run one meanwhile. */
	if (n > 0 && f->sightings)
		trace_sightings_again(f->sightings);
	return n < 0 ? n : 0;
}

uint64_t trace_follow_forgotten(const struct trace *trace)
{
	return trace_known_forgotten(trace->follow->known);
}

const struct trace_missed *trace_follow_missed(const struct trace *trace)
{
	const struct trace_sightings *s = trace->follow->sightings;

	return s ? trace_sightings_missed(s) : NULL;
}
