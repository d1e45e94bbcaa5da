/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of numbers, in order: a member's place tells it in the file, and keeps the order it had. */
#ifndef SS_RECORDING_NUMBERING_H
#define SS_RECORDING_NUMBERING_H

#include <stddef.h>
#include <stdint.h>

/* Compared by first, then second, then third. */
struct member {
	uint64_t first, second, third;
};

/* Zeroed: empty. */
struct numbering {
	struct member *members;
	size_t count, room;
};

/* Several times the same is fine. 0 or -ENOMEM. */
int numbering_add(struct numbering *n, const struct member *m);
/* Put all in order, each once. */
void numbering_close(struct numbering *n);
/* Its place + 1 in a closed one; 0: it is not there. */
uint32_t numbering_place(const struct numbering *n, const struct member *m);
void numbering_destroy(struct numbering *n);

#endif
