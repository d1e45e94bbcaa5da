// SPDX-License-Identifier: BSD-2-Clause
#include "symbol/symbols.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "slicestat.h"

#define FIRST_ROOM 256 /* types; a power of two, as are twice as many slots */

/* A known type: one in the file by its address, others, which processes make, by name and size. */
struct type {
	uint64_t addr; /* link-time, or an enum ss_elem; unused where it is not in the file */
	int64_t size;
	char *name; /* NULL: not looked up yet */
	bool in_file;
};

/* One that is not in the file. */
struct made {
	const char *name;
	int64_t size;
	uint32_t number;
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
	void *made;	 /* a tree (tsearch(3)) of struct made */
	uint32_t nmade;
	bool warned;   /* that there are too many of them */
	void *printed; /* a tree (tsearch(3)) of struct printed */
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
	tdestroy(s->made, free);
	tdestroy(s->printed, free);
	free(s);
}

static uint64_t hash_addr(uint64_t addr)
{
	uint64_t h = addr * 0x9e3779b97f4a7c15ULL;

	return h ^ (h >> 32);
}

/* The slot of a type in the file, or the empty one where it belongs. */
static uint32_t *find_slot(const struct symbols *s, uint64_t addr)
{
	uint32_t mask = 2 * s->room - 1;
	uint32_t i = (uint32_t)hash_addr(addr) & mask;

	while (s->slots[i] && s->types[s->slots[i]].addr != addr)
		i = (i + 1) & mask;
	return &s->slots[i];
}

static void fill_slots(struct symbols *s, uint32_t *slots)
{
	free(s->slots);
	s->slots = slots;
	s->room *= 2;
	for (uint32_t i = 1; i < s->ntypes; i++)
		if (s->types[i].in_file)
			*find_slot(s, s->types[i].addr) = i;
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
	if (slots)
		fill_slots(s, slots);
	return slots;
}

static char *read_name(const struct symbols *s, const struct gobin_memory *memory, uint64_t addr)
{
	char name[SYMBOL_NAME_MAX];

	if (s->source.type_name(s->source.ctx, memory, addr, name, sizeof(name)))
		snprintf(name, sizeof(name), "?0x%" PRIx64, addr);
	return strdup(name);
}

/* memory: of the process that has it; NULL where it is in the file. -1 unknown. */
static int64_t read_size(const struct symbols *s, const struct gobin_memory *memory, uint64_t addr)
{
	struct gobin_type found;

	if (s->source.type_at(s->source.ctx, memory, addr, &found) || found.size > INT64_MAX)
		return -1;
	return (int64_t)found.size;
}

static struct type read_type(const struct symbols *s, uint64_t addr)
{
	struct type t = {.addr = addr, .in_file = true};

	if (addr < SS_ELEMS) {
		t.size = elems[addr].size;
		t.name = strdup(elems[addr].name);
	} else {
		t.size = read_size(s, NULL, addr);
	}
	return t;
}

static uint32_t number_of(struct symbols *s, uint64_t addr)
{
	uint32_t *slot = find_slot(s, addr);

	if (*slot)
		return *slot;
	if (!make_room(s))
		return SYMBOL_TYPE_UNKNOWN;
	slot = find_slot(s, addr);
	s->types[s->ntypes] = read_type(s, addr);
	*slot = s->ntypes++;
	return *slot;
}

static int compare_made(const void *a, const void *b)
{
	const struct made *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Takes the name. */
static uint32_t add_made(struct symbols *s, int64_t size, char *name)
{
	struct made *m = malloc(sizeof(*m));

	if (!m || !make_room(s))
		goto no_memory;
	*m = (struct made){.name = name, .size = size, .number = s->ntypes};
	if (!tsearch(m, &s->made, compare_made))
		goto no_memory;
	s->types[s->ntypes++] = (struct type){.size = size, .name = name};
	s->nmade++;
	return m->number;

no_memory:
	free(m);
	free(name);
	return SYMBOL_TYPE_UNKNOWN;
}

/* The same of all processes, which come and go. */
static uint32_t number_of_name(struct symbols *s, int64_t size, char *name)
{
	const struct made key = {.name = name, .size = size};
	struct made *const *found;

	if (!name)
		return SYMBOL_TYPE_UNKNOWN;
	found = tfind(&key, &s->made, compare_made);
	if (!found)
		return add_made(s, size, name);
	free(name);
	return (*found)->number;
}

/* It is read whole now: its process may be gone when it is shown. */
static uint32_t number_of_made(struct symbols *s, struct process_types **own,
			       const struct gobin_memory *memory, uint64_t addr)
{
	uint32_t number;

	if (process_types_find(*own, addr, &number))
		return number;
	if (s->nmade >= SYMBOL_MADE_MAX || process_types_is_full(*own)) {
		if (!s->warned)
			log_warn("there are very many element types that are made at run time: "
				 "further ones have no name");
		s->warned = true;
		return SYMBOL_TYPE_UNKNOWN;
	}
	number = number_of_name(s, read_size(s, memory, addr), read_name(s, memory, addr));
	if (process_types_add(own, addr, number))
		return SYMBOL_TYPE_UNKNOWN;
	return number;
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
		.number = type ? number_of(s, type) : SYMBOL_TYPE_UNKNOWN,
	};
	return recent->number;
}

uint32_t symbols_type_number(struct symbols *s, struct process_types **own,
			     const struct gobin_memory *memory, uint64_t site, uint64_t type)
{
	uint64_t link = type - memory->bias;

	if (!type)
		return number_of_site(s, site);
	if (type < SS_ELEMS)
		return number_of(s, type);
	if (link >= SS_ELEMS && link >= s->source.types_start && link < s->source.types_end)
		return number_of(s, link);
	return number_of_made(s, own, memory, type);
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
