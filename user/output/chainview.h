/* SPDX-License-Identifier: BSD-2-Clause */
/* A row of chains with what every format derives from it, and its rows in each format. */
#ifndef SS_OUTPUT_CHAINVIEW_H
#define SS_OUTPUT_CHAINVIEW_H

#include <jansson.h>

#include "output/rowview.h"
#include "output/sink.h"

struct chainview {
	struct rowview named; /* whose it is, where it began, its type */
	struct report_row keyed;
	const struct chain_row *chain;
};

/* Turn the view to a row; named.opts and named.report are kept. */
void chainview_turn(struct chainview *v, const struct chain_row *chain);

/* The element's size in bytes, -1 unknown. */
int64_t chainview_elem_size(const struct chainview *v);

/* Name, type and place: "op", "elem", "elem_size", "site", and "exe" where there are several. */
int chain_json_identity(json_t *object, const struct chainview *v);
/* [[cap, chains, len_sum, steps, copied, dead], ...]; NULL without memory. */
json_t *chain_json_ends(const struct chain_row *chain);
/* "chains", "steps", "bytes_copied", "bytes_dead". */
int chain_json_sums(json_t *object, const struct chain_end *sums);
/* The same as an object; NULL without memory. */
json_t *chain_json_total(const struct chain_end *sums);
/* A row of a report; NULL without memory. */
json_t *chain_json_row(const struct chainview *v);

/* The headers and rows of a report. */
void chain_table_write(struct sink *s, const struct output_options *opts,
		       const struct output_report *r);

#endif
