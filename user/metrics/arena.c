// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)65536)
#define ALIGNMENT  alignof(max_align_t)

struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used;
	alignas(ALIGNMENT) char bytes[];
};

static struct arena_chunk *chunk_for(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->chunks;

	if (c && c->size - c->used >= size)
		return c;
	if (size < CHUNK_SIZE)
		size = CHUNK_SIZE;
	c = calloc(1, sizeof(*c) + size);
	if (!c)
		return NULL;
	c->size = size;
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t n, size_t size)
{
	struct arena_chunk *c = NULL;
	size_t bytes;

	if (!__builtin_mul_overflow(n, size, &bytes) && bytes < SIZE_MAX / 2) {
		bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
		c = chunk_for(a, bytes);
	}
	if (!c) {
		a->failed = true;
		return NULL;
	}
	c->used += bytes;
	return c->bytes + c->used - bytes;
}

const char *arena_text(struct arena *a, const char *text)
{
	const size_t size = strlen(text) + 1;
	char *copy = arena_alloc(a, size, 1);

	return copy ? memcpy(copy, text, size) : "";
}

const char *arena_printf(struct arena *a, const char *fmt, ...)
{
	char *text = NULL;
	const char *copy = "";
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		a->failed = true;
	else
		copy = arena_text(a, text);
	va_end(ap);
	free(text);
	return copy;
}

void arena_clear(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->next;
		free(c);
	}
	a->failed = false;
}
