// SPDX-License-Identifier: BSD-2-Clause
#include "report/growth.h"

#include <stddef.h>

/* runtime/sizeclasses.go; larger arrays are whole pages of Go's heap. */
static const uint16_t size_classes[] = {
	8,     16,    24,    32,    48,	   64,	  80,	 96,	112,   128,   144,   160,
	176,   192,   208,   224,   240,   256,	  288,	 320,	352,   384,   416,   448,
	480,   512,   576,   640,   704,   768,	  896,	 1024,	1152,  1280,  1408,  1536,
	1792,  2048,  2304,  2688,  3072,  3200,  3456,	 4096,	4864,  5376,  6144,  6528,
	6784,  6912,  8192,  9472,  9728,  10240, 10880, 12288, 13568, 14336, 16384, 18432,
	19072, 20480, 21760, 24576, 27264, 28672, 32768,
};
#define SIZE_CLASSES (sizeof(size_classes) / sizeof(size_classes[0]))

#define HEADER_SIZE	8
#define HEADER_MIN_SIZE 512
#define SMALL_SIZE_MAX	32768
#define PAGE_SIZE	8192

/* Capacities below double. */
#define DOUBLING_BELOW 256UL

/* Beyond, rounding makes no difference, and sums could overflow. */
#define ROUNDED_MAX (1ULL << 60)

uint64_t growth_room(uint64_t bytes, bool header)
{
	uint64_t head;

	if (bytes > ROUNDED_MAX)
		return bytes;
	if (bytes > SMALL_SIZE_MAX - HEADER_SIZE)
		return (bytes + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
	head = header && bytes > HEADER_MIN_SIZE ? HEADER_SIZE : 0;
	for (size_t i = 0; i < SIZE_CLASSES; i++)
		if (size_classes[i] >= bytes + head)
			return size_classes[i] - head;
	return bytes;
}

uint64_t growth_next(uint64_t cap, uint64_t elem_size, bool header)
{
	uint64_t next = cap + (cap + 3 * DOUBLING_BELOW) / 4;

	if (cap < DOUBLING_BELOW)
		next = cap ? 2 * cap : 1;
	if (elem_size == 0 || next > ROUNDED_MAX / elem_size)
		return next;
	return growth_room(next * elem_size, header) / elem_size;
}

/* The largest capacity from which this one can be the next; rounding only makes the next larger. */
static uint64_t largest_before(uint64_t cap)
{
	if (cap < 2 * DOUBLING_BELOW)
		return cap / 2;
	return cap - cap / 5 - (cap % 5 + 3 * DOUBLING_BELOW) / 5;
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
