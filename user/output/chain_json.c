// SPDX-License-Identifier: BSD-2-Clause
#include "output/chainview.h"
#include "output/json_values.h"

int chain_json_identity(json_t *object, const struct chainview *v)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];
	const struct rowview *named = &v->named;
	int64_t size = chainview_elem_size(v);
	size_t nframes = rowview_site(named, frames);
	int failed = json_set(object, "op", json_string_nocheck(named->op));

	failed |= json_set(object, "elem", json_text(named->type.name));
	failed |= json_set(object, "elem_size", size < 0 ? json_null() : json_integer(size));
	failed |= json_set(object, "site", json_site(named->pc, frames, nframes));
	if (named->report->nexes > 1)
		failed |= json_set(object, "exe", json_text(named->exe));
	return failed;
}

static json_t *end_json(const struct chain_end *end)
{
	const uint64_t fields[] = {end->cap,   end->chains, end->len_sum,
				   end->steps, end->copied, end->dead};
	json_t *list = json_array();

	for (size_t i = 0; list && i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (json_array_append_new(list, json_count(fields[i]))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *chain_json_ends(const struct chain_row *chain)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < chain->nends; i++) {
		if (json_array_append_new(list, end_json(&chain->ends[i]))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

int chain_json_sums(json_t *object, const struct chain_end *sums)
{
	int failed = json_set(object, "chains", json_count(sums->chains));

	failed |= json_set(object, "steps", json_count(sums->steps));
	failed |= json_set(object, "bytes_copied", json_count(sums->copied));
	failed |= json_set(object, "bytes_dead", json_count(sums->dead));
	return failed;
}

json_t *chain_json_total(const struct chain_end *sums)
{
	json_t *total = json_object();

	if (total && chain_json_sums(total, sums)) {
		json_decref(total);
		return NULL;
	}
	return total;
}

json_t *chain_json_row(const struct chainview *v)
{
	const struct chain_row *chain = v->chain;
	json_t *row = json_object();
	int failed;

	if (!row)
		return NULL;
	failed = chain_json_identity(row, v);
	failed |= chain_json_sums(row, &chain->total);
	failed |= json_set(row, "len_sum", json_count(chain->total.len_sum));
	failed |= json_set(row, "cap_sum", json_count(chain->total.cap));
	failed |= json_set(row, "ends", chain_json_ends(chain));
	if (!failed)
		return row;
	json_decref(row);
	return NULL;
}
