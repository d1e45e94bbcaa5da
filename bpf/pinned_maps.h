/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a pinned session tells of itself, in the maps `session` and `traced`: to people by bpftool,
 * and to a slicestat that picks it up again. Flat; a change of meaning takes another version.
 */
#ifndef SS_PINNED_MAPS_H
#define SS_PINNED_MAPS_H

#include "slicestat.h"

#define SS_PINNED_VERSION 1

enum ss_pinned_state {
	SS_PINNED_BY_LOADER = 1, /* the slicestat that pinned it traces; or it has been killed */
	SS_PINNED_DETACHED = 2,	 /* the kernel traces alone */
	SS_PINNED_STOPPED = 3,	 /* nothing comes any more: what there is waits to be read */
};

#define SS_PINNED_COMMAND  256
#define SS_PINNED_COUNTERS 512
#define SS_PINNED_WORDS	   4096
#define SS_PINNED_PATH	   4096

struct ss_session {
	__u32 version; /* SS_PINNED_VERSION */
	__u32 state;   /* enum ss_pinned_state */
	__u32 loader;  /* pid of the slicestat that pinned it */
	__u32 targets;
	char slicestat[32];		   /* its version */
	char command[SS_PINNED_COMMAND];   /* its command line, for people: may be cut */
	char counters[SS_PINNED_COUNTERS]; /* names of the slots of `counts`, a space between */
	__u64 began_unix_s;
	__u64 began_ns; /* CLOCK_MONOTONIC, when the gate opened */
	/* What a trap costs here, in picoseconds. */
	__u64 emulated_ps;
	__u64 stepped_ps;
	__u64 unreturned; /* makes under way that were given up when it was stopped */
	__u32 by;	  /* enum session_attach_by */
	__u32 nwords;
	char words[SS_PINNED_WORDS]; /* the command line, each word with its end */
};

/* A target, by its number. */
struct ss_traced {
	__u32 pid;
	__u32 exe; /* targets with the same number run the same file */
	char path[SS_PINNED_PATH];
	char go[32];
	char arch[16];
	/* Which exec of which process: fields 22 and 28 of proc_pid_stat(5). */
	__u64 start_time;
	__u64 start_stack;
	__u64 bias; /* run-time address less link-time address */
	__u64 text; /* link-time address of Go's text */
	/* Which file, and what was planned of it. */
	__u64 dev;
	__u64 inode;
	__u64 size;
	__u64 mtime_ns;
	__u64 plan_sum;
};

SS_ASSERT_SIZE(struct ss_session, 4960);
SS_ASSERT_SIZE(struct ss_traced, 4224);

#endif
