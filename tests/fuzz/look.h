/* SPDX-License-Identifier: BSD-2-Clause */
/* All that is asked of an opened executable, but for types. What is asked for is the input's. */
#ifndef SS_FUZZ_LOOK_H
#define SS_FUZZ_LOOK_H

#include "gobin/gobin.h"

#include "input.h"

/* Which addresses are asked for, besides those that the tables tell. */
#define LOOK_PCS 8

struct look {
	uint16_t pcs[LOOK_PCS]; /* in bytes behind the start of the text */
};

struct look look_take(struct input *in);
void look_at(const struct gobin *bin, const struct look *look);

#endif
