// SPDX-License-Identifier: BSD-2-Clause
#include "target/tracees.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* Without PTRACE_O_EXITKILL: the tree outlives its tracer. */
#define FOLLOW_OPTIONS                                                                             \
	(PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

struct tracee {
	pid_t tid;
	bool at_exec; /* stopped, and reported */
};

struct tracees {
	struct tracee *list;
	size_t count, room;
	pid_t first;
	bool leaving;
};

struct tracees *tracees_new(void)
{
	return calloc(1, sizeof(struct tracees));
}

void tracees_free(struct tracees *ts)
{
	if (!ts)
		return;
	free(ts->list);
	free(ts);
}

size_t tracees_count(const struct tracees *ts)
{
	return ts->count;
}

static long request(int what, pid_t tid, uintptr_t data)
{
	return ptrace((enum __ptrace_request)what, tid, NULL, (void *)data);
}

/* Room for one more, made before an event is taken that may bring one. 0 or -ENOMEM. */
static int make_room(struct tracees *ts)
{
	size_t room = ts->room ? 2 * ts->room : 16;
	struct tracee *grown;

	if (ts->count < ts->room)
		return 0;
	grown = reallocarray(ts->list, room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	ts->list = grown;
	ts->room = room;
	return 0;
}

static struct tracee *find(struct tracees *ts, pid_t tid)
{
	for (size_t i = 0; i < ts->count; i++)
		if (ts->list[i].tid == tid)
			return &ts->list[i];
	return NULL;
}

/* False when there is no room: only while leaving, when out of memory. */
static bool add(struct tracees *ts, pid_t tid)
{
	if (find(ts, tid))
		return true;
	if (ts->count == ts->room)
		return false;
	ts->list[ts->count++] = (struct tracee){.tid = tid};
	return true;
}

static void forget(struct tracees *ts, struct tracee *t)
{
	*t = ts->list[--ts->count];
}

int tracees_seize(struct tracees *ts, pid_t pid)
{
	int err = make_room(ts);

	if (err)
		return err;
	if (request(PTRACE_SEIZE, pid, FOLLOW_OPTIONS))
		return -errno;
	ts->first = pid;
	add(ts, pid);
	return 0;
}

/*
 * Let a stopped tracee run on, with signal sig unless 0. An error means that it was killed
 * meanwhile: its end is told by a later wait.
 */
static void let_run(struct tracees *ts, struct tracee *t, int sig)
{
	t->at_exec = false;
	if (!ts->leaving)
		request(PTRACE_CONT, t->tid, (uintptr_t)sig);
	else if (request(PTRACE_DETACH, t->tid, (uintptr_t)sig) == 0)
		forget(ts, t);
}

static bool stops_group(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* The child or thread that a tracee has just made; it is attached already. 0 if not to be told. */
static pid_t new_tracee(pid_t parent)
{
	unsigned long tid = 0;

	return request(PTRACE_GETEVENTMSG, parent, (uintptr_t)&tid) ? 0 : (pid_t)tid;
}

static void handle_stop(struct tracees *ts, struct tracee *t, int status, struct tracees_news *news)
{
	int sig = WSTOPSIG(status);
	pid_t child;

	switch (status >> 16) {
	case 0:
		let_run(ts, t, sig);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		child = new_tracee(t->tid);
		let_run(ts, t, 0);
		if (child)
			add(ts, child);
		break;
	case PTRACE_EVENT_EXEC:
		t->at_exec = !ts->leaving;
		if (t->at_exec)
			news->execed = t->tid;
		else
			let_run(ts, t, 0);
		break;
	case PTRACE_EVENT_STOP:
		/* In a group-stop it stays stopped, as untraced, and tells of SIGCONT. */
		if (stops_group(sig) && !ts->leaving)
			request(PTRACE_LISTEN, t->tid, 0);
		else
			let_run(ts, t, 0);
		break;
	default:
		let_run(ts, t, 0);
	}
}

/* True when there was news of this tracee. May take its record out of the list. */
static bool handle_one(struct tracees *ts, struct tracee *t, struct tracees_news *news)
{
	int status;
	pid_t got = waitpid(t->tid, &status, __WALL | WNOHANG);

	if (got == 0)
		return false;
	if (got > 0 && WIFSTOPPED(status)) {
		handle_stop(ts, t, status, news);
		return true;
	}
	if (got == ts->first) {
		news->first_ended = true;
		news->status = status;
		ts->first = 0;
	}
	/* Ended; or (ECHILD) gone without a word, as the id of a thread that has exec'd. */
	forget(ts, t);
	return true;
}

/*
 * A child whose parent was killed before it could report it. It shows as a stop that is a tracee's
 * (CLD_TRAPPED) and not of a known one; the stop itself is left to be waited for. True if found.
 */
static bool adopt_orphan(struct tracees *ts)
{
	siginfo_t info = {.si_pid = 0};

	if (waitid(P_ALL, 0, &info, WSTOPPED | WNOHANG | WNOWAIT | __WALL) || !info.si_pid)
		return false;
	if (info.si_code != CLD_TRAPPED)
		return false;
	return add(ts, info.si_pid);
}

/* Backwards, since a record that is taken out is replaced by the last one. */
int tracees_handle(struct tracees *ts, struct tracees_news *news)
{
	news->any = false;
	for (size_t i = ts->count; i-- > 0 && !news->execed;) {
		if (make_room(ts) && !ts->leaving)
			return -ENOMEM;
		if (handle_one(ts, &ts->list[i], news))
			news->any = true;
	}
	if (make_room(ts) && !ts->leaving)
		return -ENOMEM;
	if (!news->any && adopt_orphan(ts))
		news->any = true;
	return 0;
}

void tracees_resume(struct tracees *ts, pid_t pid)
{
	struct tracee *t = find(ts, pid);

	if (t && t->at_exec)
		let_run(ts, t, 0);
}

void tracees_leave(struct tracees *ts)
{
	ts->leaving = true;
	for (size_t i = ts->count; i-- > 0;) {
		if (ts->list[i].at_exec)
			let_run(ts, &ts->list[i], 0);
		else
			request(PTRACE_INTERRUPT, ts->list[i].tid, 0);
	}
}
