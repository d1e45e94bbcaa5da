// SPDX-License-Identifier: BSD-2-Clause
/* A run whose reports are a screen. */
#include "cli/verbs.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/live.h"
#include "cli/loop.h"
#include "cli/signal_fd.h"
#include "log/log.h"
#include "trace/open.h"
#include "trace/rights.h"
#include "trace/targets.h"
#include "trace/trace.h"

/* One session: of bases, or of sites. */
struct sitting {
	struct options opts;
	struct trace trace;
};

struct top {
	struct live *live;
	struct options opts;
	struct sitting *last;	    /* it has been stopped, and its figures are shown; or NULL */
	pid_t *pids;		    /* of -p, those that have not ended; or NULL */
	struct target_stamp *since; /* which execs these are */
	uint64_t reports;	    /* that are still to come; 0: until q */
	int signal_fd;
	struct loop_client client;
};

static void sitting_free(struct sitting *s)
{
	if (s)
		trace_free(&s->trace);
	free(s);
}

/* Those who were still there when the session before it was stopped have all ended since. */
static bool nobody_is_left(const struct trace *trace)
{
	return trace->since && !trace->ntargets;
}

static int start(struct trace *trace, struct reason *why)
{
	int err = parser_new(&trace->parser, why);

	if (!err)
		err = trace_rights_set_up(trace, why);
	if (!err)
		err = trace_processes(trace, why);
	return err || nobody_is_left(trace) ? err : trace_start(trace, why);
}

static int on_report(void *ctx, struct trace *trace, struct reason *why)
{
	struct top *t = ctx;

	t->reports -= t->reports > 0;
	return live_report(t->live, trace, why);
}

static int on_input(void *ctx, struct trace *trace, struct reason *why)
{
	struct top *t = ctx;
	int err = live_input(t->live, trace, why);

	t->client.interval_s = live_interval_s(t->live);
	t->client.done = live_is_over(t->live) || live_view(t->live) != t->opts.view;
	return err;
}

/* The processes have ended: what is known of them stays, until a key or a signal ends it. */
static int linger(struct top *t, struct trace *trace, struct reason *why)
{
	struct pollfd fds[] = {{.fd = screen_fd(live_screen(t->live)), .events = POLLIN},
			       {.fd = t->signal_fd, .events = POLLIN}};
	int err = 0;

	live_end(t->live, trace, trace->opts->view);
	t->client.done = false;
	while (!err && !live_is_over(t->live)) {
		int n = poll(fds, 2, -1);

		if (n < 0 && errno != EINTR)
			return reason_set(why, -errno, "waiting for keys: %s", strerror(errno));
		if (n > 0 && fds[1].revents)
			return 0;
		if (n > 0)
			err = live_input(t->live, trace, why);
	}
	return err;
}

/* Also where a key has asked for another session just then: there is nothing to attach it to. */
static bool has_ended(const struct top *t, const struct trace *trace)
{
	return !trace->follow && !trace_running(trace) && !live_is_over(t->live);
}

static int watch(struct top *t, struct trace *trace, struct reason *why)
{
	struct reason last;
	int stopped, err;

	live_begin(t->live, trace);
	t->client.done = false;
	t->client.interval_s = live_interval_s(t->live);
	err = loop_run_for(trace, &t->client, t->signal_fd, why);
	stopped = trace_stop(trace, err ? &last : why);
	if (!err)
		err = stopped;
	if (!err)
		err = live_stopped(t->live, trace, why);
	return !err && !t->client.asked_to_end && has_ended(t, trace) ? linger(t, trace, why) : err;
}

/* The next session is of those that are still there. */
static void keep_running(struct top *t, const struct trace *trace)
{
	size_t n = 0;

	if (!t->pids)
		return;
	for (size_t i = 0; i < trace->ntargets; i++) {
		const struct traced *traced = &trace->targets[i];

		if (traced->gone)
			continue;
		t->pids[n] = traced->pid;
		t->since[n++] = target_stamp(traced->target);
	}
	t->opts.pids = t->pids;
	t->opts.npids = n;
}

/* What of the session before is not shown is given back before another is opened. */
static void begin(struct top *t, struct sitting *s)
{
	t->opts.view = live_view(t->live);
	t->opts.reports = t->reports;
	s->opts = t->opts;
	s->trace.opts = &s->opts;
	if (!t->last)
		return;
	s->trace.since = t->pids ? t->since : NULL;
	trace_close_session(&t->last->trace);
}

/* From here on this session is the one whose figures are shown. */
static void change_to(struct top *t, struct sitting *s)
{
	if (t->last)
		live_leave(t->live);
	sitting_free(t->last);
	t->last = s;
}

static int run(struct top *t, struct reason *why)
{
	struct sitting *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return reason_set(why, -ENOMEM, "out of memory");
	begin(t, s);
	live_attach(t->live);
	err = start(&s->trace, why);
	if (err || nobody_is_left(&s->trace)) {
		sitting_free(s);
		return err ? err : linger(t, &t->last->trace, why);
	}
	change_to(t, s);
	err = watch(t, &s->trace, why);
	keep_running(t, &s->trace);
	return err;
}

static int run_all(struct top *t, struct reason *why)
{
	int err;

	if (t->opts.npids) {
		t->pids = calloc(t->opts.npids, sizeof(*t->pids));
		t->since = calloc(t->opts.npids, sizeof(*t->since));
		if (!t->pids || !t->since)
			return reason_set(why, -ENOMEM, "out of memory");
	}
	do
		err = run(t, why);
	while (!err && t->client.done && !live_is_over(t->live));
	return err;
}

static int top(const struct options *opts, int signal_fd)
{
	struct top t = {.opts = *opts, .reports = opts->reports, .signal_fd = signal_fd};
	struct reason why = {.text = ""};
	int err;

	err = live_new(opts, &t.live, &why);
	if (!err) {
		t.opts.any_view = true;
		t.client = (struct loop_client){.report = on_report,
						.input = on_input,
						.ctx = &t,
						.fd = screen_fd(live_screen(t.live))};
		err = run_all(&t, &why);
	}
	live_free(t.live);
	sitting_free(t.last);
	free(t.pids);
	free(t.since);
	if (err)
		log_error("%s", why.text);
	return err ? 1 : 0;
}

int verb_top(const struct options *opts)
{
	sigset_t before;
	int status, signal_fd = signal_fd_new(&before);

	if (signal_fd < 0) {
		log_error("cannot take signals: %s", strerror(-signal_fd));
		return 1;
	}
	status = top(opts, signal_fd);
	close(signal_fd);
	return status;
}
