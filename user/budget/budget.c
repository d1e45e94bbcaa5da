// SPDX-License-Identifier: BSD-2-Clause
#include "budget/budget.h"

#include <stdlib.h>

/* Plans use so much of the share; the rest is for what they do not foresee, attaching say. */
#define PLANNED 0.9
/* A burst and the gap behind it last at least so long. */
#define CYCLE_S 0.5
/* The clock of CPU time may lag by a tick: a shorter burst would not be known well. */
#define BURST_MIN_S 0.02
#define LAG_S	    0.004
/* Attaching and detaching take some 35 ms. */
#define GAP_MIN_S 0.04
/* Mean of the shortest gaps. */
#define GAP_WORTH_S 0.06
/* What a detach is thought to take before the first one has been seen; none counts as more. */
#define TAIL_S	   0.03
#define TAIL_MAX_S 0.2
/* Nothing is known before so much wall and CPU time. Until LEARN_END a target that is beyond its
 * share is cut at this part of a window's. */
#define LEARN_S	    0.05
#define LEARN_CPU_S 0.04
#define LEARN_END   1.0
#define LEARN_TAKEN 0.125
/* What is taken, and how many CPUs are busy, as of the last: */
#define PRICE_MEMORY_S 0.25
#define PRICE_LEAST_S  0.05 /* in CPU time, else the clock's lag were taken for a price */
#define PHASE_MEMORY_S 8.0
#define LOAD_MEMORY_S  1.0
/* Times between questions. */
#define TICK_S	   0.01
#define TICK_MIN_S 0.001
#define TICK_MAX_S 0.05

/* A ratio of two rises, old ones fading with those of the denominator. */
struct recent {
	double of, per;
};

struct budget {
	double share;
	bool slow; /* a detach takes more than windows have */
	double burst_min_s, tail_max_s;
	uint64_t random;
	bool begun;
	bool attached;
	bool paused_once;
	double begin_s;
	struct budget_reading last;
	struct budget_reading window;  /* at its begin */
	struct budget_reading stretch; /* when attached or detached, the present state began */
	struct recent load;	       /* CPUs in use: CPU seconds a second */
	struct recent price;	       /* of traps a useful CPU second: now, */
	struct recent phases;	       /* and as a mean that outlasts phases of the target */
	double window_load;	       /* of the window before; 0 in the first */
	double owed_s;		       /* taken too much by the windows before */
	double tail_s;		       /* seconds of tracing that detaching and attaching cost */
	bool endless;		       /* the burst lasts until the window is used up */
	double useful_s;	       /* else so long in CPU time without traps */
	double end_s;		       /* when it ends, as soon as that is settled; else 0 */
	double resume_s;	       /* the same for the gap */
	double gap_s;		       /* mean gap in CPU time */
	double resume_cpu_s;	       /* CPU time at which the next burst begins */
	double refused_s;	       /* the window's begin for which a burst was put off */
};

static double max(double a, double b)
{
	return a > b ? a : b;
}

static double min(double a, double b)
{
	return a < b ? a : b;
}

struct budget *budget_new(double share, double detach_s, uint64_t seed)
{
	struct budget *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->share = share;
	b->random = seed;
	b->slow = detach_s > TAIL_S;
	b->tail_s = max(TAIL_S, detach_s);
	b->tail_max_s = max(TAIL_MAX_S, 2 * detach_s);
	/* What a long detach costs is worth as long a burst. */
	b->burst_min_s = b->slow ? detach_s : BURST_MIN_S;
	b->endless = true;
	b->refused_s = -1;
	return b;
}

void budget_free(struct budget *b)
{
	free(b);
}

static double between(double x, double low, double high)
{
	return max(low, min(x, high));
}

/* Uniform in [0, 1): splitmix64. */
static double draw(struct budget *b)
{
	uint64_t z = b->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (double)((z ^ (z >> 31)) >> 11) / (double)(1ULL << 53);
}

static void recent_add(struct recent *r, double of, double per, double memory)
{
	double keep = memory > 0 ? memory / (memory + max(per, 0)) : 0;

	r->of = r->of * keep + of;
	r->per = r->per * keep + per;
}

static double recent_ratio(const struct recent *r)
{
	return r->per > 0 ? max(r->of / r->per, 0) : 0;
}

/* The part of CPU time that traps take while attached, of a price of them. */
static double taken(const struct recent *price)
{
	/* Also right where the clock's lag leaves no useful time: all of it is taken. */
	double all = price->of + price->per;

	return all > 0 ? between(price->of / all, 0, 1) : 0;
}

/* CPU time that may not show yet. */
static double lag(const struct budget *b)
{
	return LAG_S * (1 + recent_ratio(&b->load));
}

/* Of all that a window of this load may take. */
static double whole_window(const struct budget *b)
{
	double load = recent_ratio(&b->load);

	if (b->window_load > 0)
		load = min(load, b->window_load);
	return b->share * BUDGET_WINDOW_S * load;
}

static double left(const struct budget *b, const struct budget_reading *r)
{
	double rest = max(b->window.now_s + BUDGET_WINDOW_S - r->now_s, 0) / BUDGET_WINDOW_S;
	double allowed = b->share * (r->cpu_s - b->window.cpu_s) + whole_window(b) * rest;

	/* Else a target that sleeps had used it up at its first steps. */
	allowed += b->share * lag(b);
	return allowed - b->owed_s - (r->trap_s - b->window.trap_s);
}

static double tail_cost(const struct budget *b)
{
	return b->tail_s * recent_ratio(&b->load) * taken(&b->price);
}

static void roll_window(struct budget *b, const struct budget_reading *r)
{
	double cpu = r->cpu_s - b->window.cpu_s;
	double past = r->now_s - b->window.now_s, begin = b->window.now_s;

	if (past < BUDGET_WINDOW_S)
		return;
	b->owed_s = max(b->owed_s + (r->trap_s - b->window.trap_s) - b->share * cpu, 0);
	b->window_load = cpu / past;
	b->window = *r;
	b->window.now_s = begin + BUDGET_WINDOW_S * (double)(uint64_t)(past / BUDGET_WINDOW_S);
}

static void learn(struct budget *b, const struct budget_reading *r, bool attached)
{
	double cpu = r->cpu_s - b->last.cpu_s, trap = r->trap_s - b->last.trap_s;
	double load = recent_ratio(&b->load), price;

	if (attached && b->attached)
		recent_add(&b->price, trap, cpu - trap, max(PRICE_MEMORY_S * load, PRICE_LEAST_S));
	price = b->price.per > 0 ? b->price.of / b->price.per : 0;
	recent_add(&b->phases, cpu * price, cpu, PHASE_MEMORY_S * load);
	recent_add(&b->load, cpu, r->now_s - b->last.now_s, LOAD_MEMORY_S);
}

/* What traps took between two bursts, as seconds of tracing. */
static void learn_tail(struct budget *b, const struct budget_reading *r)
{
	double a_second = recent_ratio(&b->load) * taken(&b->price);

	if (b->paused_once && a_second > 0)
		b->tail_s = (b->tail_s + between((r->trap_s - b->stretch.trap_s) / a_second, 0,
						 b->tail_max_s)) /
			    2;
}

/*
 * Changes are put off by a random time up to this. A time taken from a clock that moves in ticks
 * would favour moments at which it has just been brought up to date; and a target that sleeps would
 * be met at work only.
 */
static double wander(const struct budget *b)
{
	return min(TICK_S / max(recent_ratio(&b->load), 0.1), TICK_MAX_S);
}

/* What traps may take for the rest of the window; near its end the next one counts. */
static double share_left(const struct budget *b, const struct budget_reading *r)
{
	double rest = b->window.now_s + BUDGET_WINDOW_S - r->now_s;
	double cpu = recent_ratio(&b->load) * max(rest, CYCLE_S);

	/* A cycle is of many windows. */
	if (b->slow)
		return b->share;
	return cpu > 0 ? between(left(b, r) / cpu, b->share / 4, b->share) : b->share;
}

/* The next burst and the gap before it. */
static void plan_cycle(struct budget *b, const struct budget_reading *r)
{
	double load = recent_ratio(&b->load), fraction, cycle, least;
	double part = max(taken(&b->price), taken(&b->phases));

	b->endless = part <= b->share;
	b->gap_s = load * GAP_WORTH_S;
	if (!b->endless) {
		fraction = PLANNED * share_left(b, r) / part;
		cycle = max(CYCLE_S, max((b->burst_min_s + wander(b) / 2 + b->tail_s) / fraction,
					 GAP_WORTH_S / (1 - fraction)));
		b->useful_s = load * (fraction * cycle - b->tail_s - wander(b) / 2) * (1 - part);
		b->gap_s = load * ((1 - fraction) * cycle + b->tail_s);
	}
	least = load * GAP_MIN_S;
	b->resume_cpu_s = r->cpu_s + least + 2 * max(b->gap_s - least, 0) * draw(b);
}

/* A window that is whole has room for any burst: what it takes too much is owed. */
static bool affordable(const struct budget *b, const struct budget_reading *r)
{
	double whole = whole_window(b);
	double price = b->useful_s * recent_ratio(&b->price) + tail_cost(b);

	if (b->endless)
		return left(b, r) >= whole / 2;
	return left(b, r) >= min(price, PLANNED * whole);
}

static struct budget_answer stay(const struct budget_reading *r, double wait_s)
{
	return (struct budget_answer){BUDGET_STAY, r->now_s + wait_s};
}

static struct budget_answer pause(struct budget *b, const struct budget_reading *r)
{
	plan_cycle(b, r);
	b->paused_once = true;
	b->resume_s = 0;
	b->stretch = *r;
	b->attached = false;
	return (struct budget_answer){BUDGET_PAUSE, r->now_s};
}

/*
 * Whether enough has been seen to say what traps take, and it is too much: as long as they take
 * less than their share, to go on leaves more of it, not less.
 */
static bool too_dear(const struct budget *b, const struct budget_reading *r)
{
	return r->now_s - b->begin_s >= LEARN_S && b->price.of + b->price.per >= LEARN_CPU_S &&
	       taken(&b->price) > b->share;
}

/*
 * What is left will not do for the rest of the window: then better spend it on bursts all over it.
 * Not before half is used up; but nothing is known at the very begin, so that it is cut earlier.
 */
static bool foreseen(const struct budget *b, const struct budget_reading *r)
{
	double trap = r->trap_s - b->window.trap_s, whole = whole_window(b), rest;

	if (!b->paused_once && r->now_s - b->begin_s <= LEARN_END)
		return trap > b->share * (r->cpu_s - b->window.cpu_s + lag(b)) &&
		       trap >= LEARN_TAKEN * whole;
	rest = b->window.now_s + BUDGET_WINDOW_S - r->now_s;
	return trap >= whole / 2 && taken(&b->price) * recent_ratio(&b->load) * rest > left(b, r);
}

/* Where a detach is slow, its price is more than any window has: a planned burst is let be. */
static bool is_used_up(const struct budget *b, const struct budget_reading *r)
{
	if (b->slow)
		return b->endless && left(b, r) < 0;
	return left(b, r) < tail_cost(b);
}

static struct budget_answer ask_attached(struct budget *b, const struct budget_reading *r)
{
	double room = left(b, r) - tail_cost(b), load = recent_ratio(&b->load), rest;

	if (too_dear(b, r) && (is_used_up(b, r) || (b->endless && foreseen(b, r))))
		return pause(b, r);
	if (b->endless)
		return stay(r, load > 0 ? between(room / (4 * load), TICK_S, TICK_MAX_S) : TICK_S);
	if (b->end_s > 0 && r->now_s >= b->end_s)
		return pause(b, r);
	rest = b->useful_s - (r->cpu_s - r->trap_s) + (b->stretch.cpu_s - b->stretch.trap_s);
	rest /= max(load * (1 - taken(&b->price)), 1e-9);
	if (b->end_s > 0 || rest > TICK_S)
		return stay(r, b->end_s > 0 ? max(b->end_s - r->now_s, TICK_MIN_S) : TICK_S);
	b->end_s = r->now_s + max(rest, TICK_MIN_S) + wander(b) * draw(b);
	return stay(r, b->end_s - r->now_s);
}

static struct budget_answer ask_detached(struct budget *b, const struct budget_reading *r)
{
	double load = recent_ratio(&b->load), end = b->window.now_s + BUDGET_WINDOW_S - r->now_s;
	double rest = (b->resume_cpu_s - r->cpu_s) / max(load, 1e-9);

	if (b->resume_s == 0 && rest > TICK_S)
		return stay(r, between(rest - TICK_S, TICK_MIN_S, TICK_MAX_S));
	if (b->resume_s == 0)
		b->resume_s = r->now_s + max(rest, 0) + wander(b) * draw(b);
	if (r->now_s < b->resume_s)
		return stay(r, b->resume_s - r->now_s);
	if (affordable(b, r))
		return (struct budget_answer){BUDGET_RESUME, r->now_s};
	b->refused_s = b->window.now_s;
	return stay(r, between(end, TICK_MIN_S, TICK_MAX_S));
}

/* What was put off to this window does not begin at its very begin. */
static void put_off(struct budget *b, const struct budget_reading *r)
{
	if (b->refused_s < 0 || b->refused_s >= b->window.now_s)
		return;
	b->refused_s = -1;
	b->resume_cpu_s = r->cpu_s + b->gap_s * draw(b);
	b->resume_s = 0;
}

struct budget_answer budget_ask(struct budget *b, const struct budget_reading *r, bool attached)
{
	struct budget_answer answer;

	if (!b->begun) {
		b->begun = true;
		b->begin_s = r->now_s;
		b->last = b->window = b->stretch = *r;
		b->attached = attached;
	}
	learn(b, r, attached);
	roll_window(b, r);
	put_off(b, r);
	if (attached && !b->attached) {
		learn_tail(b, r);
		b->stretch = *r;
		b->end_s = 0;
	}
	b->attached = attached;
	b->last = *r;
	answer = attached ? ask_attached(b, r) : ask_detached(b, r);
	answer.next_s = min(answer.next_s, b->window.now_s + BUDGET_WINDOW_S);
	return answer;
}
