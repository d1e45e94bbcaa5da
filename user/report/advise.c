// SPDX-License-Identifier: BSD-2-Clause
#include "report/advise.h"

#include <string.h>

#include "report/preallocate.h"
#include "slicestat.h"

/*
 * Keeping an array pays where there are many of one size that is not served from a size class of
 * small objects in a few instructions; one that is kept is as large as the largest.
 */
#define REUSE_CHAINS_MIN  1000
#define REUSE_BYTES_MIN	  4096
#define REUSE_SPREAD_MAX  2   /* the 90th percentile, in medians */
#define REUSE_SAVABLE_MIN 0.9 /* of the row's bytes: sliding slices are not helped */

/* Clipping copies what is used, so it must free a good part of large arrays. */
#define CLIP_SLACK_MIN	     0.25 /* of the capacity */
#define CLIP_SLACK_BYTES_MIN (1 << 20)
#define CLIP_BYTES_MIN	     4096 /* the median array */
#define CLIP_STEPS_MIN	     0.9  /* growths a chain */

const struct advise_limits advise_default_limits = {
	.min_share = 0.01,
	.min_chains = 10,
};

static double growth_bytes(const struct chain_end *sums)
{
	return (double)sums->copied + (double)sums->dead;
}

static double held_bytes(const struct chain_row *row)
{
	return (double)row->total.cap * (double)row->elem_size;
}

/* Rounded; a prediction below 0 saves nothing. */
static uint64_t whole(double v)
{
	if (!(v > 0))
		return 0;
	return v < 0x1p63 ? (uint64_t)(v + 0.5) : (uint64_t)1 << 63;
}

static bool propose_preallocation(const struct chain_row *row, struct advice *a)
{
	struct preallocation p;

	if (!preallocation_best(row, &p))
		return false;
	a->kind = ADVICE_PREALLOCATE;
	a->cap = p.cap;
	a->percentile = p.percentile;
	a->steps_saved = whole(p.steps);
	a->copied_saved = whole(p.copied);
	a->dead_saved = whole(p.dead);
	a->extra = whole(p.extra);
	return true;
}

static bool is_reusable(const struct chain_row *row, const struct chain_end *savable)
{
	uint64_t median = chain_row_cap_at(row, 50);

	return row->total.chains >= REUSE_CHAINS_MIN &&
	       (double)median * (double)row->elem_size >= REUSE_BYTES_MIN &&
	       chain_row_cap_at(row, 90) / REUSE_SPREAD_MAX <= median &&
	       growth_bytes(savable) >= REUSE_SAVABLE_MIN * growth_bytes(&row->total);
}

/* Of all arrays but one there is none any more. */
static bool propose_reuse(const struct chain_row *row, struct advice *a)
{
	struct chain_end savable = preallocation_savable(row);

	if (!is_reusable(row, &savable))
		return false;
	if (!propose_preallocation(row, a)) {
		a->percentile = 90;
		a->cap = chain_row_cap_at(row, a->percentile);
	}
	a->kind = ADVICE_REUSE;
	a->steps_saved = savable.steps;
	a->copied_saved = savable.copied;
	a->dead_saved = savable.dead;
	a->extra = whole((double)chain_row_cap_at(row, 100) * (double)row->elem_size);
	a->held_saved = whole((double)savable.cap * (double)row->elem_size - (double)a->extra);
	return true;
}

/*
 * Only where each chain grew once and no more: the slack is then what append added by itself. Of an
 * array made with spare capacity nobody can tell how much of it is in use, for appends within the
 * capacity are not seen; and where chains grow twice, the slack is on its way to be used.
 */
static bool grew_once(const struct chain_end *total)
{
	return total->steps <= total->chains &&
	       (double)total->steps >= CLIP_STEPS_MIN * (double)total->chains;
}

static bool propose_clip(const struct chain_row *row, double min_slack, struct advice *a)
{
	const struct chain_end *total = &row->total;
	double size = (double)row->elem_size;
	double slack = ((double)total->cap - (double)total->len_sum) * size;

	if (row->key.op != SS_OP_GROW && row->key.op != SS_OP_MAKE)
		return false;
	a->kind = ADVICE_CLIP;
	a->percentile = 50;
	a->cap = chain_row_cap_at(row, a->percentile);
	a->held_saved = whole(slack);
	return grew_once(total) && slack >= CLIP_SLACK_MIN * held_bytes(row) &&
	       slack >= CLIP_SLACK_BYTES_MIN && slack >= min_slack &&
	       (double)a->cap * size >= CLIP_BYTES_MIN;
}

/* What is measured against. */
struct scale {
	const struct advise_limits *limits;
	double growth; /* bytes of all rows */
	double held;
};

static bool propose(const struct chain_row *row, const struct scale *scale, struct advice *a)
{
	double share = scale->growth > 0 ? growth_bytes(&row->total) / scale->growth : 0;
	const struct advise_limits *limits = scale->limits;

	*a = (struct advice){.row = row, .share = share};
	if (row->total.chains < limits->min_chains || !row->total.chains || !row->elem_size)
		return false;
	if (share > 0 && share >= limits->min_share &&
	    (propose_reuse(row, a) || propose_preallocation(row, a)))
		return true;
	return propose_clip(row, limits->min_share * scale->held, a);
}

static bool is_hotter(const struct advice *a, const struct advice *b)
{
	return growth_bytes(&a->row->total) > growth_bytes(&b->row->total);
}

/* Into its place among the n so far; the coldest goes where there are max. The number now. */
static size_t insert(struct advice *out, size_t n, size_t max, const struct advice *a)
{
	size_t at = n;

	while (at > 0 && is_hotter(a, &out[at - 1]))
		at--;
	if (at == max)
		return n;
	if (n < max)
		n++;
	memmove(&out[at + 1], &out[at], (n - at - 1) * sizeof(*out));
	out[at] = *a;
	return n;
}

size_t advise(const struct chain_row *rows, size_t nrows, const struct chain_end *total,
	      const struct advise_limits *limits, struct advice *out, size_t max)
{
	struct scale scale = {.limits = limits, .growth = growth_bytes(total)};
	size_t n = 0;

	for (size_t i = 0; i < nrows; i++)
		scale.held += held_bytes(&rows[i]);
	for (size_t i = 0; i < nrows; i++) {
		struct advice a;

		if (propose(&rows[i], &scale, &a))
			n = insert(out, n, max, &a);
	}
	return n;
}
