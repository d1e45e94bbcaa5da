// SPDX-License-Identifier: BSD-2-Clause
#include "cli/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "log/log.h"

/* Goroutines inside makeslice at once, and those that panicked out of it and never came back. */
#define MAX_PENDING 65536

/* Rows kept in user space, in windows. */
#define ROWS_PER_WINDOW 2

static int open_session(struct trace *trace, size_t ntargets, struct reason *why)
{
	struct session_options so = {
		.max_bases = trace->opts->max_bases,
		.max_pending = MAX_PENDING,
		.max_targets = (uint32_t)ntargets,
	};
	int err = calibrate(SESSION_BEST, &trace->cost, why);

	if (err)
		return err;
	trace->targets = calloc(ntargets, sizeof(*trace->targets));
	trace->exes = calloc(ntargets, sizeof(*trace->exes));
	if (!trace->targets || !trace->exes)
		return reason_set(why, -ENOMEM, "out of memory");
	err = session_new(&so, &trace->session, why);
	if (err)
		return err;
	trace->report = report_new((size_t)trace->opts->max_bases * ROWS_PER_WINDOW);
	return trace->report ? 0 : reason_set(why, -ENOMEM, "out of memory: lower --max-bases");
}

static struct executable *find_executable(const struct trace *trace, const struct target *target)
{
	for (size_t i = 0; i < trace->ntargets; i++)
		if (target_same_exe(trace->targets[i].target, target))
			return trace->targets[i].exe;
	return NULL;
}

/* Tell whose fault it is: gobin and plan know the file, not its name. */
static int blame(struct reason *why, int err, const struct target *target)
{
	struct reason cause = *why;

	return reason_set(why, err, "pid %d (%.120s): %s", target_pid(target), target_exe(target),
			  cause.text);
}

static int get_executable(struct trace *trace, const struct target *target, struct executable **out,
			  struct reason *why)
{
	int err;

	*out = find_executable(trace, target);
	if (*out)
		return 0;
	err = executable_open(target_exe_fd(target), out, why);
	if (err)
		return err;
	trace->exes[trace->nexes++] = *out;
	return 0;
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

/* Open process pid and read its executable. On failure there is nothing to free. */
static int look_into(struct trace *trace, pid_t pid, struct target **target,
		     struct executable **exe, struct reason *why)
{
	int err = target_open(pid, target, why);

	if (err)
		return err;
	err = get_executable(trace, *target, exe, why);
	if (err) {
		blame(why, err, *target);
		target_free(*target);
	}
	return err;
}

static int attach(struct trace *trace, struct target *target, struct executable *exe,
		  struct reason *why)
{
	struct traced *t = &trace->targets[trace->ntargets];
	struct session_target st = {.id = (uint32_t)trace->ntargets};
	struct reason refused;
	int err = exe->plan.nsites ? 0 : executable_plan(exe, trace->opts->ops, why);

	if (!err)
		err = find_bias(target, &exe->plan, &t->bias, why);
	if (err)
		return blame(why, err, target);
	st.pid = target_pid(target);
	st.exe_fd = target_exe_fd(target);
	st.bias = t->bias;
	err = session_attach(trace->session, &st, &exe->plan, &refused, why);
	if (err)
		return err;
	if (refused.text[0])
		log_warn("pid %d: left out: %s", st.pid, refused.text);
	t->target = target;
	t->exe = exe;
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

static int open_and_attach(struct trace *trace, pid_t pid, struct reason *why)
{
	struct executable *exe;
	struct target *target;
	int err = look_into(trace, pid, &target, &exe, why);

	return err ? err : take_target(trace, target, exe, why);
}

static int attach_pids(struct trace *trace, const pid_t *pids, size_t n, struct reason *why)
{
	int err = open_session(trace, n, why);

	for (size_t i = 0; i < n && !err; i++)
		err = open_and_attach(trace, pids[i], why);
	return err;
}

/* Processes of one executable come and go: those that ended meanwhile are no error. */
static int attach_found(struct trace *trace, const pid_t *pids, size_t n, struct reason *why)
{
	int err = open_session(trace, n, why);

	for (size_t i = 0; i < n && !err; i++) {
		err = open_and_attach(trace, pids[i], why);
		if (err == -ESRCH)
			err = 0;
	}
	if (!err && !trace->ntargets)
		err = reason_set(why, -ESRCH, "all processes of %s ended", trace->opts->exe);
	return err;
}

static int trace_exe(struct trace *trace, struct reason *why)
{
	struct reason note = {.text = ""};
	pid_t *pids = NULL;
	int n = target_find(trace->opts->exe, &pids, &note);
	int err;

	if (n > 0)
		err = attach_found(trace, pids, (size_t)n, why);
	else if (n < 0)
		err = reason_set(why, n, "%s", note.text);
	else
		err = reason_set(why, -ESRCH, "no process runs %s now%s%s", trace->opts->exe,
				 note.text[0] ? ": " : "", note.text);
	free(pids);
	return err;
}

int trace_processes(struct trace *trace, struct reason *why)
{
	if (trace->opts->exe)
		return trace_exe(trace, why);
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
	int err = open_session(trace, 1, why);
	struct executable *exe;
	struct target *target;
	pid_t pid;

	if (!err)
		err = command_start(trace->opts->command, mask, &trace->command, why);
	if (err)
		return err;
	while ((pid = command_next_exec(trace->command, stop_fd, why)) > 0) {
		err = look_into(trace, pid, &target, &exe, &doubt);
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

/* "growslice 1 emulated + 1 stepped site" for the log line. */
static void describe_sites(const struct plan *plan, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (uint32_t f = 0; f < plan->nfuncs; f++) {
		unsigned int n[2] = {0};

		for (uint32_t i = 0; i < plan->nsites; i++)
			if (plan->sites[i].func == f)
				n[plan->sites[i].price != PLAN_EMULATED]++;
		used += (size_t)snprintf(buf + used, size - used, "%s%s %u emulated + %u stepped",
					 f ? ", " : "", plan->funcs[f].name, n[0], n[1]);
		if (used >= size)
			return;
	}
}

static void tell(const struct trace *trace)
{
	const struct traced *t = &trace->targets[0];
	char sites[256], more[48] = "";

	describe_sites(&t->exe->plan, sites, sizeof(sites));
	if (trace->ntargets > 1)
		snprintf(more, sizeof(more), " and %zu more", trace->ntargets - 1);
	log_info("tracing pid %d%s (%s, %s %s): %s; %s, %.1f MiB in maps, %.1f MiB here",
		 target_pid(t->target), more, target_exe(t->target), t->exe->plan.go,
		 t->exe->plan.arch, sites,
		 session_attach_by(trace->session) == SESSION_UPROBE_MULTI ? "uprobe_multi"
									   : "perf events",
		 (double)session_memory(trace->session) / 1048576.0,
		 (double)report_memory(trace->report) / 1048576.0);
	for (size_t i = 0; i < trace->nexes; i++)
		for (uint32_t f = 0; f < trace->exes[i]->plan.nfuncs; f++)
			if (trace->exes[i]->plan.funcs[f].refused)
				log_warn("%s is not traced: %s", trace->exes[i]->plan.funcs[f].name,
					 trace->exes[i]->plan.funcs[f].note);
}

int trace_start(struct trace *trace, struct reason *why)
{
	int err;

	clock_gettime(CLOCK_MONOTONIC, &trace->begin);
	session_start(trace->session);
	tell(trace);
	err = trace->command ? command_release(trace->command) : 0;
	if (err)
		reason_set(why, err, "cannot let %s run: %s", trace->opts->command[0],
			   strerror(-err));
	return err;
}

static void add_base(void *ctx, const struct ss_base_key *key, const struct ss_base *val)
{
	report_add(ctx, key, val);
}

/* Right before the flip, so that counters and rows tell of the same events but for a few. */
static int read_counts(struct trace *trace, struct reason *why)
{
	int64_t unreturned = session_pending(trace->session);
	int err = unreturned < 0 ? (int)unreturned : session_counts(trace->session, trace->counts);

	if (err)
		return reason_set(why, err, "cannot read the counters: %s", strerror(-err));
	trace->unreturned = (uint64_t)unreturned;
	return 0;
}

int trace_drain(struct trace *trace, struct reason *why)
{
	return session_snapshot(trace->session, add_base, trace->report, why);
}

int trace_snapshot(struct trace *trace, struct reason *why)
{
	int err = read_counts(trace, why);

	return err ? err : trace_drain(trace, why);
}

int trace_stop(struct trace *trace, struct reason *why)
{
	int err;

	trace_check_targets(trace);
	err = session_stop(trace->session);
	if (err)
		log_warn("detaching: %s", strerror(-err));
	return trace_snapshot(trace, why);
}

size_t trace_running(const struct trace *trace)
{
	size_t n = 0;

	for (size_t i = 0; i < trace->ntargets; i++)
		n += !trace->targets[i].gone;
	return n;
}

void trace_check_targets(struct trace *trace)
{
	for (size_t i = 0; i < trace->ntargets; i++) {
		struct traced *t = &trace->targets[i];
		enum target_state state = t->gone ? TARGET_RUNNING : target_state(t->target);

		if (state == TARGET_RUNNING)
			continue;
		t->gone = true;
		if (state == TARGET_EXECED) {
			session_detach(trace->session, (uint32_t)i);
			log_warn("pid %d runs another program now: its tracing ends here",
				 target_pid(t->target));
		}
	}
}

void trace_free(struct trace *trace)
{
	session_free(trace->session);
	for (size_t i = 0; i < trace->ntargets; i++)
		target_free(trace->targets[i].target);
	for (size_t i = 0; i < trace->nexes; i++)
		executable_free(trace->exes[i]);
	free(trace->targets);
	free(trace->exes);
	report_free(trace->report);
	command_free(trace->command);
}
