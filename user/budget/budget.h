/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When to detach and when to attach again, so that traps take no more than a share of the targets'
 * CPU time in every window of 4 s. Pure: it has no clock and touches no process; it is told what
 * they show, and answers.
 *
 * All is reckoned in CPU seconds of the targets, not in wall time: a target is slower while it is
 * traced, and where it idles there is nothing to sample. Of
 *
 *	share	what traps may take of CPU time
 *	taken	what they take of it while attached, as of late
 *
 * follows fraction = 0.9 share / taken, the part of CPU time to be attached in. It is cut into
 * bursts, about eight a window, fewer where a burst would be too short to be worth its detaching.
 * Each burst is as long as planned, in useful CPU time (without traps), not as many events as may
 * be: else busy moments had shorter bursts, and estimates would be too low. The gaps between them
 * are random (half to three halves of their mean), so that no period of the target's keeps step.
 *
 * Where taken is below share there is one burst without end, which a target that stays so quiet
 * never leaves. It ends when half of a window's budget is used up and the rest will not do for the
 * rest of the window; within the first second already at an eighth, so that a target that is beyond
 * its share from the begin is cut within that second (but not before 40 ms of CPU time have been
 * seen: the clock moves in ticks). Any burst ends early when the window is used up, less what the
 * traps will take that still fire while the kernel detaches (learnt from what they took the last
 * times). What was taken too much is owed by the windows that follow.
 *
 * Where detaching is slow, as it is for perf events, one takes more than a window has. Bursts last
 * as long as a detach then, and are as rare as both together ask for: the share is held in the
 * long run, not in every window.
 */
#ifndef SS_BUDGET_BUDGET_H
#define SS_BUDGET_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#define BUDGET_WINDOW_S 4.0

struct budget;

/* All but now_s since any moment that stays the same, of all targets together; none ever falls. */
struct budget_reading {
	double now_s;  /* a monotonic clock */
	double cpu_s;  /* CPU time of the targets, traps included */
	double trap_s; /* what their traps cost, also of those that fired behind a closed gate */
};

enum budget_step {
	BUDGET_STAY,
	BUDGET_PAUSE,  /* detach: events end to count now */
	BUDGET_RESUME, /* attach */
};

struct budget_answer {
	enum budget_step step;
	double next_s; /* ask again then, on the clock of now_s; after a step, as soon as done */
};

/*
 * share of the CPU time, 0 < share <= 1. detach_s: where detaching is slow, how long all probes may
 * go on to fire; else 0. The same seed gives the same answers to the same readings. NULL without
 * memory.
 */
struct budget *budget_new(double share, double detach_s, uint64_t seed);
void budget_free(struct budget *b);

/*
 * What is to be done now. attached: whether events count now. It is no error if a step was not
 * taken, or was taken unasked. The first call is the begin of the first window.
 */
struct budget_answer budget_ask(struct budget *b, const struct budget_reading *r, bool attached);

#endif
