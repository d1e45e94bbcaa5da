/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of pcs: what a function's instructions have in common, run by run. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "gobin/pclntab.h"
#include "gobin/pclntab_layout.h"

#define VARINT_BITS 32

/*
 * More runs than this are made up, and their values not known: no function of prometheus, whose
 * largest has 1.2 MB, has more than 11,016. Each may have to be read for every line that is shown.
 */
#define RUNS_MAX (1u << 17)

/* Instructions in a row that have the same value. */
struct run {
	uint32_t end; /* in bytes behind the function's entry */
	int32_t value;
};

/* The runs of one table as far as they have been read, ascending. */
struct pcvalues {
	uint32_t table; /* 0: none */
	size_t at;	/* what follows */
	struct run *runs;
	size_t n;
	size_t room;
};

struct pcvalues *pcvalues_new(void)
{
	return calloc(PCLNTAB_KINDS, sizeof(struct pcvalues));
}

void pcvalues_free(struct pcvalues *values)
{
	for (size_t i = 0; values && i < PCLNTAB_KINDS; i++)
		free(values[i].runs);
	free(values);
}

/* The number that begins at *at, which is moved behind it; it ends before end. */
static bool read_uvarint(const struct pclntab *tab, size_t *at, size_t end, uint32_t *out)
{
	uint32_t v = 0;

	for (unsigned int shift = 0; shift < VARINT_BITS && *at < end; shift += 7) {
		uint8_t byte;

		if (!pclntab_have(tab, *at, 1))
			return false;
		byte = tab->bytes[(*at)++];
		v |= (uint32_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*out = v;
			return true;
		}
	}
	return false;
}

/* Room for another one. */
static bool make_room(struct pcvalues *values)
{
	const size_t room = values->room ? 2 * values->room : 64;
	struct run *runs;

	if (values->n < values->room)
		return true;
	if (values->n == RUNS_MAX)
		return false;
	runs = realloc(values->runs, room * sizeof(*runs));
	if (!runs)
		return false;
	values->runs = runs;
	values->room = room;
	return true;
}

/*
 * Pairs of the value's change (zigzag) and the number of instructions that it is valid for, ended
 * by no change; as pcvalue and step in Go's src/runtime/symtab.go.
 */
static bool read_run(const struct pclntab *tab, struct pcvalues *values)
{
	const struct run *last = values->n ? &values->runs[values->n - 1] : NULL;
	uint32_t v = last ? (uint32_t)last->value : UINT32_MAX;
	uint64_t end = last ? last->end : 0;
	size_t at = values->at;
	uint32_t change, length;

	if (!read_uvarint(tab, &at, tab->hdr.funcs, &change) ||
	    !read_uvarint(tab, &at, tab->hdr.funcs, &length))
		return false;
	if ((change == 0 && last) || length == 0 || !make_room(values))
		return false;
	v += -(change & 1) ^ (change >> 1);
	end += (uint64_t)length * tab->hdr.minlc;
	values->runs[values->n++] = (struct run){
		.end = end < UINT32_MAX ? (uint32_t)end : UINT32_MAX,
		.value = (int32_t)v,
	};
	values->at = at;
	return true;
}

/* The run that pc lies in; the last one ends behind it. */
static const struct run *find_run(const struct pcvalues *values, uint32_t pc)
{
	size_t lo = 0;
	size_t hi = values->n - 1;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (values->runs[mid].end <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &values->runs[lo];
}

int pclntab_value(const struct pclntab *tab, const struct pclntab_func *func,
		  enum pclntab_kind kind, uint32_t pc, int32_t *value)
{
	struct pcvalues *values = &tab->values[kind];
	const uint32_t table = func->tables[kind];

	if (table == 0 || table >= tab->hdr.funcs - tab->hdr.pcs)
		return -ENOENT;
	if (values->table != table) {
		values->table = table;
		values->at = tab->hdr.pcs + table;
		values->n = 0;
	}
	while (values->n == 0 || values->runs[values->n - 1].end <= pc)
		if (!read_run(tab, values))
			return -ENOENT;
	*value = find_run(values, pc)->value;
	return 0;
}
