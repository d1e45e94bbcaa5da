/* SPDX-License-Identifier: BSD-2-Clause */
/* Proposals as bytes: a paragraph each for people, an object for programs. */
#ifndef SS_OUTPUT_ADVICE_H
#define SS_OUTPUT_ADVICE_H

#include <stddef.h>
#include <stdio.h>

#include "output/output.h"
#include "report/advise.h"

/* Pointers are borrowed for the call. */
struct output_advice {
	const struct output_report *report; /* all but rows: what was seen, lost and paid for */
	size_t nsites;			    /* rows that the proposals were chosen from */
	const struct advice *advice;	    /* the hottest first */
	size_t nadvice;
	/*
	 * The text of a line of a source file, as source_line gives it (output/source.h); NULL:
	 * lines are not quoted.
	 */
	int (*source)(void *ctx, const char *file, int line, char *text, size_t size);
	void *source_ctx;
};

/* 0 or -errno as the stream reported it. Flushes. */
int output_advise_table(FILE *f, const struct output_options *opts, const struct output_advice *a);
int output_advise_json(FILE *f, const struct output_options *opts, const struct output_advice *a);

#endif
