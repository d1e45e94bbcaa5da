// SPDX-License-Identifier: BSD-2-Clause
#include "cli/loop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "log/log.h"

#define NICE (-10)

struct loop {
	struct trace *trace;
	struct emitter *emitter;
	int epoll;
	int timer;
	int signals;
	uint64_t reports;
	bool done;
	struct reason *why;
};

/* What an fd stands for; a target is WATCH_TARGETS + its number. */
enum watch { WATCH_TIMER, WATCH_SIGNAL, WATCH_WAKE, WATCH_COMMAND, WATCH_TARGETS };

static int watch(struct loop *l, int fd, uint64_t what)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = what};

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int start_timer(struct loop *l, double interval_s)
{
	time_t whole = (time_t)interval_s;
	struct timespec t = {.tv_sec = whole,
			     .tv_nsec = (long)((interval_s - (double)whole) * 1e9)};
	struct itimerspec its = {.it_interval = t, .it_value = t};

	l->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (l->timer < 0)
		return -errno;
	return timerfd_settime(l->timer, 0, &its, NULL) ? -errno : watch(l, l->timer, WATCH_TIMER);
}

static int watch_all(struct loop *l)
{
	const struct trace *trace = l->trace;
	int err = start_timer(l, trace->opts->interval_s);

	if (!err)
		err = watch(l, l->signals, WATCH_SIGNAL);
	if (!err)
		err = watch(l, session_wake_fd(trace->session), WATCH_WAKE);
	if (!err && trace->command)
		err = watch(l, command_pidfd(trace->command), WATCH_COMMAND);
	for (size_t i = 0; i < trace->ntargets && !err; i++)
		err = watch(l, target_pidfd(trace->targets[i].target), WATCH_TARGETS + i);
	return err;
}

static int on_timer(struct loop *l)
{
	uint64_t expirations;
	int err;

	if (read(l->timer, &expirations, sizeof(expirations)) < 0)
		return errno == EAGAIN ? 0
				       : reason_set(l->why, -errno, "timer: %s", strerror(errno));
	trace_check_targets(l->trace);
	err = trace_snapshot(l->trace, l->why);
	if (err)
		return err;
	l->reports++;
	/* The last report is the final one, written after detaching. */
	if (l->reports == l->trace->opts->reports ||
	    (!l->trace->command && !trace_running(l->trace))) {
		l->done = true;
		return 0;
	}
	if (l->trace->opts->advise)
		return 0;
	return emitter_write(l->emitter, l->trace, false, l->why);
}

/* A command decides itself: its end ends the run, so that its last work is in the report. */
static int on_signal(struct loop *l)
{
	struct signalfd_siginfo info;

	if (read(l->signals, &info, sizeof(info)) < 0)
		return errno == EAGAIN ? 0
				       : reason_set(l->why, -errno, "signals: %s", strerror(errno));
	if (!l->trace->command)
		l->done = true;
	else
		trace_pass_signal(l->trace, &info);
	return 0;
}

static void on_target(struct loop *l, size_t i)
{
	struct traced *t = &l->trace->targets[i];

	epoll_ctl(l->epoll, EPOLL_CTL_DEL, target_pidfd(t->target), NULL);
	t->gone = true;
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
		return trace_drain(l->trace, l->why);
	case WATCH_COMMAND:
		l->done = true;
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

/*
 * Windows must be drained before they are full although the targets may take every CPU. Best
 * effort: without the right, the early flip at half a window is the only margin.
 */
static void raise_priority(void)
{
	if (setpriority(PRIO_PROCESS, 0, NICE))
		log_debug("priority not raised: %s", strerror(errno));
}

int loop_run(struct trace *trace, struct emitter *emitter, int signal_fd, struct reason *why)
{
	struct loop l = {
		.trace = trace, .emitter = emitter, .timer = -1, .signals = signal_fd, .why = why};
	int err;

	raise_priority();
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	err = l.epoll < 0 ? -errno : watch_all(&l);
	if (err)
		reason_set(why, err, "cannot wait for events: %s", strerror(-err));
	else
		err = run(&l);
	if (l.timer >= 0)
		close(l.timer);
	if (l.epoll >= 0)
		close(l.epoll);
	return err;
}
