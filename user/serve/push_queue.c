// SPDX-License-Identifier: BSD-2-Clause
#include "serve/push_queue.h"

#include <stdlib.h>

static bool has_room(const struct push_queue *q, size_t size)
{
	return q->n < PUSH_QUEUE_MAX && (q->n == 0 || size <= PUSH_BYTES_MAX - q->bytes);
}

bool push_queue_take(struct push_queue *q, struct push_request *r)
{
	if (!q->n)
		return false;
	*r = q->ring[q->first];
	q->first = (q->first + 1) % PUSH_QUEUE_MAX;
	q->n--;
	q->bytes -= r->size;
	return true;
}

static bool drop_oldest(struct push_queue *q)
{
	struct push_request oldest;

	if (!push_queue_take(q, &oldest))
		return false;
	free(oldest.bytes);
	return true;
}

size_t push_queue_add(struct push_queue *q, const struct push_request *r)
{
	size_t dropped = 0;

	if (r->size > PUSH_BYTES_MAX) {
		free(r->bytes);
		return 1;
	}
	while (!has_room(q, r->size) && drop_oldest(q))
		dropped++;
	q->ring[(q->first + q->n++) % PUSH_QUEUE_MAX] = *r;
	q->bytes += r->size;
	return dropped;
}

size_t push_queue_return(struct push_queue *q, struct push_request *r)
{
	if (!has_room(q, r->size)) {
		free(r->bytes);
		return 1;
	}
	q->first = (q->first + PUSH_QUEUE_MAX - 1) % PUSH_QUEUE_MAX;
	q->ring[q->first] = *r;
	q->n++;
	q->bytes += r->size;
	return 0;
}

size_t push_queue_keep_newest(struct push_queue *q)
{
	size_t n = 0;

	while (q->n > 1 && drop_oldest(q))
		n++;
	return n;
}

size_t push_queue_clear(struct push_queue *q)
{
	size_t n = 0;

	while (drop_oldest(q))
		n++;
	return n;
}
