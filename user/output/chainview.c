// SPDX-License-Identifier: BSD-2-Clause
#include "output/chainview.h"

void chainview_turn(struct chainview *v, const struct chain_row *chain)
{
	v->chain = chain;
	v->keyed = (struct report_row){.key = chain->key};
	rowview_turn(&v->named, &v->keyed);
}

int64_t chainview_elem_size(const struct chainview *v)
{
	uint64_t size = v->chain->elem_size;

	if (size > 0 && size <= INT64_MAX)
		return (int64_t)size;
	return v->named.type.size;
}
