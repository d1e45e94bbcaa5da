// SPDX-License-Identifier: BSD-2-Clause
#include "trace/reopen.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log.h"
#include "session/reopen.h"
#include "target/cgroup.h"
#include "trace/audit.h"
#include "trace/executables.h"
#include "trace/open.h"
#include "trace/rights.h"
#include "trace/trace.h"

#define NSEC_PER_SEC 1000000000u
#define S_PER_PS     1e-12

static bool is_file(const struct ss_traced *traced, int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_dev == traced->dev && st.st_ino == traced->inode;
}

/* The process that was attached, where it still runs what it ran; else NULL, which is no error. */
static int find_process(const struct ss_traced *traced, struct target **out, struct reason *why)
{
	const struct target_stamp then = {traced->start_time, traced->start_stack};
	enum target_state state;
	int err = target_open((pid_t)traced->pid, out, why);

	if (err == -EACCES)
		return err;
	if (err) {
		*out = NULL;
		return 0;
	}
	state = target_state_since(*out, &then);
	if (state == TARGET_RUNNING && is_file(traced, target_exe_fd(*out)))
		return 0;
	if (state != TARGET_GONE)
		log_warn("pid %u has run another program meanwhile: what counts of that, if it is "
			 "the same file, may have wrong places",
			 traced->pid);
	target_free(*out);
	*out = NULL;
	return 0;
}

/* One that was written over has another size or time. */
static int open_path(const struct ss_traced *traced)
{
	struct stat st;
	int fd = open(traced->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (is_file(traced, fd) && !fstat(fd, &st) && (uint64_t)st.st_size == traced->size &&
	    (uint64_t)st.st_mtim.tv_sec * NSEC_PER_SEC + (uint64_t)st.st_mtim.tv_nsec ==
		    traced->mtime_ns)
		return fd;
	close(fd);
	return -ENOENT;
}

static int read_executable(struct trace *trace, const struct ss_traced *traced, int fd,
			   struct reason *why)
{
	struct executable *exe;
	int err = trace_executable(trace, fd, traced->path, &exe, why);

	if (!err)
		err = trace_plan(trace, exe, why);
	if (err)
		return err;
	if (executable_plan_sum(exe) != traced->plan_sum)
		return reason_set(why, -EPROTO,
				  "this slicestat would probe %.120s in another way than the one "
				  "that began: use that one",
				  traced->path);
	return 0;
}

static int lose_executable(struct trace *trace, const struct ss_traced *traced)
{
	struct executable *exe;
	int err = executable_lost(traced->path, traced->text, &exe);

	if (err)
		return err;
	memcpy(exe->plan.go, traced->go, sizeof(exe->plan.go));
	memcpy(exe->plan.arch, traced->arch, sizeof(exe->plan.arch));
	trace->exes[trace->nexes++] = exe;
	log_warn("%s is not there any more: places and types are shown as addresses", traced->path);
	return 0;
}

/* The next executable, as one of its processes has it, or as it lies there. */
static int find_executable(struct trace *trace, const struct ss_traced *list, struct reason *why)
{
	const uint32_t number = (uint32_t)trace->nexes;
	const struct ss_traced *last = NULL;
	int fd, err;

	for (size_t i = 0; i < trace->ntargets; i++) {
		if (list[i].exe != number)
			continue;
		last = &list[i];
		if (trace->targets[i].target)
			return read_executable(trace, last, target_exe_fd(trace->targets[i].target),
					       why);
	}
	if (!last)
		return reason_set(why, -EPROTO, "what is pinned is not whole");
	fd = open_path(last);
	if (fd < 0)
		return lose_executable(trace, last);
	err = read_executable(trace, last, fd, why);
	close(fd);
	return err;
}

static int find_executables(struct trace *trace, const struct ss_traced *list, struct reason *why)
{
	uint32_t n = 0;
	int err = 0;

	for (size_t i = 0; i < trace->ntargets; i++)
		n = list[i].exe >= n ? list[i].exe + 1 : n;
	if (n > trace->ntargets)
		return reason_set(why, -EPROTO, "what is pinned is not whole");
	while (trace->nexes < n && !err)
		err = find_executable(trace, list, why);
	for (size_t i = 0; i < trace->ntargets && !err; i++)
		trace->targets[i].exe = trace->exes[list[i].exe];
	return err;
}

static int find_processes(struct trace *trace, struct ss_traced *list, struct reason *why)
{
	for (uint32_t i = 0; i < trace->room; i++) {
		struct traced *t = &trace->targets[i];
		int err = pinned_target(trace->pinned, i, &list[i]);

		if (err)
			return reason_set(why, err, "cannot read what is traced: %s",
					  strerror(-err));
		err = find_process(&list[i], &t->target, why);
		if (err)
			return err;
		t->pid = (pid_t)list[i].pid;
		t->bias = list[i].bias;
		t->exe_number = list[i].exe;
		t->gone = !t->target;
		if (t->target)
			t->cgroup = cgroup_of_process(target_proc_fd(t->target));
		trace->ntargets++;
	}
	return 0;
}

static int find_targets(struct trace *trace, size_t n, struct reason *why)
{
	struct ss_traced *list = calloc(n, sizeof(*list));
	int err;

	trace->room = trace->exe_room = n;
	trace->targets = calloc(n, sizeof(*trace->targets));
	trace->exes = calloc(n, sizeof(*trace->exes));
	if (!list || !trace->targets || !trace->exes) {
		free(list);
		return reason_set(why, -ENOMEM, "out of memory");
	}
	err = find_processes(trace, list, why);
	if (!err)
		err = find_executables(trace, list, why);
	free(list);
	return err;
}

int trace_reopen(struct trace *trace, const struct ss_session *session, bool readonly,
		 struct reason *why)
{
	int err;

	trace->picked_up = true;
	trace->begin.tv_sec = (time_t)(session->began_ns / NSEC_PER_SEC);
	trace->begin.tv_nsec = (long)(session->began_ns % NSEC_PER_SEC);
	trace->cost.emulated_s = (double)session->emulated_ps * S_PER_PS;
	trace->cost.stepped_s = (double)session->stepped_ps * S_PER_PS;
	trace->calibrated = true;
	if (!session->targets || session->targets > SS_TARGETS_MAX)
		return reason_set(why, -EPROTO, "what is pinned is not whole");
	err = trace_reopen_session(trace, session->targets, readonly, why);
	if (!err)
		err = trace_rights_set_up(trace, why);
	if (!err)
		err = find_targets(trace, session->targets, why);
	return err ? err : trace_rights_run(trace, why);
}

/* Their counters of events have 32 bits: nobody has drained them. */
static void warn_of_wrapped(const struct trace *trace)
{
	const uint64_t folded = trace->counts[SS_FOLDED] - trace->unknown - trace->zero_sized;
	const uint64_t shown = trace->report ? report_totals(trace->report).sums.events : folded;

	if (shown < folded)
		log_warn("%" PRIu64 " events are in no row: a base had more than 2^32",
			 folded - shown);
}

int trace_stop_pinned(struct trace *trace, struct ss_session *session, struct reason *why)
{
	uint64_t given_up = session->unreturned;
	int err = session_stop_pinned(trace->session, trace->pins, &given_up);

	session->unreturned = given_up;
	if (err)
		log_warn("detaching: %s", strerror(-err));
	session->state = SS_PINNED_STOPPED;
	err = pinned_tell(trace->pinned, session);
	if (err)
		return reason_set(why, err, "cannot note the session: %s", strerror(-err));
	err = trace_snapshot(trace, why);
	if (!err)
		warn_of_wrapped(trace);
	audit_end(trace);
	return err;
}
