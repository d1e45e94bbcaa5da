// SPDX-License-Identifier: BSD-2-Clause
#include "trace/leave.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/controls.h"
#include "log/log.h"
#include "session/pinned.h"
#include "session/reopen.h"
#include "trace/counts.h"
#include "trace/open.h"

#define PS_PER_S 1e12

int trace_pin_make(struct trace *trace, struct reason *why)
{
	return trace->opts->pin ? pins_new(trace->opts->pin, &trace->pins, why) : 0;
}

/* For people: of a command that is started only the name, what is passed to it may be secret. */
static void join_words(const struct options *opts, char *text, size_t size)
{
	bool command = false, last = false;
	size_t used = 0;

	for (size_t i = 0; i < opts->nwords && !last && used < size; i++) {
		last = command;
		command = !strcmp(opts->words[i], "--");
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
					 i ? opts->words[i] : "slicestat");
	}
	controls_hide(text);
}

/* For who picks it up: the options are read once more. */
static int keep_words(const struct options *opts, struct ss_session *session, struct reason *why)
{
	size_t used = 0;

	for (size_t i = 0; i < opts->nwords; i++) {
		const size_t n = strlen(opts->words[i]) + 1;

		if (n > sizeof(session->words) - used)
			return reason_set(why, -E2BIG,
					  "the command line is too long to be kept: at most %zu "
					  "bytes",
					  sizeof(session->words));
		memcpy(session->words + used, opts->words[i], n);
		used += n;
	}
	session->nwords = (uint32_t)opts->nwords;
	return 0;
}

/* So that who looks by bpftool need not count them. */
static void name_counters(char *text, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < SS_COUNTS && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
					 trace_count_names[i]);
}

static int describe(const struct trace *trace, struct ss_session *session, struct reason *why)
{
	*session = (struct ss_session){
		.version = SS_PINNED_VERSION,
		.state = SS_PINNED_BY_LOADER,
		.loader = (uint32_t)getpid(),
		.targets = (uint32_t)(trace->follow ? 0 : trace->ntargets),
		.slicestat = SLICESTAT_VERSION,
		.by = session_attach_by(trace->session),
		.emulated_ps = (uint64_t)(trace->cost.emulated_s * PS_PER_S),
		.stepped_ps = (uint64_t)(trace->cost.stepped_s * PS_PER_S),
	};
	join_words(trace->opts, session->command, sizeof(session->command));
	name_counters(session->counters, sizeof(session->counters));
	return trace->opts->detach ? keep_words(trace->opts, session, why) : 0;
}

static int describe_target(const struct traced *t, struct ss_traced *out, struct reason *why)
{
	const struct target_stamp stamp = target_stamp(t->target);
	struct stat st;

	if (fstat(t->exe->fd, &st))
		return reason_set(why, -errno, "cannot tell the executable of pid %d: %s", t->pid,
				  strerror(errno));
	*out = (struct ss_traced){
		.pid = (uint32_t)t->pid,
		.exe = t->exe_number,
		.start_time = stamp.start_time,
		.start_stack = stamp.start_stack,
		.bias = t->bias,
		.text = t->exe->callers->text,
		.dev = st.st_dev,
		.inode = st.st_ino,
		.size = (uint64_t)st.st_size,
		.mtime_ns =
			(uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec,
		.plan_sum = executable_plan_sum(t->exe),
	};
	snprintf(out->path, sizeof(out->path), "%s", target_exe(t->target));
	snprintf(out->go, sizeof(out->go), "%s", t->exe->plan.go);
	snprintf(out->arch, sizeof(out->arch), "%s", t->exe->plan.arch);
	return 0;
}

static int tell_targets(const struct trace *trace, struct reason *why)
{
	int err = 0;

	for (size_t i = 0; i < trace->ntargets && !trace->follow && !err; i++) {
		struct ss_traced traced;

		err = describe_target(&trace->targets[i], &traced, why);
		if (err)
			return err;
		err = pinned_tell_target(trace->pinned, (uint32_t)i, &traced);
	}
	return err ? reason_set(why, err, "cannot note what is traced: %s", strerror(-err)) : 0;
}

static int tell(const struct trace *trace, const struct ss_session *session, struct reason *why)
{
	int err = pinned_tell(trace->pinned, session);

	return err ? reason_set(why, err, "cannot note the session: %s", strerror(-err)) : 0;
}

int trace_pin(struct trace *trace, struct reason *why)
{
	const bool detach = trace->opts->detach;
	struct ss_session session;
	int err;

	if (!trace->pins)
		return 0;
	err = detach ? trace_read_cost(trace, why) : 0;
	if (!err)
		err = describe(trace, &session, why);
	if (!err)
		err = pinned_new(trace->pins, session.targets, &trace->pinned, why);
	if (!err)
		err = tell(trace, &session, why);
	if (!err)
		err = tell_targets(trace, why);
	if (!err)
		err = session_pin(trace->session, trace->pins, why);
	if (!err && detach)
		err = session_pin_links(trace->session, trace->pins, why);
	return err;
}

static void say_how(const struct trace *trace)
{
	const char *dir = pins_path(trace->pins);
	const bool by_base = trace->opts->view == OUTPUT_BY_BASE;

	if (trace->opts->detach && by_base)
		log_info("left to the kernel, with room for %u bases in all: bpftool map dump "
			 "pinned %s/bases, slicestat attach %s; slicestat stop %s ends it",
			 trace->opts->max_bases, dir, dir, dir);
	else if (trace->opts->detach)
		log_info("left to the kernel: bpftool map dump pinned %s/sites, slicestat attach "
			 "%s; slicestat stop %s ends it",
			 dir, dir, dir);
	else
		log_info("pinned until the end of this run: bpftool map dump pinned %s/counts",
			 dir);
}

int trace_pin_begin(struct trace *trace, struct reason *why)
{
	struct ss_session session;
	int err;

	if (!trace->pins)
		return 0;
	err = describe(trace, &session, why);
	session.began_unix_s = (uint64_t)time(NULL);
	session.began_ns =
		(uint64_t)trace->begin.tv_sec * 1000000000u + (uint64_t)trace->begin.tv_nsec;
	if (trace->opts->detach)
		session.state = SS_PINNED_DETACHED;
	if (!err)
		err = tell(trace, &session, why);
	if (err)
		return err;
	if (trace->opts->detach) {
		session_leave(trace->session);
		pins_keep(trace->pins);
	}
	say_how(trace);
	return 0;
}
