// SPDX-License-Identifier: BSD-2-Clause
#include "trace/comings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "trace/libraries.h"
#include "trace/targets.h"
#include "log/log.h"
#include "symbol/process_types.h"
#include "target/cgroup.h"
#include "target/proc.h"

/* A process that has run for so long has mapped the libraries that it begins with. */
#define SETTLED_NS 1000000000u

/* Where chains are kept, to release numbers takes a walk over all: so many are waited for. */
#define CHAINS_LEFT_MIN (SS_FOLLOWED_TARGETS_MAX / 4)

/* So many that left are not kept waiting for the next drain, else there may be no numbers. */
#define LEFT_MAX (SS_FOLLOWED_TARGETS_MAX / 2)

struct trace_comings {
	struct trace *trace;
	struct trace_known *known;
	struct follow *kernel;
	struct traced *by_number[SS_FOLLOWED_TARGETS_MAX];
	uint32_t left[SS_FOLLOWED_TARGETS_MAX]; /* oldest first */
	int nleft;
	int leaving; /* see trace_comings_before_drain */
	uint64_t unreturned;
};

struct trace_comings *trace_comings_new(struct trace *trace, struct trace_known *known,
					struct follow *kernel)
{
	struct trace_comings *c = calloc(1, sizeof(*c));

	if (c) {
		c->trace = trace;
		c->known = known;
		c->kernel = kernel;
	}
	return c;
}

void trace_comings_free(struct trace_comings *c)
{
	free(c);
}

/* To read its memory, for types that are made at run time: while it is there. */
static struct target *open_process(const struct ss_coming *coming)
{
	struct target *target = NULL;
	struct reason why;

	if (target_open((pid_t)coming->pid, &target, &why))
		return NULL;
	if (target_is(target, coming->start_ns, coming->start_code))
		return target;
	target_free(target);
	return NULL;
}

/*
 * It takes no right to see. Where the process has ended, its cgroup may still be there, and its pid
 * may be another one's.
 */
static char *cgroup_of(const struct ss_coming *coming)
{
	char process[32], *path = NULL;
	struct proc_stat stat;
	int fd;

	snprintf(process, sizeof(process), "/proc/%u", coming->pid);
	fd = open(process, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		path = cgroup_of_process(fd);
		if (proc_read_stat(fd, &stat) || !proc_began_at(&stat, coming->start_ns)) {
			free(path);
			path = NULL;
		}
		close(fd);
	}
	return path ? path : cgroup_by_id(coming->cgroup);
}

static bool has_settled(const struct ss_coming *coming)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec >
	       coming->start_ns + SETTLED_NS;
}

static void take_process(struct trace_comings *c, const struct ss_coming *coming)
{
	struct trace *trace = c->trace;
	struct executable *exe = coming->exe < trace->nexes ? trace->exes[coming->exe] : NULL;
	struct traced *t;

	if (coming->target >= SS_FOLLOWED_TARGETS_MAX || !exe)
		return;
	t = trace_known_take(c->known);
	if (!t)
		return;
	*t = (struct traced){
		.pid = (pid_t)coming->pid,
		.target = open_process(coming),
		.exe = exe,
		.exe_number = coming->exe,
		.bias = coming->start_code - parsed_info(exe->parsed)->code_start,
	};
	/* The clock goes on through an exec, and may have run for long. */
	if (t->target) {
		t->path = strdup(target_exe(t->target));
		t->cpu_from_s = target_cpu_s(t->target);
	}
	t->cgroup = cgroup_of(coming);
	if (t->target && has_settled(coming))
		libraries_warn_loaded(trace->parser, t->target);
	c->by_number[coming->target] = t;
}

/* What was read while it ran may have a thread that has gone while the kernel added up all. */
static double ended_cpu_s(const struct traced *t, const struct ss_coming *coming)
{
	const double read_s = trace_target_cpu_s(t);
	const double told_s = 1e-9 * (double)coming->cpu_ns - t->cpu_from_s;

	return told_s > read_s ? told_s : read_s;
}

static struct traced *by_number(const struct trace_comings *c, uint32_t number)
{
	return number < SS_FOLLOWED_TARGETS_MAX ? c->by_number[number] : NULL;
}

/* Of its memory nothing is left. */
static void leave_process(struct trace_comings *c, const struct ss_coming *coming)
{
	struct traced *t = by_number(c, coming->target);

	if (coming->target >= SS_FOLLOWED_TARGETS_MAX || c->nleft == SS_FOLLOWED_TARGETS_MAX)
		return;
	c->left[c->nleft++] = coming->target;
	if (!t)
		return;
	t->gone = true;
	c->trace->ended_cpu_s += ended_cpu_s(t, coming);
	target_free(t->target);
	t->target = NULL;
}

static void on_coming(void *ctx, const struct ss_coming *coming)
{
	if (coming->kind == SS_CAME)
		take_process(ctx, coming);
	else
		leave_process(ctx, coming);
}

int trace_comings_look(struct trace_comings *c, struct reason *why)
{
	int err = follow_comings(c->kernel, on_coming, c);

	return err ? reason_set(why, err, "cannot read which processes came: %s", strerror(-err))
		   : 0;
}

void trace_comings_find_newcomers(struct trace_comings *c)
{
	struct reason unread;

	if (follow_walk(c->kernel))
		log_warn("cannot walk over processes: some may not be seen before their events");
	trace_comings_look(c, &unread);
}

struct traced *trace_comings_find(struct trace_comings *c, uint32_t number)
{
	struct reason unread;

	/* It came while the windows were being flipped. */
	if (!by_number(c, number))
		trace_comings_look(c, &unread);
	return by_number(c, number);
}

bool trace_comings_are_short(const struct trace_comings *c)
{
	return c->nleft >= LEFT_MAX;
}

int trace_comings_before_drain(struct trace_comings *c, bool all, struct reason *why)
{
	int err = trace_comings_look(c, why);

	c->leaving = err || (c->trace->chains && c->nleft < CHAINS_LEFT_MIN && !all) ? 0 : c->nleft;
	return err;
}

bool trace_comings_is_leaving(const struct trace_comings *c, uint32_t number)
{
	for (int i = 0; i < c->leaving; i++)
		if (c->left[i] == number)
			return true;
	return false;
}

/* What the session still holds of them goes. */
static void release(struct trace_comings *c, int n)
{
	int64_t makes = session_forget(c->trace->session, c->left, (size_t)n);

	c->unreturned += makes > 0 ? (uint64_t)makes : 0;
	for (int i = 0; i < n; i++) {
		struct traced *t = c->by_number[c->left[i]];

		if (t) {
			/* Nothing of it is to come. */
			process_types_free(t->types);
			t->types = NULL;
			trace_known_ended(c->known, t);
		}
		c->by_number[c->left[i]] = NULL;
		follow_release(c->kernel, c->left[i]);
	}
	c->nleft -= n;
	memmove(c->left, c->left + n, (size_t)c->nleft * sizeof(c->left[0]));
}

void trace_comings_after_drain(struct trace_comings *c)
{
	if (c->leaving)
		release(c, c->leaving);
	c->leaving = 0;
}

uint64_t trace_comings_unreturned(const struct trace_comings *c)
{
	return c->unreturned;
}
