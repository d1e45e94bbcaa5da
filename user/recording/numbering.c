// SPDX-License-Identifier: BSD-2-Clause
#include "recording/numbering.h"

#include <errno.h>
#include <stdlib.h>

#define ROOM_FIRST 256

int numbering_add(struct numbering *n, const struct member *m)
{
	if (n->count == n->room) {
		const size_t room = n->room ? 2 * n->room : ROOM_FIRST;
		struct member *more = reallocarray(n->members, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		n->members = more;
		n->room = room;
	}
	n->members[n->count++] = *m;
	return 0;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *one, const void *other)
{
	const struct member *a = one, *b = other;
	int order = compare_numbers(a->first, b->first);

	if (!order)
		order = compare_numbers(a->second, b->second);
	return order ? order : compare_numbers(a->third, b->third);
}

void numbering_close(struct numbering *n)
{
	size_t kept = 0;

	if (!n->count)
		return;
	qsort(n->members, n->count, sizeof(*n->members), compare);
	for (size_t i = 1; i < n->count; i++)
		if (compare(&n->members[kept], &n->members[i]))
			n->members[++kept] = n->members[i];
	n->count = kept + 1;
}

uint32_t numbering_place(const struct numbering *n, const struct member *m)
{
	const struct member *found = NULL;

	if (n->count)
		found = bsearch(m, n->members, n->count, sizeof(*n->members), compare);
	return found ? (uint32_t)(found - n->members) + 1 : 0;
}

void numbering_destroy(struct numbering *n)
{
	free(n->members);
}
