// SPDX-License-Identifier: BSD-2-Clause
/* Which processes a run traces: found, read, planned, attached. */
#include "trace/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/executables.h"
#include "trace/follow.h"
#include "trace/libraries.h"
#include "trace/open.h"
#include "trace/rights.h"
#include "log/log.h"
#include "target/cgroup.h"
#include "target/debugger.h"

/* Tell whose fault it is: gobin and plan know the file, not its name. */
static int blame(struct reason *why, int err, const struct target *target)
{
	struct reason cause = *why;

	return reason_set(why, err, "pid %d (%.120s): %s", target_pid(target), target_exe(target),
			  cause.text);
}

/* The executable's shift in memory: one for the whole file, told by where its code is mapped. */
static int find_bias(const struct target *target, const struct plan *plan, uint64_t *bias,
		     struct reason *why)
{
	uint64_t start, offset;
	int err;

	if (!plan->nsites)
		return reason_set(why, -ENOENT, "the plan has no site");
	err = target_text(target, &start, &offset, why);
	if (!err)
		*bias = start + (plan->sites[0].offset - offset) - plan->sites[0].addr;
	return err;
}

/* Another one, or another program, may have the number of one that was traced before. */
static int open_again(pid_t pid, const struct target_stamp *since, struct target **target,
		      struct reason *why)
{
	int err = target_open(pid, target, why);

	if (err || !since || target_state_since(*target, since) == TARGET_RUNNING)
		return err;
	target_free(*target);
	return reason_set(why, -ESRCH, "process %d has ended", pid);
}

/*
 * Open process pid, the one of that stamp where there is one, and read its executable. On failure
 * there is nothing to free.
 */
static int look_into(struct trace *trace, pid_t pid, const struct target_stamp *since,
		     struct target **target, struct executable **exe, struct reason *why)
{
	int err = open_again(pid, since, target, why);

	if (err)
		return err;
	err = trace_executable(trace, target_exe_fd(*target), target_exe(*target), exe, why);
	if (err == -ENODATA)
		libraries_explain(trace->parser, *target, err, why);
	if (err) {
		blame(why, err, *target);
		target_free(*target);
	}
	return err;
}

/*
 * A debugger remembers the byte under its breakpoint: should that be the probe's, it stays in the
 * code when the probe has gone.
 */
static void warn_of_debugger(const struct target *target)
{
	pid_t debugger = debugger_of_process(target_proc_fd(target));

	if (debugger)
		log_warn("pid %d is being debugged by pid %d: a breakpoint set there from now on, "
			 "on "
			 "an instruction that is probed (slicestat plan names them), kills it when "
			 "slicestat ends",
			 target_pid(target), debugger);
}

static int attach(struct trace *trace, struct target *target, struct executable *exe,
		  struct reason *why)
{
	struct traced *t = &trace->targets[trace->ntargets];
	struct session_target st = {.id = (uint32_t)trace->ntargets};
	struct reason refused;
	int err = trace_plan(trace, exe, why);

	if (!err)
		err = find_bias(target, &exe->plan, &t->bias, why);
	if (err)
		return blame(why, err, target);
	err = trace_await_session(trace, why);
	if (!err && trace->opts->budget > 0)
		err = trace_read_cost(trace, why);
	if (err)
		return err;
	st.pid = target_pid(target);
	st.exe_fd = target_exe_fd(target);
	st.bias = t->bias;
	st.callers = exe->callers;
	st.scope = exe->scope;
	err = session_attach(trace->session, &st, &exe->plan, &refused, why);
	if (err)
		return err;
	if (refused.text[0])
		log_warn("pid %d: left out: %s", st.pid, refused.text);
	libraries_warn(trace->parser, target, parsed_info(exe->parsed));
	warn_of_debugger(target);
	t->pid = st.pid;
	t->target = target;
	t->cpu_from_s = target_cpu_s(target);
	t->cgroup = cgroup_of_process(target_proc_fd(target));
	t->exe = exe;
	t->exe_number = trace_exe_number(trace, exe);
	trace->ntargets++;
	return 0;
}

/* Attach target, which is the trace's from here on, or freed on failure. */
static int take_target(struct trace *trace, struct target *target, struct executable *exe,
		       struct reason *why)
{
	int err = attach(trace, target, exe, why);

	if (err)
		target_free(target);
	return err;
}

/* Where nothing can be traced at all, that is the cause. */
static int prefer_session(struct trace *trace, int err, struct reason *why)
{
	struct reason cause;
	int first = trace_await_session(trace, &cause);

	return first ? reason_set(why, first, "%s", cause.text) : err;
}

static int open_and_attach(struct trace *trace, pid_t pid, const struct target_stamp *since,
			   struct reason *why)
{
	struct executable *exe;
	struct target *target;
	int err = look_into(trace, pid, since, &target, &exe, why);

	return err ? prefer_session(trace, err, why) : take_target(trace, target, exe, why);
}

/* It may also have ended while it was attached to, which fails in many ways. */
static bool has_ended(pid_t pid, const struct target_stamp *since)
{
	struct reason ignored;
	struct target *target;
	int err = open_again(pid, since, &target, &ignored);

	if (!err)
		target_free(target);
	return err == -ESRCH;
}

static int attach_pids(struct trace *trace, const pid_t *pids, size_t n, struct reason *why)
{
	int err = trace_open_session(trace, n, n, why);

	for (size_t i = 0; i < n && !err; i++) {
		const struct target_stamp *since = trace->since ? &trace->since[i] : NULL;

		err = open_and_attach(trace, pids[i], since, why);
		if (err && since && has_ended(pids[i], since)) {
			log_warn("pid %d has ended: it is not traced any more", pids[i]);
			err = 0;
		}
	}
	return err;
}

int trace_processes(struct trace *trace, struct reason *why)
{
	if (trace->opts->exe)
		return trace_follow_file(trace, why);
	return attach_pids(trace, trace->opts->pids, trace->opts->npids, why);
}

/*
 * Errors that say "not this one": no Go program, a wrapper say, or gone already. A program that
 * cannot be looked into for another reason may be the one.
 */
static bool is_other(int err)
{
	return err == -ENODATA || err == -ENOEXEC || err == -ENOTSUP || err == -ESRCH;
}

int trace_command(struct trace *trace, const sigset_t *mask, int stop_fd, struct reason *why)
{
	struct reason doubt = {.text = "nothing was run"};
	int err = trace_open_session(trace, 1, 1, why);
	struct executable *exe;
	struct target *target;
	pid_t pid;

	if (!err)
		err = trace_await_session(trace, why);
	if (!err)
		err = command_start(trace->opts->command, mask, &trace->command, why);
	if (!err)
		err = trace_rights_set_up(trace, why);
	if (err)
		return err;
	while ((pid = command_next_exec(trace->command, stop_fd, why)) > 0) {
		err = look_into(trace, pid, NULL, &target, &exe, &doubt);
		if (!err)
			return take_target(trace, target, exe, why);
		if (!is_other(err))
			return reason_set(why, err, "%s", doubt.text);
	}
	if (pid == 0)
		return reason_set(why, -ENODATA,
				  "%.60s ended and started no Go program; the last was %s",
				  trace->opts->command[0], doubt.text);
	return (int)pid;
}
