/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of rows: a row is of an address, a series of a line as people know it. */
#ifndef SS_METRICS_MEMBERS_H
#define SS_METRICS_MEMBERS_H

#include <stddef.h>

#include "report/report.h"

#define MEMBER_OF_NONE SIZE_MAX

struct member {
	struct report_key key;
	size_t series;	   /* MEMBER_OF_NONE to begin with */
	uint64_t asked_of; /* of how many series its name has been looked for; 0 to begin with */
	double active_s;   /* when it had events last */
};

struct members;

/* Of at most so many rows; memory for most of it is taken as they come. NULL without memory. */
struct members *members_new(size_t max);
void members_free(struct members *m);

/*
 * Of the row with this key, which has events now; a row that is not known is from now on. Until the
 * next call. NULL: without memory, or where all there is room for had events in the last idle_s.
 */
struct member *members_get(struct members *m, const struct report_key *key, double now_s,
			   double idle_s);
/* No row is of this series any more. */
void members_leave_series(struct members *m, size_t series);

#endif
