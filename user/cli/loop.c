// SPDX-License-Identifier: BSD-2-Clause
#include "cli/loop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "trace/budget.h"
#include "trace/comings.h"
#include "trace/drain.h"
#include "trace/follow.h"
#include "trace/targets.h"
#include "log/log.h"
#include "session/reopen.h"

/*
 * Windows that fill up are drained early, but not more often than that draining takes this share of
 * a CPU: in a window of the default size there is room for a million new bases a second all the
 * same.
 */
#define DRAIN_SHARE 0.5
/* And however slowly they fill up: their counters of events have 32 bits. */
#define WINDOW_AGE_MAX_S 60

struct loop {
	struct trace *trace;
	struct loop_client *client;
	double interval_s;
	int epoll;
	int timer;  /* reports */
	int drain;  /* the window is to be drained */
	int budget; /* the budget is to be asked */
	int signals;
	double drained_s; /* CLOCK_MONOTONIC: no early drain before */
	uint64_t reports;
	bool done;
	struct reason *why;
};

/* What an fd stands for; a target is WATCH_TARGETS + its number. */
enum watch {
	WATCH_TIMER,
	WATCH_SIGNAL,
	WATCH_WAKE,
	WATCH_COMMAND,
	WATCH_BUDGET,
	WATCH_DRAIN,
	WATCH_PROCESSES,
	WATCH_PATH,
	WATCH_LEASES,
	WATCH_SIGHTINGS,
	WATCH_INPUT,
	WATCH_TARGETS
};

static int watch(struct loop *l, int fd, uint64_t what)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = what};

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static struct timespec timespec_of(double s)
{
	time_t whole = (time_t)s;

	return (struct timespec){.tv_sec = whole, .tv_nsec = (long)((s - (double)whole) * 1e9)};
}

/* In so many seconds, and each interval_s after that, where not 0. Not at once is at least 1 us. */
static int set_timer(int fd, double first_s, double interval_s)
{
	const struct itimerspec its = {.it_value = timespec_of(first_s > 1e-6 ? first_s : 1e-6),
				       .it_interval = timespec_of(interval_s)};

	return timerfd_settime(fd, 0, &its, NULL) ? -errno : 0;
}

static int watch_timer(struct loop *l, int *fd, uint64_t what)
{
	*fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return *fd < 0 ? -errno : watch(l, *fd, what);
}

static int watch_timers(struct loop *l)
{
	int err = watch_timer(l, &l->timer, WATCH_TIMER);

	if (!err)
		err = watch_timer(l, &l->drain, WATCH_DRAIN);
	if (!err)
		err = watch_timer(l, &l->budget, WATCH_BUDGET);
	if (!err)
		err = set_timer(l->timer, l->interval_s, l->interval_s);
	if (!err)
		err = set_timer(l->drain, WINDOW_AGE_MAX_S, 0);
	if (!err && l->trace->budget)
		err = set_timer(l->budget, 0, 0);
	return err;
}

static int watch_follow(struct loop *l)
{
	const struct trace *trace = l->trace;
	const int path = trace_follow_path_fd(trace), sightings = trace_follow_sightings_fd(trace);
	int err = watch(l, trace_follow_fd(trace), WATCH_PROCESSES);

	if (!err)
		err = watch(l, trace_follow_leases_fd(trace), WATCH_LEASES);
	if (!err && path >= 0)
		err = watch(l, path, WATCH_PATH);
	if (!err && sightings >= 0)
		err = watch(l, sightings, WATCH_SIGHTINGS);
	return err;
}

static int watch_targets(struct loop *l)
{
	const struct trace *trace = l->trace;
	int err = 0;

	if (trace->follow)
		return watch_follow(l);
	for (size_t i = 0; i < trace->ntargets && !err; i++)
		if (!trace->targets[i].gone)
			err = watch(l, target_pidfd(trace->targets[i].target), WATCH_TARGETS + i);
	return err;
}

static int watch_all(struct loop *l)
{
	const struct trace *trace = l->trace;
	int err = watch_timers(l);

	if (!err)
		err = watch(l, l->signals, WATCH_SIGNAL);
	if (!err)
		err = watch(l, session_wake_fd(trace->session), WATCH_WAKE);
	if (!err && l->client->fd >= 0)
		err = watch(l, l->client->fd, WATCH_INPUT);
	if (!err && trace->command)
		err = watch(l, command_pidfd(trace->command), WATCH_COMMAND);
	return err ? err : watch_targets(l);
}

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A drain began when our CPU time was begin_s: the next early one is to wait for its share. */
static int drained(struct loop *l, double begin_s)
{
	const double cost_s = seconds(CLOCK_THREAD_CPUTIME_ID) - begin_s;

	l->drained_s = seconds(CLOCK_MONOTONIC) + cost_s / DRAIN_SHARE;
	return set_timer(l->drain, WINDOW_AGE_MAX_S, 0);
}

/* The timer has gone off; a negative errno where it cannot be read. */
static int take_timer(const struct loop *l, int fd)
{
	uint64_t expirations;

	if (read(fd, &expirations, sizeof(expirations)) < 0 && errno != EAGAIN)
		return reason_set(l->why, -errno, "timer: %s", strerror(errno));
	return 0;
}

static int on_drain(struct loop *l)
{
	const double begin_s = seconds(CLOCK_THREAD_CPUTIME_ID);
	int err = take_timer(l, l->drain);

	if (!err)
		err = trace_drain(l->trace, l->why);
	return err ? err : drained(l, begin_s);
}

/* The window is half full: to be drained now, or as soon as the share for that allows. */
static int on_wake(struct loop *l)
{
	const double wait_s = l->drained_s - seconds(CLOCK_MONOTONIC);

	if (wait_s <= 0)
		return on_drain(l);
	session_wake_later(l->trace->session);
	return set_timer(l->drain, wait_s, 0);
}

/* Numbers of those that left are free again when they have been drained. */
static int on_processes(struct loop *l)
{
	int err = trace_follow_look(l->trace, l->why);

	return err || !trace_comings_are_short(l->trace->comings) ? err : on_drain(l);
}

static int on_budget(struct loop *l)
{
	double wait_s = 0;
	int err = take_timer(l, l->budget);

	if (!err)
		err = trace_budget_turn(l->trace, &wait_s, &l->done, l->why);
	return err ? err : set_timer(l->budget, wait_s, 0);
}

static int on_timer(struct loop *l)
{
	const double begin_s = seconds(CLOCK_THREAD_CPUTIME_ID);
	int err = take_timer(l, l->timer);

	if (err)
		return err;
	trace_check_targets(l->trace);
	if (l->trace->follow)
		trace_follow_check(l->trace);
	err = trace_snapshot(l->trace, l->why);
	if (!err)
		err = drained(l, begin_s);
	if (err)
		return err;
	l->reports++;
	/* The last report is the final one, written after detaching. */
	l->client->asked_to_end = l->reports == l->trace->opts->reports;
	if (l->client->asked_to_end ||
	    (!l->trace->command && !l->trace->follow && !trace_running(l->trace)) ||
	    (l->trace->picked_up && session_is_over(l->trace->session))) {
		l->done = true;
		return 0;
	}
	err = l->client->report(l->client->ctx, l->trace, l->why);
	/* What is forgotten has been told. */
	return err || !l->trace->follow ? err : trace_follow_trim(l->trace, l->why);
}

static int on_input(struct loop *l)
{
	int err = l->client->input ? l->client->input(l->client->ctx, l->trace, l->why) : 0;

	l->done |= l->client->done;
	if (err || l->client->interval_s == l->interval_s)
		return err;
	l->interval_s = l->client->interval_s;
	return set_timer(l->timer, l->interval_s, l->interval_s);
}

/* A command decides itself: its end ends the run, so that its last work is in the report. */
static int on_signal(struct loop *l)
{
	struct signalfd_siginfo info;

	if (read(l->signals, &info, sizeof(info)) < 0)
		return errno == EAGAIN ? 0
				       : reason_set(l->why, -errno, "signals: %s", strerror(errno));
	if (!l->trace->command)
		l->client->asked_to_end = l->done = true;
	else
		trace_pass_signal(l->trace, &info);
	return 0;
}

static void on_target(struct loop *l, size_t i)
{
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, target_pidfd(l->trace->targets[i].target), NULL);
	trace_target_gone(l->trace, i);
	if (!l->trace->command && !trace_running(l->trace))
		l->done = true;
}

static int dispatch(struct loop *l, uint64_t what)
{
	switch (what) {
	case WATCH_TIMER:
		return on_timer(l);
	case WATCH_SIGNAL:
		return on_signal(l);
	case WATCH_WAKE:
		return on_wake(l);
	case WATCH_DRAIN:
		return on_drain(l);
	case WATCH_BUDGET:
		return on_budget(l);
	case WATCH_COMMAND:
		l->done = true;
		return 0;
	case WATCH_PROCESSES:
		return on_processes(l);
	case WATCH_LEASES:
		return trace_follow_leases(l->trace, l->why);
	case WATCH_INPUT:
		return on_input(l);
	case WATCH_SIGHTINGS:
		trace_follow_sightings(l->trace);
		return 0;
	case WATCH_PATH:
		trace_follow_path(l->trace);
		return 0;
	default:
		on_target(l, what - WATCH_TARGETS);
		return 0;
	}
}

static int run(struct loop *l)
{
	struct epoll_event events[16];
	int err = 0;

	while (!l->done && !err) {
		int n = epoll_wait(l->epoll, events, 16, -1);

		if (n < 0 && errno != EINTR)
			return reason_set(l->why, -errno, "waiting for events: %s",
					  strerror(errno));
		for (int i = 0; i < n && !err && !l->done; i++)
			err = dispatch(l, events[i].data.u64);
	}
	return err;
}

static void close_fds(const struct loop *l)
{
	const int fds[] = {l->timer, l->drain, l->budget, l->epoll};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int loop_run_for(struct trace *trace, struct loop_client *client, int signal_fd, struct reason *why)
{
	struct loop l = {.trace = trace,
			 .client = client,
			 .interval_s = client->interval_s,
			 .timer = -1,
			 .drain = -1,
			 .budget = -1,
			 .signals = signal_fd,
			 .why = why};
	int err;

	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	err = l.epoll < 0 ? -errno : watch_all(&l);
	if (err)
		reason_set(why, err, "cannot wait for events: %s", strerror(-err));
	else
		err = run(&l);
	close_fds(&l);
	return err;
}

/* Advice and profiles come once, at the end. */
static int report(void *ctx, struct trace *trace, struct reason *why)
{
	if (trace->opts->advise || trace->opts->format->profile)
		return 0;
	return emitter_write(ctx, trace, false, why);
}

int loop_run(struct trace *trace, struct emitter *emitter, int signal_fd, struct reason *why)
{
	struct loop_client client = {
		.report = report, .ctx = emitter, .fd = -1, .interval_s = trace->opts->interval_s};

	return loop_run_for(trace, &client, signal_fd, why);
}
