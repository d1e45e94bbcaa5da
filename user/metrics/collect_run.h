/* SPDX-License-Identifier: BSD-2-Clause */
/* What concerns the run as a whole: its events' fates, its cost, its targets, and serving itself.
 */
#ifndef SS_METRICS_COLLECT_RUN_H
#define SS_METRICS_COLLECT_RUN_H

#include "metrics/collect.h"

void collect_run(struct metrics *m, const struct collect_input *in);

/* "" where path is NULL. */
const char *collect_basename(const char *path);

#endif
