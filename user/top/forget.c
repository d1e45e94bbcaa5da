// SPDX-License-Identifier: BSD-2-Clause
/* Processes of which nothing is told any more: what they did is of their executables. */
#include "top/model.h"

#include <errno.h>

#include "report/index.h"
#include "report/key.h"
#include "top/inside.h"

struct forgetting {
	const struct top_model *m;
	const struct top_run *run;
};

/* Whose rows they were when they were taken has gone, and its number may be another's. */
static bool is_forgotten(const struct top_model *m, uint32_t group, const struct top_run *run)
{
	return group < m->nowners && m->owners[group].pid != top_run_pid(run, group);
}

/* False where it is given up. */
static bool regroup(const struct forgetting *f, struct report_key *key)
{
	if (!is_forgotten(f->m, key->group, f->run))
		return true;
	if (f->m->view == OUTPUT_BY_BASE)
		return false;
	key->group = f->run->group_of_exe(f->run->ctx, f->m->owners[key->group].exe);
	key->stack = 0;
	return true;
}

static bool whose_history(void *ctx, struct report_key *key, int *owner)
{
	const struct forgetting *f = ctx;

	if (is_forgotten(f->m, key->group, f->run))
		*owner = 0;
	return regroup(f, key);
}

void top_model_forget_histories(struct top_model *m, const struct top_run *run)
{
	struct forgetting f = {m, run};
	uint32_t group = 0;

	while (group < m->nowners && !is_forgotten(m, group, run))
		group++;
	if (group < m->nowners)
		top_history_regroup(m->history, whose_history, &f);
}

struct wanted {
	const struct report_row *rows;
	const struct report_key *key;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;

	return report_key_same(&w->rows[row].key, w->key);
}

/* One row a key, as they are taken: its history is that of the row. */
static void keep_row(struct top_model *m, struct index *index, const struct report_row *row,
		     size_t *kept)
{
	const uint64_t hash = report_key_hash(&row->key);
	const struct wanted wanted = {m->fine, &row->key};
	size_t at;

	if (index_find(index, hash, is_wanted, &wanted, &at)) {
		report_sums_add(&m->fine[at].sums, &row->sums);
		report_sums_add(&m->fine[at].d, &row->d);
		return;
	}
	index_enter(index, at, hash, *kept);
	m->fine[(*kept)++] = *row;
}

int top_model_forget(struct top_model *m, const struct top_run *run)
{
	const struct forgetting f = {m, run};
	struct index index;
	size_t kept = 0;

	if (index_init(&index, m->nfine ? m->nfine : 1)) {
		index_destroy(&index);
		return -ENOMEM;
	}
	top_model_forget_histories(m, run);
	for (size_t i = 0; i < m->nfine; i++) {
		struct report_row row = m->fine[i];

		if (regroup(&f, &row.key))
			keep_row(m, &index, &row, &kept);
	}
	index_destroy(&index);
	m->nfine = kept;
	m->shown = false;
	return 0;
}
