// SPDX-License-Identifier: BSD-2-Clause
#include "report/preallocate.h"

#include "report/growth.h"
#include "slicestat.h"

/*
 * What is saved is garbage, gone at the next collection; what it takes more stays as long as the
 * slices do, and is a guess about slices to come. So it must be clearly less: at most half.
 */
#define EXTRA_PER_DEAD_MAX 0.5
/* Where some sizes are rare and large, the garbage saved is large too: but all slices pay. */
#define EXTRA_PER_HELD_MAX 0.5
/* A change of the source that takes less off the site's allocations, or bytes, is not worth it. */
#define GAIN_MIN 0.1

/* Slices of one site are used alike: where so much garbage is of sliding ones, all will slide. */
#define SLIDING_DEAD_MAX 0.1

/*
 * Since Go 1.25 append begins in a buffer of that size on the stack where it may (cmd/compile,
 * Debug.VariableMakeThreshold), which is no array left behind.
 */
#define STACK_BUFFER_SIZE 32

static const unsigned int percentiles[] = {25, 50, 75, 90, 95, 99, 100};

/* One chain's average at an end, in growths and bytes. */
struct growth_cost {
	double steps, copied, dead;
	double cap;
};

/* What holds for all ends of a row. */
struct manner {
	double size;
	uint64_t elem_size;
	bool header;
	bool begins_with_growth;
	double copied_per_dead; /* arrays need not be full when they are left */
};

/* More growth than append can need for that capacity: elements are taken off the front. */
static bool is_sliding(const struct chain_row *row, const struct chain_end *end)
{
	struct growth_most most = growth_most(end->cap);
	double chains = (double)end->chains;

	if (row->key.op == SS_OP_GROW)
		most.steps++;
	return (double)end->steps > chains * most.steps ||
	       (double)end->dead > chains * most.elems * (double)row->elem_size;
}

/*
 * An array that is grown is copied and left behind; what else was copied is of another slice, or of
 * the compiler's buffer.
 */
static uint64_t own_copied(const struct chain_end *end)
{
	if (end->copied <= end->dead + end->chains * STACK_BUFFER_SIZE)
		return end->copied;
	return end->dead;
}

struct chain_end preallocation_savable(const struct chain_row *row)
{
	struct chain_end sum = {0};

	for (size_t i = 0; i < row->nends; i++) {
		const struct chain_end *end = &row->ends[i];

		if (is_sliding(row, end))
			continue;
		sum.cap += end->cap * end->chains;
		sum.chains += end->chains;
		sum.len_sum += end->len_sum;
		sum.steps += end->steps;
		sum.copied += own_copied(end);
		sum.dead += end->dead;
	}
	return sum;
}

/* How many more of the row's capacities are of arrays with a header than of those without. */
static int64_t headed_caps(const struct chain_row *row)
{
	int64_t votes = 0;

	for (size_t i = 0; i < row->nends; i++) {
		uint64_t bytes = row->ends[i].cap * row->elem_size;
		bool plain = growth_room(bytes, false) / row->elem_size == row->ends[i].cap;
		bool headed = growth_room(bytes, true) / row->elem_size == row->ends[i].cap;

		votes += headed - plain;
	}
	return votes;
}

/* By how many bytes the row's dead arrays are not those that append(nil, one) leaves. */
static double distance_of_dead(const struct chain_row *row, bool header)
{
	double sum = 0;

	for (size_t i = 0; i < row->nends; i++) {
		const struct chain_end *end = &row->ends[i];
		double off = (double)end->dead, one = (double)end->chains * (double)row->elem_size;

		for (uint64_t cap = growth_next(0, row->elem_size, header);
		     cap < end->cap && cap < SS_CAP_MAX;
		     cap = growth_next(cap, row->elem_size, header))
			off -= one * (double)cap;
		sum += off < 0 ? -off : off;
	}
	return sum;
}

/* Whether the arrays have a header shows in their capacities, or else in the way to them. */
static bool seems_headed(const struct chain_row *row)
{
	int64_t votes = headed_caps(row);

	if (votes || row->key.op != SS_OP_GROW)
		return votes > 0;
	return distance_of_dead(row, true) < distance_of_dead(row, false);
}

static struct manner manner_of(const struct chain_row *row)
{
	struct chain_end savable = preallocation_savable(row);

	return (struct manner){
		.size = (double)row->elem_size,
		.elem_size = row->elem_size,
		.header = seems_headed(row),
		.begins_with_growth = row->key.op == SS_OP_GROW,
		.copied_per_dead = savable.dead ? (double)savable.copied / (double)savable.dead : 1,
	};
}

/*
 * The share of the chains that become longer than cap: their lengths are taken to be spread evenly
 * from the one that the last growth was for to the capacity it gave.
 */
static double share_beyond(const struct chain_end *end, double cap)
{
	double low = (double)end->len_sum / (double)end->chains, high = (double)end->cap;

	if (cap < low)
		return 1;
	return cap < high ? (high - cap) / (high - low + 1) : 0;
}

/* Append's way from cap on. */
static struct growth_cost growth_from(const struct manner *m, const struct chain_end *end,
				      uint64_t cap)
{
	struct growth_cost cost = {.cap = (double)cap};
	double share;

	while (cap < SS_CAP_MAX && (share = share_beyond(end, (double)cap)) > 0) {
		uint64_t next = growth_next(cap, m->elem_size, m->header);

		cost.steps += share;
		cost.dead += share * (double)cap * m->size;
		cost.cap += share * (double)(next - cap);
		cap = next;
	}
	cost.copied = cost.dead * m->copied_per_dead;
	return cost;
}

static double smaller(double a, double b)
{
	return a < b ? a : b;
}

/*
 * What a chain of this end, whose growths up to now are `now`, costs if it begins at cap. Those
 * that many elements are appended to at once grow no more often than they do now.
 */
static struct growth_cost cost_after(const struct manner *m, const struct chain_end *end,
				     const struct growth_cost *now, uint64_t cap)
{
	struct growth_cost after = growth_from(m, end, cap);
	double first = m->begins_with_growth ? (double)cap * m->size : 0;

	after.steps = smaller(after.steps, now->steps);
	after.dead = smaller(after.dead, now->dead + first);
	after.copied = smaller(after.copied, now->copied + first);
	return after;
}

static void predict_end(struct preallocation *p, const struct manner *m,
			const struct chain_end *end)
{
	double chains = (double)end->chains;
	struct growth_cost now = {
		.steps = (double)end->steps / chains,
		.copied = (double)own_copied(end) / chains,
		.dead = (double)end->dead / chains,
		.cap = (double)end->cap,
	};
	struct growth_cost after = cost_after(m, end, &now, p->cap);

	p->steps += chains * (now.steps - after.steps);
	p->copied += chains * (now.copied - after.copied);
	p->dead += chains * (now.dead - after.dead);
	if (after.cap > now.cap)
		p->extra += chains * (after.cap - now.cap) * m->size;
}

struct preallocation preallocation_predict(const struct chain_row *row, uint64_t cap)
{
	struct preallocation p = {.cap = cap};
	struct manner m;

	if (!row->elem_size)
		return p;
	m = manner_of(row);
	for (size_t i = 0; i < row->nends; i++) {
		const struct chain_end *end = &row->ends[i];

		if (!end->chains)
			continue;
		if (!is_sliding(row, end))
			predict_end(&p, &m, end);
		else if (cap > end->cap)
			p.extra += (double)end->chains * (double)(cap - end->cap) * m.size;
	}
	return p;
}

static double bytes_saved(const struct preallocation *p)
{
	return p->copied + p->dead;
}

static bool is_worth_it(const struct chain_row *row, const struct preallocation *p)
{
	const struct chain_end *total = &row->total;
	double held = (double)total->cap * (double)row->elem_size;
	/* The make takes the place of the first growth: that allocation stays. */
	double kept = row->key.op == SS_OP_GROW ? (double)total->chains : 0;

	if (p->steps < 0 || bytes_saved(p) <= 0)
		return false;
	if (p->extra > EXTRA_PER_DEAD_MAX * p->dead || p->extra > EXTRA_PER_HELD_MAX * held)
		return false;
	return p->steps - kept >= GAIN_MIN * (double)total->steps ||
	       bytes_saved(p) >= GAIN_MIN * (double)(total->copied + total->dead);
}

static bool slides(const struct chain_row *row)
{
	double dead = (double)row->total.dead;

	return dead - (double)preallocation_savable(row).dead > SLIDING_DEAD_MAX * dead;
}

bool preallocation_best(const struct chain_row *row, struct preallocation *best)
{
	bool found = false;

	if (slides(row))
		return false;
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++) {
		uint64_t cap = chain_row_cap_at(row, percentiles[i]);
		struct preallocation p;

		if (found && cap == best->cap) {
			best->percentile = percentiles[i];
			continue;
		}
		p = preallocation_predict(row, cap);
		p.percentile = percentiles[i];
		if (!is_worth_it(row, &p))
			continue;
		if (!found || bytes_saved(&p) - p.extra > bytes_saved(best) - best->extra)
			*best = p;
		found = true;
	}
	return found;
}
