// SPDX-License-Identifier: BSD-2-Clause
#include "symbol/symbols.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slicestat.h"

#define FIRST_ROOM 256 /* types; a power of two, as are twice as many slots */

/* A known type. One in the file is named by its address alone, others by the process too. */
struct type {
	uint64_t addr; /* link-time, run-time where it is not in the file, or an enum ss_elem */
	const void *process;
	int64_t size;
	char *name; /* NULL: not looked up yet */
};

/* The type that the call before a return address passes always. */
struct site_type {
	uint64_t site; /* 0: none, which has no type */
	uint32_t number;
};

/* A prime: sites lie close together, at no distances of their own. */
#define RECENT_SITES 1021

struct symbols {
	struct symbol_source source;
	const struct plan_callers *callers;
	struct symbols_skip skip;
	struct type *types; /* by number; number 0 is the unknown type */
	uint32_t ntypes, room;
	uint32_t *slots; /* an open-addressing index of numbers, 0 empty */
	void *printed;	 /* a tree (tsearch(3)) of struct printed */
	struct site_type recent[RECENT_SITES];
};

/* A function's name, and the same as Go prints it. */
struct printed {
	const char *func;
	char name[];
};

static const struct {
	const char *name;
	int64_t size;
} elems[SS_ELEMS] = {
	[SS_ELEM_UINT8] = {"uint8", 1},
	[SS_ELEM_INT32] = {"int32", 4},
};

int symbols_new(const struct symbol_source *source, const struct plan_callers *callers,
		const struct symbols_skip *skip, struct symbols **out)
{
	struct symbols *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->source = *source;
	s->callers = callers;
	s->skip = *skip;
	s->room = FIRST_ROOM;
	s->types = calloc(s->room, sizeof(*s->types));
	s->slots = calloc(2 * (size_t)s->room, sizeof(*s->slots));
	if (!s->types || !s->slots) {
		symbols_free(s);
		return -ENOMEM;
	}
	s->types[SYMBOL_TYPE_UNKNOWN] = (struct type){.size = -1};
	s->ntypes = 1;
	*out = s;
	return 0;
}

void symbols_free(struct symbols *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; s->types && i < s->ntypes; i++)
		free(s->types[i].name);
	free(s->types);
	free(s->slots);
	tdestroy(s->printed, free);
	free(s);
}

static uint64_t hash_type(uint64_t addr, const void *process)
{
	uint64_t h = (addr ^ (uintptr_t)process) * 0x9e3779b97f4a7c15ULL;

	return h ^ (h >> 32);
}

/* The slot of the type, or the empty one where it belongs. */
static uint32_t *find_slot(const struct symbols *s, uint64_t addr, const void *process)
{
	uint32_t mask = 2 * s->room - 1;
	uint32_t i = (uint32_t)hash_type(addr, process) & mask;

	while (s->slots[i] &&
	       (s->types[s->slots[i]].addr != addr || s->types[s->slots[i]].process != process))
		i = (i + 1) & mask;
	return &s->slots[i];
}

static bool make_room(struct symbols *s)
{
	struct type *types;
	uint32_t *slots;

	if (s->ntypes < s->room)
		return true;
	types = reallocarray(s->types, 2 * (size_t)s->room, sizeof(*types));
	if (!types)
		return false;
	s->types = types;
	slots = calloc(4 * (size_t)s->room, sizeof(*slots));
	if (!slots)
		return false;
	free(s->slots);
	s->slots = slots;
	s->room *= 2;
	for (uint32_t i = 1; i < s->ntypes; i++)
		*find_slot(s, types[i].addr, types[i].process) = i;
	return true;
}

static char *read_name(const struct symbols *s, const struct gobin_memory *memory, uint64_t addr)
{
	char name[SYMBOL_NAME_MAX];

	if (s->source.type_name(s->source.ctx, memory, addr, name, sizeof(name)))
		snprintf(name, sizeof(name), "?0x%" PRIx64, addr);
	return strdup(name);
}

/* A type outside of the file is read whole now: its process may be gone when it is shown. */
static struct type read_type(const struct symbols *s, const struct gobin_memory *memory,
			     uint64_t addr, const void *process)
{
	struct type t = {.addr = addr, .process = process, .size = -1};
	struct gobin_type found;

	if (addr < SS_ELEMS) {
		t.size = elems[addr].size;
		t.name = strdup(elems[addr].name);
		return t;
	}
	if (!s->source.type_at(s->source.ctx, process ? memory : NULL, addr, &found) &&
	    found.size <= INT64_MAX)
		t.size = (int64_t)found.size;
	if (process)
		t.name = read_name(s, memory, addr);
	return t;
}

static uint32_t number_of(struct symbols *s, const struct gobin_memory *memory, uint64_t addr,
			  const void *process)
{
	uint32_t *slot = find_slot(s, addr, process);

	if (*slot)
		return *slot;
	if (!make_room(s))
		return SYMBOL_TYPE_UNKNOWN;
	slot = find_slot(s, addr, process);
	s->types[s->ntypes] = read_type(s, memory, addr, process);
	*slot = s->ntypes++;
	return *slot;
}

/* By its call alone: bases come by the million, from few sites. */
static uint32_t number_of_site(struct symbols *s, uint64_t site)
{
	struct site_type *recent = &s->recent[site % RECENT_SITES];
	uint64_t type;

	if (recent->site == site)
		return recent->number;
	type = s->callers ? plan_callers_type(s->callers, site) : 0;
	*recent = (struct site_type){
		.site = site,
		.number = type ? number_of(s, NULL, type, NULL) : SYMBOL_TYPE_UNKNOWN,
	};
	return recent->number;
}

uint32_t symbols_type_number(struct symbols *s, const struct gobin_memory *memory, uint64_t site,
			     uint64_t type)
{
	uint64_t link = type - memory->bias;

	if (!type)
		return number_of_site(s, site);
	if (type < SS_ELEMS)
		return number_of(s, NULL, type, NULL);
	if (link >= SS_ELEMS && link >= s->source.types_start && link < s->source.types_end)
		return number_of(s, NULL, link, NULL);
	return number_of(s, memory, type, memory->ctx);
}

int64_t symbols_type_size(const struct symbols *s, uint32_t number)
{
	return number < s->ntypes ? s->types[number].size : -1;
}

struct symbol_type symbols_type(struct symbols *s, uint32_t number)
{
	struct type *t;

	if (number == SYMBOL_TYPE_UNKNOWN || number >= s->ntypes)
		return (struct symbol_type){.name = "?", .size = -1};
	t = &s->types[number];
	if (!t->name)
		t->name = read_name(s, NULL, t->addr);
	return (struct symbol_type){.name = t->name ? t->name : "?", .size = t->size};
}

static bool is_users(const struct symbols *s, const struct gobin_frame *frame)
{
	return !frame->wrapper && !plan_is_wrapper(frame->func, s->skip.patterns, s->skip.count);
}

size_t symbols_site(const struct symbols *s, uint64_t ret, struct gobin_frame *frames, size_t max)
{
	int n = s->source.frames(s->source.ctx, ret - 1, frames, max);
	size_t kept = 0;

	if (n <= 0)
		return 0;
	for (int i = 0; i < n; i++)
		if (kept > 0 ? !frames[i].wrapper : is_users(s, &frames[i]))
			frames[kept++] = frames[i];
	return kept ? kept : (size_t)n;
}

static int compare_printed(const void *a, const void *b)
{
	const struct printed *x = a, *y = b;

	return strcmp(x->func, y->func);
}

/* prefix is "main.F" of "main.F[int].func1", suffix ".func1". */
static const char *add_printed(struct symbols *s, const char *func, int prefix, const char *suffix)
{
	size_t size = (size_t)prefix + strlen("[...]") + strlen(suffix) + 1;
	struct printed *p = malloc(sizeof(*p) + size);

	if (!p)
		return func;
	p->func = func;
	snprintf(p->name, size, "%.*s[...]%s", prefix, func, suffix);
	if (!tsearch(p, &s->printed, compare_printed)) {
		free(p);
		return func;
	}
	return p->name;
}

const char *symbols_func_name(struct symbols *s, const char *func)
{
	const struct printed key = {.func = func};
	const char *open = strchr(func, '['), *close = strrchr(func, ']');
	struct printed *const *found;

	if (!open || !close || close < open)
		return func;
	found = tfind(&key, &s->printed, compare_printed);
	return found ? (*found)->name : add_printed(s, func, (int)(open - func), close + 1);
}
