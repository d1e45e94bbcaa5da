/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The threads of a process tree under ptrace (PTRACE_SEIZE, ptrace(2)): each is let run on at every
 * stop but that of an exec. Only these are waited for, no other child of the caller. All calls
 * must come from one thread, which must be told of SIGCHLD. When it dies, the kernel lets all go.
 */
#ifndef SS_TARGET_TRACEES_H
#define SS_TARGET_TRACEES_H

#include <stdbool.h>
#include <sys/types.h>

struct tracees;

struct tracees_news {
	pid_t execed;	  /* this one is at its exec stop, until tracees_resume; 0 none */
	bool any;	  /* something was handled: there may be more at once */
	bool first_ended; /* the process given to tracees_seize has ended, */
	int status;	  /* with this wait status, and has been reaped */
};

/* Free with tracees_free. NULL: out of memory. */
struct tracees *tracees_new(void);
/* Frees the records only: let the tracees go before. NULL is ok. */
void tracees_free(struct tracees *ts);

/* Follow process pid (one thread, the caller's child) and all that comes of it. 0, -errno. */
int tracees_seize(struct tracees *ts, pid_t pid);
/* Threads followed now. */
size_t tracees_count(const struct tracees *ts);
/*
 * Handle what has happened since, without waiting; up to the first exec. Adds to *news. After a
 * call that gave news->any false, a SIGCHLD comes before there is more. 0 or a negative errno.
 */
int tracees_handle(struct tracees *ts, struct tracees_news *news);
/* Let a process run on from its exec stop. */
void tracees_resume(struct tracees *ts, pid_t pid);
/*
 * Let all go: those at an exec stop at once, each other one at its next stop, for which it is
 * asked here. Call tracees_handle until tracees_count is 0; it reports no exec from here on.
 */
void tracees_leave(struct tracees *ts);

#endif
