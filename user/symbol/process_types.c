// SPDX-License-Identifier: BSD-2-Clause
#include "symbol/process_types.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>

struct process_types {
	void *by_addr; /* a tree (tsearch(3)) of struct known */
	uint32_t count;
};

struct known {
	uint64_t addr;
	uint32_t number;
};

static int compare(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

bool process_types_find(const struct process_types *p, uint64_t addr, uint32_t *number)
{
	const struct known key = {.addr = addr};
	struct known *const *found = p ? tfind(&key, &p->by_addr, compare) : NULL;

	if (found)
		*number = (*found)->number;
	return found;
}

bool process_types_is_full(const struct process_types *p)
{
	return p && p->count >= PROCESS_TYPES_MAX;
}

int process_types_add(struct process_types **p, uint64_t addr, uint32_t number)
{
	struct known *known = malloc(sizeof(*known));

	if (!*p)
		*p = calloc(1, sizeof(**p));
	if (known)
		*known = (struct known){.addr = addr, .number = number};
	if (!*p || !known || !tsearch(known, &(*p)->by_addr, compare)) {
		free(known);
		return -ENOMEM;
	}
	(*p)->count++;
	return 0;
}

void process_types_free(struct process_types *p)
{
	if (!p)
		return;
	tdestroy(p->by_addr, free);
	free(p);
}
