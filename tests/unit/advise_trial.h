/* SPDX-License-Identifier: BSD-2-Clause */
/* One site's loops, and what is proposed for it. */
#ifndef SS_TESTS_ADVISE_TRIAL_H
#define SS_TESTS_ADVISE_TRIAL_H

#include "chain_workload.h"
#include "report/advise.h"

#define LOOPS 2000

/* The loops of one site, what is proposed for it, and what its chains came to. */
struct trial {
	uint64_t size;
	bool header;
	uint64_t made; /* as in struct workload */
	uint64_t batch;
	uint64_t lens[LOOPS];
	struct chains *chains;
	struct chain_end total;
	struct advice advice;
};

static inline uint32_t birth_op(uint64_t made)
{
	return made ? SS_OP_MAKE : SS_OP_GROW;
}

/* The sums of all loops, each of which begins with room for `made` elements. */
static inline struct chain_end run_all(struct trial *t, uint64_t made, size_t *proposals)
{
	struct workload w = {t->size, t->header, made, birth_op(made), t->chains};
	const struct chain_row *rows;
	struct chain_end total;
	size_t n;

	chains_clear(t->chains);
	for (size_t i = 0; i < LOOPS; i++)
		run(&w, (struct loop){.len = t->lens[i], .batch = t->batch});
	n = chains_rows(t->chains, CHAINS_SORT_COPIED, &rows, &total);
	if (proposals)
		*proposals = advise(rows, n, &total, &advise_default_limits, &t->advice, 1);
	return total;
}

/* Whether something is proposed. */
static inline bool is_advised(struct trial *t)
{
	size_t n;

	t->chains = chains_new(LOOPS);
	assert_non_null(t->chains);
	t->total = run_all(t, t->made, &n);
	return n == 1;
}

static inline void draw_uniform(struct trial *t, uint64_t most)
{
	uint64_t seed = 1;

	for (size_t i = 0; i < LOOPS; i++)
		t->lens[i] = 1 + draw(&seed) % most;
}

#endif
