/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What counters would show had nothing been detached: an estimate with its error. Exact counts are
 * not touched. Pure arithmetic over readings.
 *
 * A target runs slower while it is traced, so events are set against useful CPU time, u = CPU time
 * less what traps took. Stretches attached are gathered in pieces with n events in u seconds each,
 * consecutive short ones in one piece: the clock of CPU time lags by up to a tick, and u must be
 * well above. A gap of U seconds between the pieces a and b counts as
 *
 *	U (n_a/u_a + n_b/u_b) / 2
 *
 * that is, by what is known next to it, not by the mean of the run: targets have phases. Of a long
 * stretch only its ends, each about as long as the gap beside it, stand for gaps.
 *
 * The error is half the width of a two-sided 95 % interval and has two parts, added up:
 *
 * - Chance. D = n_a/u_a - n_b/u_b is what two neighbours differ by, from chance as well as from the
 *   target's change between them; the gap adds D^2/2 U (U + u) to the variance: U^2 for what the
 *   pieces do not tell, U u for what the gap itself scatters. (Successive differences: they see
 *   noise and miss slow drift, as they should where neighbours stand for gaps.) With few pieces
 *   the variance is uncertain: Student's t, with the degrees of freedom that the terms show. It
 *   is never below what counting alone causes (Poisson, with 4 events added for small counts, so
 *   that no event at all still means some in a time as long as that observed), together with the
 *   scatter of all events. A margin of 15 % is for what this leaves out.
 * - A trap truly costs between 1 - d and 1 + d of what it is thought to cost. With r = trap time /
 *   useful time of the pieces, useful time is wrong by up to the factor 1 - d r, and the estimate
 *by d r / (1 - d r).
 *
 * In simulation (tests/unit/test_estimate_trial.c) this holds in 95 of 100 runs or more, for
 * steady, drifting, changing and periodic targets. What no statistics can tell: work that happens
 * rarely and in gaps only leaves no trace, nor does a sum show that most of it lies in a few
 *events.
 */
#ifndef SS_BUDGET_ESTIMATE_H
#define SS_BUDGET_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ESTIMATE_COUNTERS 8

struct estimate;

/* Since any moment that stays the same; none ever falls. */
struct estimate_reading {
	double cpu_s;  /* CPU time of the targets, traps included */
	double trap_s; /* what their traps cost */
	/* Number 0 counts events, the others are counts or sums over events. */
	uint64_t counts[ESTIMATE_COUNTERS];
};

/*
 * cost_doubt: the largest relative error of what a trap is thought to cost, 0.15 say. The first
 * reading is where counting begins. NULL without memory.
 */
struct estimate *estimate_new(double cost_doubt, const struct estimate_reading *begin);
void estimate_free(struct estimate *e);

/*
 * The next reading: of all time since the one before, events counted (attached) or they did not.
 * Take one at every change, and while attached at every question to the budget.
 */
void estimate_add(struct estimate *e, const struct estimate_reading *r, bool attached);

struct estimate_total {
	double total; /* what was counted, and what is thought to have been missed */
	double error; /* total is within so much of the truth; INFINITY: nothing can be said */
};

/* Of counter i as of the last reading. While there was no gap it is exact, with error 0. */
struct estimate_total estimate_total(const struct estimate *e, size_t i);

/*
 * The share of the targets' useful CPU time in which events counted: of CPU time rather than of
 * wall time, since idle time needs no tracing; of useful time, since traced time is longer for the
 * same work. 1 without a gap.
 */
double estimate_exposure(const struct estimate *e);

/* The same in seconds: of the time that was traced, and of all. */
double estimate_attached_s(const struct estimate *e);
double estimate_useful_s(const struct estimate *e);

#endif
