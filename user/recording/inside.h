/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording's inside: for what reads it and for what asks it, not for others. */
#ifndef SS_RECORDING_INSIDE_H
#define SS_RECORDING_INSIDE_H

#include "recording/recording.h"
#include "recording/recording.pb-c.h"

struct recording {
	Slicestat__Recording *file; /* checked: every place is within its table */
	char **texts;
	struct output_target *targets;
	const char **exes;
	struct output_count *counts, *chain_counts;
	struct output_est *ests;
};

/* 0, or -EINVAL with why set: what is wrong in the file. The texts are there. */
int recording_check(const struct recording *r, struct reason *why);

#endif
