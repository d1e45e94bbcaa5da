/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which capacities append gives: runtime/slice.go (growslice, nextslicecap) and runtime/msize.go
 * (roundupsize), as they are from Go 1.19 to 1.27. Capacities in elements, sizes in bytes.
 */
#ifndef SS_REPORT_GROWTH_H
#define SS_REPORT_GROWTH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What an allocation of so many bytes has room for. With header: one that has pointers, which since
 * Go 1.22 keeps 8 bytes of its own where it is larger than 512.
 */
uint64_t growth_room(uint64_t bytes, bool header);

/* The capacity after one more element is appended to a full array. */
uint64_t growth_next(uint64_t cap, uint64_t elem_size, bool header);

/*
 * The most growths, and elements of arrays left behind, that can lead from an array of one element
 * to one of this capacity, however little is appended at a time.
 */
struct growth_most {
	double steps;
	double elems;
};
struct growth_most growth_most(uint64_t cap);

#endif
