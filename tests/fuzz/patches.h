/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inputs are lists of patches to something that is whole: a byte for the place, an offset in it and
 * a length of 16 bits, then the bytes. An input stays small, and what it does not change holds.
 */
#ifndef SS_FUZZ_PATCHES_H
#define SS_FUZZ_PATCHES_H

#include <stddef.h>
#include <stdint.h>

#include "input.h"

struct place {
	size_t offset;
	size_t size; /* not 0 */
};

/* Apply what is left of the input. */
static inline void patches_apply(uint8_t *bytes, const struct place *places, size_t n,
				 struct input *in)
{
	while (in->left > 5) {
		const struct place *place = &places[input_byte(in) % n];
		const size_t at = input_u16(in) % place->size;
		size_t len = input_u16(in);

		if (len > place->size - at)
			len = place->size - at;
		if (len > in->left)
			len = in->left;
		input_take(in, bytes + place->offset + at, len);
	}
}

#endif
