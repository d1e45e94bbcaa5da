// SPDX-License-Identifier: BSD-2-Clause
#include "budget/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "budget/student.h"

/* Least useful time of a piece: 10 ticks of the clock at 250 Hz. */
#define PIECE_S 0.04
/* Before a gap is known to be as long as the pieces beside it should be. */
#define PIECE_FIRST_S 0.2
/* So many stretches are one above a tick too: such a target sleeps often, its clock is better. */
#define PIECE_STRETCHES 4
#define TICK_S		0.004
/* What a rare event's absence means: 1.96 * sqrt(4) = 3.9 of them, where 3.7 is exact. */
#define RARE 4.0
/* Of many differences no single one is all that is known of the scatter. */
#define MANY		8
#define FREEDOM_OF_MANY 2
/* For what the formulas leave out: periods about as long as the gaps, clocks in ticks. */
#define MARGIN 1.15
/* Useful time that a wrong price leaves at least, else nothing can be said. */
#define USEFUL_LEFT 0.1

struct piece {
	double useful_s, trap_s;
	double n[ESTIMATE_COUNTERS];
	unsigned stretches;
	double before_s; /* the gap between it and the piece before */
	double inside_s; /* gaps between its stretches */
	double weight_s; /* what it stands for of gaps */
};

/* Sums for one counter. */
struct counter {
	double missed;		 /* estimate of what gaps hid */
	double missed_price;	 /* the same, each term times trap time / useful time */
	double variance;	 /* sum of the gaps' terms */
	double variance_squares; /* sum of the squares of the terms */
	double counting;	 /* variance of missed, were the counter a Poisson process */
	double squares;		 /* of differences between neighbours */
	double last_square;
};

struct estimate {
	double doubt;
	struct estimate_reading begin, last;
	bool attached;
	double attached_s, detached_s; /* useful CPU time */
	double gap_s;		       /* the present or the last gap */
	struct piece open;   /* still growing; in a gap, the gap is in its before_s or inside_s */
	struct piece closed; /* the one before it; has no stretches where there is none */
	unsigned long differences, terms;
	double weighed_s;	    /* useful time of pieces that stand for gaps */
	double weights_s, spread_s; /* those gaps, and the sum of their squares over useful time */
	struct counter counters[ESTIMATE_COUNTERS];
};

struct estimate *estimate_new(double cost_doubt, const struct estimate_reading *begin)
{
	struct estimate *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->doubt = cost_doubt;
	e->begin = e->last = *begin;
	e->gap_s = PIECE_FIRST_S;
	return e;
}

void estimate_free(struct estimate *e)
{
	free(e);
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static double rate(const struct piece *p, size_t i)
{
	return p->n[i] / p->useful_s;
}

/* A gap's part of the variance, when neighbours differ by the root of square. */
static void add_term(struct counter *c, double square, double gap_s, double piece_s)
{
	double term = square / 2 * gap_s * (gap_s + piece_s);

	c->variance += term;
	c->variance_squares += term * term;
}

/* The piece's weight is known: count what it stands for. */
static void retire(struct estimate *e, const struct piece *p)
{
	double times = p->weight_s / p->useful_s;

	if (p->weight_s <= 0)
		return;
	for (size_t i = 0; i < ESTIMATE_COUNTERS; i++) {
		struct counter *c = &e->counters[i];

		c->missed += times * p->n[i];
		c->missed_price += times * p->n[i] * p->trap_s / p->useful_s;
		c->counting += times * (times + 1) * p->n[i];
	}
	e->weighed_s += p->useful_s;
	e->weights_s += p->weight_s;
	e->spread_s += times * p->weight_s;
}

static void compare(struct estimate *e, const struct piece *a, const struct piece *b)
{
	/* Gaps inside pieces go to the sides half and half, as do those between them. */
	double first = e->terms ? 0 : a->inside_s / 2;
	double gap = first + b->before_s + (a->inside_s + b->inside_s) / 2;

	for (size_t i = 0; i < ESTIMATE_COUNTERS; i++) {
		struct counter *c = &e->counters[i];
		double d = rate(a, i) - rate(b, i);

		c->last_square = d * d;
		c->squares += d * d;
		if (gap > 0)
			add_term(c, d * d, gap, (a->useful_s + b->useful_s) / 2);
	}
	e->differences++;
	if (gap > 0)
		e->terms++;
}

static void close_piece(struct estimate *e)
{
	struct piece *a = &e->closed, *b = &e->open;

	b->weight_s = b->inside_s + b->before_s / 2;
	if (a->stretches) {
		a->weight_s += b->before_s / 2;
		compare(e, a, b);
		retire(e, a);
	} else {
		b->weight_s += b->before_s / 2;
	}
	*a = *b;
	*b = (struct piece){0};
}

static void merge(struct piece *into, const struct piece *p)
{
	into->useful_s += p->useful_s;
	into->trap_s += p->trap_s;
	for (size_t i = 0; i < ESTIMATE_COUNTERS; i++)
		into->n[i] += p->n[i];
	into->inside_s += p->before_s + p->inside_s;
	into->weight_s += p->before_s + p->inside_s;
	into->stretches += p->stretches;
}

static bool whole(const struct piece *p)
{
	return p->useful_s >= (p->stretches < PIECE_STRETCHES ? PIECE_S : TICK_S);
}

static void begin_gap(struct estimate *e)
{
	struct piece *p = &e->open;

	e->attached = false;
	e->gap_s = 0;
	if (!p->stretches)
		return;
	if (whole(p)) {
		close_piece(e);
	} else if (p->before_s <= 0 && p->inside_s <= 0 && e->closed.stretches) {
		/* The rest of a long stretch. */
		merge(&e->closed, p);
		*p = (struct piece){0};
	}
}

static void add_attached(struct estimate *e, const struct estimate_reading *r, double trap_s,
			 double useful_s)
{
	struct piece *p = &e->open;

	if (!e->attached || !p->stretches)
		p->stretches++;
	e->attached = true;
	e->attached_s += useful_s;
	p->useful_s += useful_s;
	p->trap_s += trap_s;
	for (size_t i = 0; i < ESTIMATE_COUNTERS; i++)
		p->n[i] += (double)(r->counts[i] - e->last.counts[i]);
	if (p->useful_s >= larger(PIECE_S, e->gap_s))
		close_piece(e);
}

static void add_detached(struct estimate *e, double useful_s)
{
	if (e->attached || e->detached_s == 0)
		begin_gap(e);
	useful_s = larger(useful_s, 0);
	e->detached_s += useful_s;
	e->gap_s += useful_s;
	if (e->open.stretches)
		e->open.inside_s += useful_s;
	else
		e->open.before_s += useful_s;
}

void estimate_add(struct estimate *e, const struct estimate_reading *r, bool attached)
{
	double trap = r->trap_s - e->last.trap_s;
	double useful = r->cpu_s - e->last.cpu_s - trap;

	if (attached)
		add_attached(e, r, trap, useful);
	else
		add_detached(e, useful);
	e->last = *r;
}

/* Let the last piece stand for the gap behind it too. */
static void finish(struct estimate *e)
{
	struct piece *p = &e->open;
	double behind;

	if (whole(p) || (!e->closed.stretches && p->useful_s > 0))
		close_piece(e);
	behind = p->before_s + p->inside_s;
	behind += e->terms ? e->closed.inside_s / 2 : e->closed.inside_s;
	merge(&e->closed, p);
	p = &e->closed;
	if (p->useful_s <= 0)
		return;
	for (size_t i = 0; i < ESTIMATE_COUNTERS; i++) {
		struct counter *c = &e->counters[i];
		double mean = e->differences ? c->squares / (double)e->differences : 0;

		if (behind > 0)
			add_term(c, larger(c->last_square, mean), behind, p->useful_s);
	}
	retire(e, p);
}

/* Of the sum of the terms: each has one, and neighbouring ones share a piece. */
static double freedom(const struct counter *c, unsigned long differences)
{
	double shown = 2 * c->variance * c->variance / c->variance_squares - 1;
	double most = 2.0 * (double)differences / 3;

	return larger(shown < most ? shown : most, differences < MANY ? 1 : FREEDOM_OF_MANY);
}

static double seen_error(const struct estimate *e, const struct counter *c)
{
	return c->variance > 0 ? student_half_width(c->variance, freedom(c, e->differences)) : 0;
}

/* What chance causes in counter i, of which n were counted, of so many events. */
static double chance_error(const struct estimate *e, size_t i, double n, double events)
{
	const struct counter *c = &e->counters[i], *first = &e->counters[0];
	double rare = RARE * (e->spread_s + e->weights_s) / e->weighed_s;
	double each = events > 0 ? larger(n / events, 1) : 1;
	double counting = normal_half_width(each * c->counting + each * each * rare);
	double shared = 0;

	/* What is too rare to show its own ups and downs has those of all events. */
	if (i > 0 && first->missed > 0)
		shared = seen_error(e, first) * c->missed / first->missed;
	return MARGIN * larger(seen_error(e, c), pythagoras(counting, shared));
}

/* What a wrong price of traps causes. */
static double price_error(const struct estimate *e, const struct counter *c)
{
	double part = c->missed > 0 ? e->doubt * c->missed_price / c->missed : 0;

	return part > 1 - USEFUL_LEFT ? INFINITY : c->missed * part / (1 - part);
}

struct estimate_total estimate_total(const struct estimate *e, size_t i)
{
	struct estimate done = *e;
	double n = (double)(e->last.counts[i] - e->begin.counts[i]);
	double events = (double)(e->last.counts[0] - e->begin.counts[0]);

	if (e->detached_s <= 0)
		return (struct estimate_total){.total = n, .error = 0};
	finish(&done);
	if (!done.differences || done.weighed_s <= 0)
		return (struct estimate_total){.total = n + done.counters[i].missed,
					       .error = INFINITY};
	return (struct estimate_total){
		.total = n + done.counters[i].missed,
		.error = chance_error(&done, i, n, events) + price_error(&done, &done.counters[i]),
	};
}

double estimate_attached_s(const struct estimate *e)
{
	return e->attached_s;
}

double estimate_useful_s(const struct estimate *e)
{
	return e->attached_s + e->detached_s;
}

double estimate_exposure(const struct estimate *e)
{
	const double all = estimate_useful_s(e);

	return e->detached_s > 0 && all > 0 ? larger(e->attached_s, 0) / all : 1;
}
