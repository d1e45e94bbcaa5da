/* SPDX-License-Identifier: BSD-2-Clause */
/* What a traced program itself noted: a header with the totals, then one line a base, sorted. */
#ifndef SS_TESTS_LIVE_TRUTH_FILE_H
#define SS_TESTS_LIVE_TRUTH_FILE_H

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

struct sums {
	uint64_t events, len_sum, cap_sum;
};

struct base {
	uint64_t address;
	struct sums sums;
	bool reported;
};

struct truth {
	struct sums sums;
	uint64_t zero, panicked;
	struct base *bases; /* by address */
	size_t nbases;
};

static inline void add_sums(struct sums *to, const struct sums *s)
{
	to->events += s->events;
	to->len_sum += s->len_sum;
	to->cap_sum += s->cap_sum;
}

static inline void truth_add(struct truth *t, size_t *room, const struct base *b)
{
	if (t->nbases == *room) {
		*room = *room ? *room * 2 : 1024;
		t->bases = reallocarray(t->bases, *room, sizeof(*t->bases));
		if (!t->bases)
			die("out of memory");
	}
	if (t->nbases && t->bases[t->nbases - 1].address >= b->address)
		die("the truth is not sorted by base");
	t->bases[t->nbases++] = *b;
}

static inline void truth_read(const char *path, struct truth *t)
{
	FILE *f = fopen(path, "r");
	size_t room = 0;
	struct base b = {0};
	int n;

	if (!f)
		die("%s: %s", path, strerror(errno));
	if (fscanf(f,
		   "# events %" SCNu64 " grow %*u make %*u zero %" SCNu64 " panicked %" SCNu64
		   " len_sum %" SCNu64 " cap_sum %" SCNu64,
		   &t->sums.events, &t->zero, &t->panicked, &t->sums.len_sum,
		   &t->sums.cap_sum) != 5)
		die("%s: no header", path);
	while ((n = fscanf(f, "%" SCNx64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &b.address,
			   &b.sums.events, &b.sums.len_sum, &b.sums.cap_sum)) == 4)
		truth_add(t, &room, &b);
	if (n != EOF || ferror(f))
		die("%s: not a line of a base behind line %zu", path, t->nbases + 1);
	fclose(f);
}

static inline int compare_address(const void *key, const void *element)
{
	uint64_t address = *(const uint64_t *)key;
	const struct base *b = element;

	return address < b->address ? -1 : address > b->address;
}

static inline struct base *truth_find(const struct truth *t, uint64_t address)
{
	if (!t->nbases)
		return NULL;
	return bsearch(&address, t->bases, t->nbases, sizeof(*t->bases), compare_address);
}

#endif
