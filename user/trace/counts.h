/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_TRACE_COUNTS_H
#define SS_TRACE_COUNTS_H

#include "slicestat.h"

/* What the counters are called, by enum ss_count: in reports, and where maps are pinned. */
extern const char *const trace_count_names[SS_COUNTS];

#endif
