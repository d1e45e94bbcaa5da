/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A target, a kernel and a loop that obeys budget/budget.h, in steps of a millisecond: what the
 * budget and the estimates come to, against a truth that is known.
 *
 * The target's CPUs do useful work and suffer traps; what it does depends on the work done so far,
 * so tracing slows down its phases too. Attaching takes 5 ms with all probes firing behind a closed
 * gate, detaching 30 ms with probes firing for a random part of it. CPU time is read as the kernel
 * shows it, up to 4 ms old for each CPU. The loop is late by up to 2 ms, once a second by 20 ms.
 */
#ifndef SS_TESTS_BUDGET_TRIAL_H
#define SS_TESTS_BUDGET_TRIAL_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "budget/budget.h"
#include "budget/estimate.h"

#define TRIAL_STEP_S 0.001
#define TRIAL_CPUS   8
#define TRIAL_RARE   1e-5 /* of events: counter 1 */
#define TRIAL_LEN    100  /* mean of counter 2 an event, but for one in 10,000 that has: */
#define TRIAL_HUGE   100000

enum { TRIAL_EVENTS, TRIAL_RARES, TRIAL_LENS, TRIAL_COUNTERS };

struct trial {
	double share, seconds;
	double detach_s; /* 0: it takes 30 ms */
	int cpus;
	double rate;	 /* events a useful CPU second, at most */
	double trap_s;	 /* what a trap costs */
	double error;	 /* what it is thought to cost, in relation, less 1 */
	double doubt;	 /* as told to the estimate */
	double period_s; /* of work, each with a part of it at the full rate: */
	double duty;	 /* 1: steady */
	double change_s; /* rate until then is low times the rate */
	double drift_to; /* the rate at the end, as a part; 0: no drift */
	double low;	 /* the part of the rate outside of duty and before change_s */
	double idle;	 /* part of each idle_s that no CPU is used */
	double idle_s;
	uint64_t seed;
};

struct trial_end {
	double truth[TRIAL_COUNTERS], counted[TRIAL_COUNTERS];
	struct estimate_total total[TRIAL_COUNTERS];
	struct estimate_total chance[TRIAL_COUNTERS]; /* the same without a doubt of the price */
	double exposure;
	double cpu_s, trapped_s; /* CPU time, and what traps really took of it */
	double charged_s;	 /* what they are thought to have taken */
	double first_pause_s;	 /* -1: none */
	unsigned pauses;
	double worst_window; /* the largest share of CPU time charged in a window of 4 s */
	double wall_s;
};

struct trial_state {
	const struct trial *t;
	uint64_t random;
	double now, work_s, cpu_s, shown_cpu_s;
	double traps;
	double phase[TRIAL_CPUS];
	double counts[TRIAL_COUNTERS];
	bool probed, open; /* the probes fire; the gate is open */
	double window_begin_s, window_cpu_s, window_traps;
	struct trial_end end;
};

static inline double trial_draw(struct trial_state *s)
{
	uint64_t z = s->random;

	z ^= z << 13;
	z ^= z >> 7;
	z ^= z << 17;
	s->random = z;
	return (double)(z >> 11) / (double)(1ULL << 53);
}

static inline double trial_root(double x)
{
	double r = 1 + x / 2, next = (r + x / r) / 2;

	while (next < r * (1 - 1e-6)) {
		r = next;
		next = (r + x / r) / 2;
	}
	return next;
}

/* e to the power of -x. */
static inline double trial_decay(double x)
{
	double sum = 1, term = 1;

	for (int i = 1; term > 1e-15 * sum; i++) {
		term *= x / i;
		sum += term;
	}
	return 1 / sum;
}

/* By inversion; many as a sum of 6 uniform ones. */
static inline double trial_poisson(struct trial_state *s, double mean)
{
	double n = 0, p, u;

	if (mean <= 0)
		return 0;
	if (mean > 20) {
		for (int i = 0; i < 6; i++)
			n += trial_draw(s);
		n = mean + (n - 3) * trial_root(2 * mean) + 0.5;
		return n > 0 ? (double)(uint64_t)n : 0;
	}
	p = trial_decay(mean);
	for (u = trial_draw(s); u > p && n < 200; p *= mean / n) {
		u -= p;
		n++;
	}
	return n;
}

/* Events a useful CPU second at this point of the work (in seconds of one CPU). */
static inline double trial_rate(const struct trial *t, double work_s)
{
	double part = 1;

	if (t->period_s > 0) {
		double at = work_s / t->period_s + (double)(t->seed % 97) / 97;

		part = at - (double)(uint64_t)at < t->duty ? 1 : t->low;
	}
	if (work_s < t->change_s)
		part *= t->low;
	if (t->drift_to > 0)
		part *= 1 + (t->drift_to - 1) * work_s / t->seconds;
	return t->rate * part;
}

static inline bool trial_idles(const struct trial *t, double now)
{
	double at = t->idle > 0 ? now / t->idle_s : 0;

	return at - (double)(uint64_t)at < t->idle;
}

static inline void trial_step(struct trial_state *s)
{
	const struct trial *t = s->t;
	double rate = trial_rate(t, s->work_s), useful = TRIAL_STEP_S, n, huge;
	double of[TRIAL_COUNTERS];

	s->now += TRIAL_STEP_S;
	if (trial_idles(t, s->now))
		return;
	if (s->probed)
		useful /= 1 + rate * t->trap_s;
	n = trial_poisson(s, rate * useful * t->cpus);
	huge = trial_poisson(s, n * 1e-4);
	of[TRIAL_EVENTS] = n;
	of[TRIAL_RARES] = trial_poisson(s, n * TRIAL_RARE);
	of[TRIAL_LENS] = n * TRIAL_LEN + huge * TRIAL_HUGE;
	for (int i = 0; i < TRIAL_COUNTERS; i++) {
		s->end.truth[i] += of[i];
		s->counts[i] += s->open ? of[i] : 0;
	}
	s->work_s += useful;
	s->cpu_s += TRIAL_STEP_S * t->cpus;
	if (s->probed)
		s->traps += n;
	if (s->now - s->window_begin_s >= BUDGET_WINDOW_S - TRIAL_STEP_S / 2) {
		double cost = (s->traps - s->window_traps) * t->trap_s * (1 + t->error);
		double share = cost / (s->cpu_s - s->window_cpu_s);

		if (share > s->end.worst_window)
			s->end.worst_window = share;
		s->window_begin_s = s->now;
		s->window_cpu_s = s->cpu_s;
		s->window_traps = s->traps;
	}
}

static inline void trial_pass(struct trial_state *s, double seconds)
{
	double end = s->now + seconds - TRIAL_STEP_S / 2;

	while (s->now < end)
		trial_step(s);
}

static inline void trial_read(struct trial_state *s, struct estimate_reading *r)
{
	double cpu = s->cpu_s;

	for (int i = 0; i < s->t->cpus && !trial_idles(s->t, s->now); i++) {
		double at = s->now / 0.004 + s->phase[i];

		cpu -= 0.004 * (at - (double)(uint64_t)at);
	}
	if (cpu > s->shown_cpu_s)
		s->shown_cpu_s = cpu;
	*r = (struct estimate_reading){.cpu_s = s->shown_cpu_s,
				       .trap_s = s->traps * s->t->trap_s * (1 + s->t->error)};
	for (int i = 0; i < TRIAL_COUNTERS; i++)
		r->counts[i] = (uint64_t)s->counts[i];
}

static inline void trial_pause(struct trial_state *s)
{
	double all = s->t->detach_s > 0 ? s->t->detach_s : 0.03, tail = all * trial_draw(s);

	s->open = false;
	if (s->end.pauses++ == 0)
		s->end.first_pause_s = s->now;
	trial_pass(s, tail);
	s->probed = false;
	trial_pass(s, all - tail);
}

static inline void trial_add(struct trial_state *s, struct estimate *const e[2],
			     struct estimate_reading *r)
{
	trial_read(s, r);
	for (int i = 0; i < 2; i++)
		estimate_add(e[i], r, s->open);
}

static inline void trial_loop(struct trial_state *s, struct budget *b, struct estimate *const e[2])
{
	double wakes = 1, next = 0;

	while (s->now < s->t->seconds) {
		struct estimate_reading r;
		struct budget_answer a;

		trial_add(s, e, &r);
		a = budget_ask(b,
			       &(struct budget_reading){
				       .now_s = s->now, .cpu_s = r.cpu_s, .trap_s = r.trap_s},
			       s->open);
		next = a.next_s;
		if (a.step == BUDGET_PAUSE) {
			trial_pause(s);
		} else if (a.step == BUDGET_RESUME) {
			s->probed = true;
			trial_pass(s, 0.005);
			trial_add(s, e, &r);
			s->open = true;
		}
		if (next > s->now)
			trial_pass(s, next - s->now + 0.002 * trial_draw(s));
		if (s->now > wakes) {
			trial_pass(s, 0.02);
			wakes++;
		}
	}
}

static inline struct trial_end trial_run(const struct trial *t)
{
	struct trial_state s = {.t = t,
				.random = t->seed * 0x9e3779b97f4a7c15 + 1,
				.probed = true,
				.open = true,
				.end.first_pause_s = -1};
	const struct estimate_reading zero = {0};
	struct budget *b = budget_new(t->share, t->detach_s, t->seed);
	struct estimate *e[2] = {estimate_new(t->doubt, &zero), estimate_new(0, &zero)};
	struct estimate_reading r;

	for (int i = 0; i < TRIAL_CPUS; i++)
		s.phase[i] = trial_draw(&s);
	if (b && e[0] && e[1]) {
		trial_loop(&s, b, e);
		trial_add(&s, e, &r);
		for (int i = 0; i < TRIAL_COUNTERS; i++) {
			s.end.total[i] = estimate_total(e[0], (size_t)i);
			s.end.chance[i] = estimate_total(e[1], (size_t)i);
			s.end.counted[i] = s.counts[i];
		}
		s.end.exposure = estimate_exposure(e[0]);
	}
	s.end.cpu_s = s.cpu_s;
	s.end.trapped_s = s.traps * t->trap_s;
	s.end.charged_s = s.end.trapped_s * (1 + t->error);
	s.end.wall_s = s.now;
	budget_free(b);
	estimate_free(e[0]);
	estimate_free(e[1]);
	return s.end;
}

#endif
