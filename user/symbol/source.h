/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where names, lines and types of one executable come from. The file is read in another process;
 * here are its answers only.
 */
#ifndef SS_SYMBOL_SOURCE_H
#define SS_SYMBOL_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"

struct symbol_source {
	/* As gobin_frames; the texts live as long as the source. */
	int (*frames)(void *ctx, uint64_t addr, struct gobin_frame *frames, size_t max);
	/* As gobin_type_at and gobin_type_name. */
	int (*type_at)(void *ctx, const struct gobin_memory *memory, uint64_t addr,
		       struct gobin_type *out);
	int (*type_name)(void *ctx, const struct gobin_memory *memory, uint64_t addr, char *buf,
			 size_t size);
	void *ctx;
	uint64_t types_start, types_end; /* as gobin_types_range */
};

#endif
