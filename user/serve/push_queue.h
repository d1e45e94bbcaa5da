/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that wait, the oldest first; what is too much goes, the oldest first. */
#ifndef SS_SERVE_PUSH_QUEUE_H
#define SS_SERVE_PUSH_QUEUE_H

#include <stdbool.h>

#include "serve/push.h"

struct push_request {
	uint8_t *bytes; /* allocated */
	size_t size;
};

/* All zero: empty. */
struct push_queue {
	struct push_request ring[PUSH_QUEUE_MAX];
	size_t first, n;
	size_t bytes; /* of all */
};

/* It is the queue's then. How many had to go for it. */
size_t push_queue_add(struct push_queue *q, const struct push_request *r);
/* The oldest, which is the caller's then; false: there is none. */
bool push_queue_take(struct push_queue *q, struct push_request *r);
/* That again, as the oldest. 1: there is no room any more, and it went; else 0. */
size_t push_queue_return(struct push_queue *q, struct push_request *r);
/* All but the newest go; how many. */
size_t push_queue_keep_newest(struct push_queue *q);
/* How many went. */
size_t push_queue_clear(struct push_queue *q);

#endif
