// SPDX-License-Identifier: BSD-2-Clause
#include "parser/frame_cache.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* Texts of a file are no more than the file; the largest known has some 20 MB of them. */
#define BYTES_MAX ((size_t)256 << 20)

struct chain {
	uint64_t addr;
	size_t n;
	struct gobin_frame frames[];
};

/* Trees of tsearch(3). */
struct frame_cache {
	void *chains;
	void *texts;
	size_t bytes;
};

struct frame_cache *frame_cache_new(void)
{
	return calloc(1, sizeof(struct frame_cache));
}

void frame_cache_free(struct frame_cache *c)
{
	if (!c)
		return;
	tdestroy(c->chains, free);
	tdestroy(c->texts, free);
	free(c);
}

static int compare_chains(const void *a, const void *b)
{
	const struct chain *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

const struct gobin_frame *frame_cache_find(const struct frame_cache *c, uint64_t addr, size_t *n)
{
	const struct chain key = {.addr = addr};
	struct chain *const *found = tfind(&key, &c->chains, compare_chains);

	if (!found)
		return NULL;
	*n = (*found)->n;
	return (*found)->frames;
}

/* Memory that counts; NULL: there is none, or too much is held. */
static void *take(struct frame_cache *c, size_t size)
{
	if (size > BYTES_MAX - c->bytes)
		return NULL;
	c->bytes += size;
	return malloc(size);
}

/* One copy of the text, NULL out of memory. */
static const char *keep_text(struct frame_cache *c, const char *text)
{
	char *const *found = tfind(text, &c->texts, compare_texts);
	const size_t size = strlen(text) + 1;
	char *copy;

	if (found)
		return *found;
	copy = take(c, size);
	if (!copy)
		return NULL;
	memcpy(copy, text, size);
	if (tsearch(copy, &c->texts, compare_texts))
		return copy;
	free(copy);
	return NULL;
}

static int fill_chain(struct frame_cache *c, struct chain *chain, const struct gobin_frame *frames)
{
	for (size_t i = 0; i < chain->n; i++) {
		struct gobin_frame *kept = &chain->frames[i];

		*kept = frames[i];
		kept->func = keep_text(c, frames[i].func);
		kept->file = frames[i].file ? keep_text(c, frames[i].file) : NULL;
		if (!kept->func || !kept->file != !frames[i].file)
			return -ENOMEM;
	}
	return 0;
}

int frame_cache_add(struct frame_cache *c, uint64_t addr, const struct gobin_frame *frames,
		    size_t n)
{
	struct chain *chain = take(c, sizeof(*chain) + n * sizeof(*frames));

	if (!chain)
		return -ENOMEM;
	chain->addr = addr;
	chain->n = n;
	if (!fill_chain(c, chain, frames) && tsearch(chain, &c->chains, compare_chains))
		return 0;
	free(chain);
	return -ENOMEM;
}
