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
#include "trace/rights.h"
#include "trace/targets.h"
#include "trace/trace.h"

struct top {
	struct live *live;
	struct options opts;
	pid_t *pids;	  /* of -p, those that have not ended; or NULL */
	uint64_t reports; /* that are still to come; 0: until q */
	int signal_fd;
	struct loop_client client;
};

static int start(struct trace *trace, struct reason *why)
{
	int err = parser_new(&trace->parser, why);

	if (!err)
		err = trace_rights_set_up(trace, why);
	if (!err)
		err = trace_processes(trace, why);
	return err ? err : trace_start(trace, why);
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

	live_end(t->live, trace, t->opts.view);
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
	return !err && has_ended(t, trace) ? linger(t, trace, why) : err;
}

/* The next session is of those that are still there. */
static void keep_running(struct top *t, const struct trace *trace)
{
	size_t n = 0;

	if (!t->pids)
		return;
	for (size_t i = 0; i < trace->ntargets; i++)
		if (!trace->targets[i].gone)
			t->pids[n++] = trace->targets[i].pid;
	t->opts.pids = t->pids;
	t->opts.npids = n;
}

/* One session: of bases, or of sites. */
static int run(struct top *t, struct reason *why)
{
	struct trace trace = {.opts = &t->opts};
	int err;

	t->opts.view = live_view(t->live);
	t->opts.reports = t->reports;
	live_attach(t->live);
	err = start(&trace, why);
	if (!err)
		err = watch(t, &trace, why);
	keep_running(t, &trace);
	live_leave(t->live);
	trace_free(&trace);
	return err;
}

static int run_all(struct top *t, struct reason *why)
{
	int err;

	if (t->opts.npids) {
		t->pids = calloc(t->opts.npids, sizeof(*t->pids));
		if (!t->pids)
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
	free(t.pids);
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
