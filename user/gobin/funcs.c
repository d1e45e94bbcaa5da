/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/funcs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
/* Bounds the work on a table whose names are made up; longer names differ earlier, mostly. */
#define HASHED_BYTES 256

/* A hash table of chains: many functions of one name cost memory in proportion, no more time. */
struct funcs {
	const struct pclntab *tab;
	uint32_t mask;
	uint32_t *heads; /* mask + 1 indexes */
	uint32_t *nexts; /* one index a function */
};

/* By words: names of a large program have some 10 MB. */
static uint32_t hash_name(const char *name)
{
	const size_t len = strnlen(name, HASHED_BYTES);
	uint64_t h = len;
	size_t at = 0;

	for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, name + at, sizeof(word));
		h = (h ^ word) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 32;
	}
	for (; at < len; at++)
		h = (h ^ (uint8_t)name[at]) * 0x9e3779b97f4a7c15ull;
	return (uint32_t)(h >> 32);
}

static uint32_t buckets_for(uint32_t n)
{
	uint32_t buckets = 16;

	while (buckets < n)
		buckets *= 2;
	return buckets;
}

int funcs_new(const struct pclntab *tab, struct funcs **out)
{
	const uint32_t n = tab->hdr.nfuncs;
	const uint32_t buckets = buckets_for(n);
	struct funcs *funcs = calloc(1, sizeof(*funcs));

	if (!funcs)
		return -ENOMEM;
	*funcs = (struct funcs){
		.tab = tab,
		.mask = buckets - 1,
		.heads = malloc(buckets * sizeof(uint32_t)),
		.nexts = malloc(n * sizeof(uint32_t)),
	};
	if (!funcs->heads || !funcs->nexts) {
		funcs_free(funcs);
		return -ENOMEM;
	}
	memset(funcs->heads, 0xff, buckets * sizeof(uint32_t));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t *head = &funcs->heads[hash_name(pclntab_name(tab, i)) & funcs->mask];

		funcs->nexts[i] = *head;
		*head = i;
	}
	*out = funcs;
	return 0;
}

void funcs_free(struct funcs *funcs)
{
	if (!funcs)
		return;
	free(funcs->heads);
	free(funcs->nexts);
	free(funcs);
}

int funcs_by_name(const struct funcs *funcs, const char *name, uint32_t *index)
{
	uint32_t found = NONE;

	for (uint32_t i = funcs->heads[hash_name(name) & funcs->mask]; i != NONE;
	     i = funcs->nexts[i]) {
		if (strcmp(pclntab_name(funcs->tab, i), name) != 0)
			continue;
		if (found != NONE)
			return -ENOTUNIQ;
		found = i;
	}
	if (found == NONE)
		return -ENOENT;
	*index = found;
	return 0;
}

int funcs_by_offset(const struct funcs *funcs, uint32_t offset, uint32_t *index)
{
	const struct pclntab *tab = funcs->tab;
	uint32_t lo = 0;
	uint32_t hi = tab->hdr.nfuncs;

	if (offset < pclntab_entry(tab, 0) || offset >= pclntab_entry(tab, hi))
		return -ENOENT;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (pclntab_entry(tab, mid) <= offset)
			lo = mid;
		else
			hi = mid;
	}
	*index = lo;
	return 0;
}
