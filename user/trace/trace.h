/* SPDX-License-Identifier: BSD-2-Clause */
/* A run of tracing: the targets, their executables, the session, the rows. */
#ifndef SS_TRACE_TRACE_H
#define SS_TRACE_TRACE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <time.h>

#include "trace/executable.h"
#include "trace/options.h"
#include "report/chains.h"
#include "report/report.h"
#include "session/calibrator.h"
#include "session/session.h"
#include "target/command.h"
#include "target/target.h"

struct traced {
	pid_t pid;
	struct target *target;	/* NULL: it has ended, or had before it could be looked into */
	struct executable *exe; /* one of trace.exes, number exe_number; NULL: it is forgotten */
	uint32_t exe_number;
	uint64_t bias;
	char *path;	   /* its executable's, where files are followed; NULL: as exe tells */
	char *cgroup;	   /* NULL: not known */
	double cpu_from_s; /* CPU time it had used when it came to be traced */
	bool gone;
	bool over; /* it is about to be forgotten */
};

struct opening;
struct trace_follow;
struct pins;
struct pinned;

struct trace {
	const struct options *opts;
	struct traced *targets; /* those that have ended too, and such that are forgotten */
	size_t ntargets;
	size_t room; /* for so many */
	size_t exe_room;
	struct trace_follow *follow; /* NULL: a target's index is its number in the maps */
	struct parser *parser;
	struct executable **exes; /* NULL: it is forgotten */
	size_t nexes;
	struct command *command; /* or NULL */
	struct session *session; /* NULL until it has been awaited */
	struct pins *pins;	 /* of --pin, or of a session picked up again; or NULL */
	struct pinned *pinned;	 /* what is told there */
	bool picked_up;		 /* the session was left by another slicestat */
	struct opening *opening;
	struct report *report; /* NULL where chains are kept instead */
	struct report *finest; /* of sites, for any view: each process's by itself; or NULL */
	struct chains *chains;
	struct calibrator *calibrator;
	struct calibration cost;     /* as soon as calibrated */
	struct trace_budget *budget; /* NULL: off */
	bool calibrated;
	uint64_t counts[SS_COUNTS]; /* as of the last snapshot; so is unreturned */
	uint64_t unreturned;	    /* makes seen to begin, not to return */
	uint64_t stacks_cut;	    /* events whose stack fills what is kept of one */
	uint64_t zero_sized;	    /* events that only their type told to take no memory */
	uint64_t unknown;	    /* events whose process the maps told and nobody here knew */
	double ended_cpu_s;	    /* trace_target_cpu_s of processes that have ended */
	struct timespec begin;	    /* CLOCK_MONOTONIC, when the gate opened */
};

/*
 * Begin to open the session, for so many targets at a time, and open what is kept here, with room
 * for so many in all. 0 or a negative errno with why set; that of the session comes when it is
 * awaited.
 */
int trace_open_session(struct trace *trace, size_t ntargets, size_t room, struct reason *why);
/* Meanwhile, load the programs for the executable's plan, where nothing more is needed for them. */
void trace_preload(struct trace *trace, const struct executable *exe);
/* Rows for a session that is picked up again. 0 or a negative errno with why set. */
int trace_reopen_session(struct trace *trace, size_t ntargets, bool readonly, struct reason *why);
/* Wait for the session, unless it is there. 0 or a negative errno with why set. */
int trace_await_session(struct trace *trace, struct reason *why);
void trace_close_session(struct trace *trace);
/* Trace the processes of -p or -e. 0 or a negative errno with why set. */
int trace_processes(struct trace *trace, struct reason *why);
/* Read the executable behind fd, known as path, unless that has been done. 0 or a negative errno.
 */
int trace_executable(struct trace *trace, int fd, const char *path, struct executable **out,
		     struct reason *why);
/* The one that has been read from this file; NULL: none. */
struct executable *trace_find_executable(const struct trace *trace, int fd);
uint32_t trace_exe_number(const struct trace *trace, const struct executable *exe);
/* The next one's: that of one that is forgotten, else a new one; exe_room: all are taken. */
size_t trace_free_exe_number(const struct trace *trace);
/* Plan where to probe it, unless that has been done. 0 or a negative errno with why set. */
int trace_plan(struct trace *trace, struct executable *exe, struct reason *why);
/* The target with this number in the maps now; NULL where it is not known. */
struct traced *trace_target(struct trace *trace, uint32_t number);
/*
 * Start the command and trace the first Go program in its process tree; mask is its signal mask,
 * stop_fd ends the wait (-EINTR). 0 or a negative errno with why set.
 */
int trace_command(struct trace *trace, const sigset_t *mask, int stop_fd, struct reason *why);
/* Open the gate, let a command run, tell the user what is traced. 0 or a negative errno. */
int trace_start(struct trace *trace, struct reason *why);
/* Pass a signal on to the command, unless it came from the terminal, which sends it to both. */
void trace_pass_signal(const struct trace *trace, const struct signalfd_siginfo *info);
/*
 * Wait for the command and return its status as a shell does, or 1. Signals from signal_fd are
 * passed on; at the second one the wait is given up: 128 + signal.
 */
int trace_wait_command(const struct trace *trace, int signal_fd);
/* Put what the window holds into the report. 0 or a negative errno with why set. */
int trace_drain(struct trace *trace, struct reason *why);
/* What session_snapshot brings, into the report of the trace that ctx is. */
void trace_fold_base(void *ctx, const void *key, const void *val);
void trace_fold_site(void *ctx, const void *key, const void *val);
/* A site with its stack. */
void trace_fold_stack(void *ctx, const void *key, const void *val);
void trace_fold_chain(void *ctx, const void *key, const void *val);
/* In trace.finest a process that is forgotten is not told from others of its executable any more.
 */
static inline uint32_t trace_group_of_exe(const struct trace *trace, uint32_t exe)
{
	return (uint32_t)trace->room + exe;
}
/* A row's group is the number of a target, else that of an executable. */
bool trace_rows_by_target(const struct trace *trace);
/* trace_drain with the counters beside it, for a report to be written now. */
int trace_snapshot(struct trace *trace, struct reason *why);
/*
 * Wait for what a trap costs, unless it is known. 0 or a negative errno with why set: this kernel
 * does not count every event.
 */
int trace_read_cost(struct trace *trace, struct reason *why);
/* Detach; counts and rows stand still afterwards. */
int trace_stop(struct trace *trace, struct reason *why);
void trace_free(struct trace *trace);

/* CLOCK_MONOTONIC, in seconds. */
double trace_now_s(void);

/* Forget it, and free what it has. */
void trace_target_clear(struct traced *t);
/* CPU time that it used since it came to be traced, as of some ms ago; 0 where it has ended. */
double trace_target_cpu_s(const struct traced *t);
/* The same of all, also of those that have ended. It never falls. */
double trace_cpu_s(const struct trace *trace);
size_t trace_running(const struct trace *trace);
/* Target number i has ended. */
void trace_target_gone(struct trace *trace, size_t i);
/* Notice targets that ended or run another program now; the latter are detached, with a warning. */
void trace_check_targets(struct trace *trace);

#endif
