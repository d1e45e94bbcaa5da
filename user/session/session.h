/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel side of a run: maps, programs, links. Life cycle, in this order:
 * session_new, session_attach (once a target), session_start, session_snapshot as often as
 * wanted, session_pause and session_resume in turn, session_stop, a last session_snapshot,
 * session_free.
 */
#ifndef SS_SESSION_SESSION_H
#define SS_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/reason.h"
#include "plan/callers.h"
#include "plan/plan.h"
#include "plan/scope.h"
#include "session/follow.h"
#include "slicestat.h"

struct session;

/* How programs are attached. */
enum session_attach_by {
	SESSION_BEST, /* the first of these that works here, found by trying: features.h */
	SESSION_UPROBE_MULTI,
	SESSION_PERF_EVENT,
};

/*
 * Each perf event is paid for by itself: it takes the kernel 0.1 s or more to take one off, one
 * after another, and 0.2 us at each context switch of the process, hit or not. What can be done
 * without, and calls in scope, are attached while a session has no more than these.
 */
#define SESSION_PERF_EVENTS_MAX 128

/* What events are added up by. */
enum session_fold {
	SESSION_FOLD_BASES,
	SESSION_FOLD_SITES,
	SESSION_FOLD_CHAINS,
};

struct session_options {
	enum session_fold fold;
	bool stacks;	      /* sites are told apart by their stacks too */
	uint32_t max_bases;   /* bases a window holds; there are two windows */
	uint32_t max_sites;   /* the same for sites */
	uint32_t max_tails;   /* arrays that chains have now */
	uint32_t max_lives;   /* beginnings of chains, times the capacities they come to */
	uint32_t max_pending; /* makes under way at once */
	uint32_t max_targets;
	enum session_attach_by by;
	bool follow; /* probes are those of files; processes are told apart by session/follow.h */
	bool lasts;  /* nobody will drain: one window holds all; see session/reopen.h */
};

/* In the place of a process: all that run the file. */
#define SESSION_ANY_PROCESS (-1)

/*
 * Create the maps; all memory is taken here. Sets *out, to be freed with session_free, or returns
 * a negative errno with why set: -EPERM (rights), -ENOENT (no kernel BTF), -ENOMEM, ...
 */
int session_new(const struct session_options *opts, struct session **out, struct reason *why);

/* One process to attach to. */
struct session_target {
	uint32_t id; /* the caller's number for it, below max_targets; of files, SS_EXECUTABLES_MAX
		      */
	pid_t pid;   /* where files are followed, SESSION_ANY_PROCESS */
	int exe_fd;  /* its executable; needed at each attaching, resuming too */
	/* Run-time address less link-time address; of a file, less the start of its code. */
	uint64_t bias;
	/* What its callers are, or NULL; must stay until session_free. */
	const struct plan_callers *callers;
	/* The calls to be probed in the place of the plan's sites, or NULL; must stay as well. */
	const struct plan_scope *scope;
};

/*
 * Load the programs for a plan before its callers are known, of text of so many bytes: the kernel
 * takes tens of milliseconds to verify them. session_attach then finds them, where they fit. 0 or a
 * negative errno with why set.
 */
int session_preload(struct session *s, const struct plan *plan, uint64_t text_size,
		    struct reason *why);

/*
 * Attach the plan's sites in this process; the plan must stay until session_free. Functions that
 * the kernel refuses to probe are left out whole; `refused` (may be NULL) then names them with the
 * reason, else it is empty. 0, or a negative errno with why set when nothing could be attached;
 * -ESRCH when the process is gone. While the session is paused, probes are put on to see whether
 * that can be done, and taken off until it is resumed.
 */
int session_attach(struct session *s, const struct session_target *t, const struct plan *plan,
		   struct reason *refused, struct reason *why);

/*
 * Detach one process; what it did stays counted. Where it has ended, and taking probes off is slow,
 * that waits for another detaching or session_free: nobody runs into them any more. 0 or a
 * negative errno.
 */
int session_detach(struct session *s, uint32_t target, bool ended);
/* The same at once in any case, and the number is free for another session_attach. */
int session_drop(struct session *s, uint32_t target);

/*
 * Take all probes off for a while: the target runs at full speed, and nothing counts. Makes under
 * way are waited for, a moment; those that do not return in it are given up (session_abandoned).
 * 0 or the first negative errno: all is detached then all the same.
 */
int session_pause(struct session *s);
/*
 * Attach all again that session_attach attached and session_detach did not detach; session_start
 * then opens the gate. Processes that ended meanwhile are left out. 0 or a negative errno with why
 * set.
 */
int session_resume(struct session *s, struct reason *why);
/* Makes seen to begin whose end a pause has hidden. */
uint64_t session_abandoned(const struct session *s);

/* What it shares with follow_new. */
struct follow_maps session_follow_maps(const struct session *s);
/*
 * The processes that had these n numbers have left: forget what they had under way and their
 * chains, so that other ones can have the numbers. How many makes they had begun, or a negative
 * errno.
 */
int64_t session_forget(struct session *s, const uint32_t *targets, size_t n);

/* Open the gate: events count from here. */
void session_start(struct session *s);

enum session_attach_by session_attach_by(const struct session *s);
/* Seconds that it takes to detach all that is attached now, about; 0 where that is quick. */
double session_detach_s(const struct session *s);
size_t session_memory(const struct session *s); /* bytes of the maps, as the kernel states them */
/* Readable when the window is filling up before its time: take a snapshot then. */
int session_wake_fd(const struct session *s);
/* Put that off: it becomes readable when the next window fills up. */
void session_wake_later(const struct session *s);
/* How full the fullest window was that snapshots have drained since the last call, 0 to 1; of
 * chains 0. */
double session_take_window_fill(struct session *s);

/*
 * What one base or one site did in a window: ss_base_key and ss_base, or ss_site_key and ss_site.
 * A site comes once for each of its shards. Of chains it is no window but all there is now:
 * ss_life_key and ss_life.
 */
typedef void (*session_entry_fn)(void *ctx, const void *key, const void *val);

/*
 * Flip the windows and hand every entry of the full one to fn, exactly once, in no order; of
 * chains, hand over all. 0 or a negative errno with why set.
 */
int session_snapshot(struct session *s, session_entry_fn fn, void *ctx, struct reason *why);

/*
 * The addresses of a kept stack as mapped in the target: the probe's, which is 0 where it was not
 * kept, then return addresses, innermost first; id is ss_site_key.stack. Their number, or a
 * negative errno.
 */
int session_stack(const struct session *s, uint32_t id, uint64_t pcs[SS_STACK_DEPTH]);

/* Sums over all CPUs, by enum ss_count. 0 or a negative errno. */
int session_counts(const struct session *s, uint64_t counts[SS_COUNTS]);
/* Arrays of chains that were forgotten for want of room: what they grow to begins anew. */
uint64_t session_forgotten(const struct session *s);
/* Makes seen to begin whose end has not been seen. Or a negative errno. */
int64_t session_pending(const struct session *s);

/*
 * Close the gate, give makes under way a moment to return, detach everything. After it the counts
 * stand still. 0 or the first negative errno (everything is detached all the same).
 */
int session_stop(struct session *s);
void session_free(struct session *s);

#endif
