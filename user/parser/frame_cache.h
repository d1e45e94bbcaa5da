/* SPDX-License-Identifier: BSD-2-Clause */
/* The chains of frames that a parser told, so that it is asked once for each address. */
#ifndef SS_PARSER_FRAME_CACHE_H
#define SS_PARSER_FRAME_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"

struct frame_cache;

/* NULL: out of memory. */
struct frame_cache *frame_cache_new(void);
void frame_cache_free(struct frame_cache *c);

/* The frames at addr, n of them; NULL where they have not been told. */
const struct gobin_frame *frame_cache_find(const struct frame_cache *c, uint64_t addr, size_t *n);
/*
 * Keep n frames of addr, which is not there; 0 is a fact as well. Their texts are copied. 0, or
 * -ENOMEM, which a parser that tells no end of texts comes to as well.
 */
int frame_cache_add(struct frame_cache *c, uint64_t addr, const struct gobin_frame *frames,
		    size_t n);

#endif
