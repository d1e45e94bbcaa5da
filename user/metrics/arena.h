/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for many small things that are made together and freed together. */
#ifndef SS_METRICS_ARENA_H
#define SS_METRICS_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena {
	struct arena_chunk *chunks;
	bool failed; /* there was no memory once: what was made is not whole */
};

/* Zeroed, for any type; NULL without memory. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
/* A copy; "" without memory. */
const char *arena_text(struct arena *a, const char *text);
const char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void arena_clear(struct arena *a);

#endif
