// SPDX-License-Identifier: BSD-2-Clause
#include "report/growth.h"

#include <linux/types.h>
#include <stddef.h>

#include "size_classes.h"

/* Beyond, rounding makes no difference, and sums could overflow. */
#define ROUNDED_MAX (1ULL << 60)

uint64_t growth_room(uint64_t bytes, bool header)
{
	uint64_t head;

	if (bytes > ROUNDED_MAX)
		return bytes;
	if (bytes > SMALL_SIZE_MAX - HEADER_SIZE)
		return (bytes + HEAP_PAGE_SIZE - 1) / HEAP_PAGE_SIZE * HEAP_PAGE_SIZE;
	head = header && bytes > HEADER_MIN_SIZE ? HEADER_SIZE : 0;
	for (size_t i = 0; i < SIZE_CLASSES; i++)
		if (size_classes[i] >= bytes + head)
			return size_classes[i] - head;
	return bytes;
}

uint64_t growth_next(uint64_t cap, uint64_t elem_size, bool header)
{
	uint64_t next = cap + (cap + 3UL * DOUBLING_BELOW) / 4;

	if (cap < DOUBLING_BELOW)
		next = cap ? 2 * cap : 1;
	if (elem_size == 0 || next > ROUNDED_MAX / elem_size)
		return next;
	return growth_room(next * elem_size, header) / elem_size;
}

/* The largest capacity from which this one can be the next; rounding only makes the next larger. */
static uint64_t largest_before(uint64_t cap)
{
	if (cap < 2UL * DOUBLING_BELOW)
		return cap / 2;
	return cap - cap / 5 - (cap % 5 + 3UL * DOUBLING_BELOW) / 5;
}

struct growth_most growth_most(uint64_t cap)
{
	struct growth_most most = {0};

	for (cap = largest_before(cap); cap > 0; cap = largest_before(cap)) {
		most.steps++;
		most.elems += (double)cap;
	}
	return most;
}
