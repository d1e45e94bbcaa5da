/* SPDX-License-Identifier: BSD-2-Clause */
/* Which rows belong to which series. A row is of an address, a series of a line as people know it.
 */
#ifndef SS_METRICS_MEMBERS_H
#define SS_METRICS_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"

struct members;

/* Of at most so many rows; memory is taken as they come. NULL without memory. */
struct members *members_new(size_t max);
void members_free(struct members *m);

/* The series of the row with this key, which has events now. False: it is in none. */
bool members_find(struct members *m, const struct report_key *key, double now_s, size_t *series);
/*
 * The row, which is in none, is of this series now. False: without memory, or where all there is
 * room for had events in the last idle_s.
 */
bool members_enter(struct members *m, const struct report_key *key, size_t series, double now_s,
		   double idle_s);
void members_leave(struct members *m, const struct report_key *key);
/* No row is of this series any more. */
void members_leave_series(struct members *m, size_t series);

#endif
