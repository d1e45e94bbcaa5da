/* SPDX-License-Identifier: BSD-2-Clause */
/* A source of symbols (symbol/source.h) without a process between: the executable itself. */
#ifndef SS_TESTS_GOBIN_SOURCE_H
#define SS_TESTS_GOBIN_SOURCE_H

#include "symbol/source.h"

static inline int source_frames(void *ctx, uint64_t addr, struct gobin_frame *frames, size_t max)
{
	return gobin_frames(ctx, addr, frames, max);
}

static inline int source_type_at(void *ctx, const struct gobin_memory *memory, uint64_t addr,
				 struct gobin_type *out)
{
	return gobin_type_at(ctx, memory, addr, out);
}

static inline int source_type_name(void *ctx, const struct gobin_memory *memory, uint64_t addr,
				   char *buf, size_t size)
{
	return gobin_type_name(ctx, memory, addr, buf, size);
}

static inline struct symbol_source source_of(const struct gobin *bin)
{
	struct symbol_source source = {
		.frames = source_frames,
		.type_at = source_type_at,
		.type_name = source_type_name,
		.ctx = (void *)bin,
	};

	gobin_types_range(bin, &source.types_start, &source.types_end);
	return source;
}

#endif
