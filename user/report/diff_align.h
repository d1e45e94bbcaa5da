/* SPDX-License-Identifier: BSD-2-Clause */
/* Which site of one build is which of another: the sites of one function at a time. */
#ifndef SS_REPORT_DIFF_ALIGN_H
#define SS_REPORT_DIFF_ALIGN_H

#include "report/diff.h"

/*
 * Both lists are of one function, ordered by type, operation and line, each once. Of one type and
 * operation, as many in both lists are paired in order. Else those are paired first that have
 * moved as far as most of the function's sites have; between two such pairs the same is tried
 * again, of what lies there. Where one list has nothing left, what is left of the other is of that
 * side only. The rows are put behind rows[*nrows]. 0 or -ENOMEM.
 */
int diff_align(const struct diff_site *a, size_t na, const struct diff_site *b, size_t nb,
	       struct diff_row *rows, size_t *nrows);

#endif
