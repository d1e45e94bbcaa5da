/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run of tracing has: its targets, their executables, the session, the rows. */
#ifndef SS_TRACE_RUN_H
#define SS_TRACE_RUN_H

#include <stdbool.h>
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
	char *path;   /* its executable's, where files are followed; NULL: as exe tells */
	char *cgroup; /* NULL: not known */
	struct process_types *types;
	double cpu_from_s; /* CPU time it had used when it came to be traced */
	bool gone;
	bool over; /* it is about to be forgotten */
};

struct opening;
struct trace_comings;
struct trace_follow;
struct pins;
struct pinned;

struct trace {
	const struct options *opts;
	/* Which execs the pids of opts are; who is another by now is left out. NULL: any. */
	const struct target_stamp *since;
	struct traced *targets; /* those that have ended too, and such that are forgotten */
	size_t ntargets;
	size_t room; /* for so many */
	size_t exe_room;
	struct trace_follow *follow; /* NULL: the targets are those that were there at the start */
	struct trace_comings *comings; /* NULL: a target's index is its number in the maps */
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

#endif
