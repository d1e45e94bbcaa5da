// SPDX-License-Identifier: BSD-2-Clause
/*
 * Types and their names: those of the file, those that reflect makes on the heap of a process,
 * those of plugins. Input: the layout, the size of the name's buffer, addresses to look at,
 * patches.
 */
#include <errno.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/gobin.h"
#include "gobin/release.h"
#include "slicestat.h"
#include "symbol/symbols.h"

#include "../gobin_source.h"
#include "input.h"
#include "layouts.h"
#include "patches.h"
#include "require.h"
#include "scratch.h"
#include "types_layout.h"

#define ADDRESSES 4

/* A process stops being asked long before: a name has at most some thousand types. */
#define READS_MAX 20000

/* The process: a heap, and the moduledata of the executable, all else unmapped. */
struct process {
	uint8_t heap[HEAP_BYTES];
	uint8_t module[MODULE_BYTES];
	unsigned int reads;
};

struct world {
	struct go_image img;
	struct process process;
};

#define IN_WORLD(field) (offsetof(struct world, process) + offsetof(struct process, field))

static const struct place places[] = {
	{TYPES_OFFSET, TYPES_BYTES},
	{IN_WORLD(heap), HEAP_BYTES},
	{IN_WORLD(module), MODULE_BYTES},
	{IMG_MODULE, MODULE_BYTES},
};

static int read_process(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const uint64_t module = IMG_MODULE_ADDR + BIAS;
	struct process *p = ctx;

	p->reads++;
	if (addr >= HEAP && len <= HEAP_BYTES && addr - HEAP <= HEAP_BYTES - len)
		memcpy(buf, p->heap + (addr - HEAP), len);
	else if (addr >= module && len <= MODULE_BYTES && addr - module <= MODULE_BYTES - len)
		memcpy(buf, p->module + (addr - module), len);
	else
		return -EFAULT;
	return 0;
}

/* A descriptor as reflect makes it, and the first words of what its kind has behind it. */
struct made {
	uint8_t kind, size;
	uint16_t words[3];
};

/* Words from MADE_BYTES on are made addresses on the heap; LEAF is that of a type in the file. */
#define LEAF 0xffff

static const struct made made[] = {
	{KIND_POINTER, 8, {0x080}},	  {KIND_SLICE, 24, {0x100}},
	{KIND_ARRAY, 8, {0x180, 0, 3}},	  {KIND_CHAN, 8, {0x200, 3}},
	{KIND_CHAN, 8, {LEAF, 1}},	  {KIND_MAP, 8, {0x080, 0x300}},
	{KIND_FUNC, 8, {2, 0x380, LEAF}}, {KIND_STRUCT, 8, {0, 0x500, 1}},
	{KIND_STRUCT, 8, {0, 0x500, 0}},
};

static uint64_t made_word(uint16_t word)
{
	if (word == LEAF)
		return TYPES_ADDR + BIAS;
	return word < MADE_BYTES ? word : HEAP + word;
}

static void put_made(struct process *p)
{
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		uint8_t *at = p->heap + i * MADE_BYTES;

		put_le64(at, made[i].size);
		at[TYPE_AT_ALIGN] = at[TYPE_AT_ALIGN + 1] = 8;
		at[TYPE_AT_KIND] = made[i].kind;
		memset(at + TYPE_AT_STR, 0xff, 4);
		for (size_t w = 0; w < 3; w++)
			put_le64(at + TYPE_BYTES + 8 * w, made_word(made[i].words[w]));
	}
	/* One field, with a name and a tag. */
	put_le64(p->heap + 0x500, HEAP + 0x540);
	put_le64(p->heap + 0x508, HEAP + 0x080);
	memcpy(p->heap + 0x540, "\3\1A\5t:\"\xc3\xa4", 9);
}

/* The first type of the file: int. */
static void put_leaf(struct go_image *img)
{
	uint8_t *at = img->b + TYPES_OFFSET;

	put_le64(at, 8);
	at[TYPE_AT_ALIGN] = at[TYPE_AT_ALIGN + 1] = 8;
	at[TYPE_AT_KIND] = 2;
	img_put(img, TYPES_OFFSET + TYPE_AT_STR, TYPES_NAMES, 4);
	img_put(img, TYPES_OFFSET + TYPES_NAMES, 0x746e690300, 5); /* 0, 3, int */
}

static void make_world(struct world *w, const struct img_layout *row)
{
	const struct release *release = release_of(layout_minor(row));

	img_make(&w->img, row);
	img_put(&w->img, IMG_MODULE + release->types, TYPES_ADDR, 8);
	img_put(&w->img, IMG_MODULE + release->etypes, TYPES_ADDR + TYPES_BYTES, 8);
	put_leaf(&w->img);
	memset(&w->process, 0, sizeof(w->process));
	put_made(&w->process);
	/* A plugin, whose moduledata and types are on the heap. */
	put_le64(w->process.module + release->next, HEAP + PLUGIN);
	put_le64(w->process.heap + PLUGIN + release->types, HEAP + PLUGIN_TYPES);
	put_le64(w->process.heap + PLUGIN + release->etypes, HEAP + HEAP_BYTES);
}

static void look_at_type(const struct gobin *bin, const struct gobin_memory *memory, uint64_t addr,
			 size_t size)
{
	char name[SYMBOL_NAME_MAX];
	struct gobin_type type;
	const int err = gobin_type_at(bin, memory, addr, &type);
	const int name_err = gobin_type_name(bin, memory, addr, name, size);

	require(err <= 0 && name_err <= 0);
	require(memchr(name, '\0', size));
	require(name_err == 0 || !name[0]);
	require(err == 0 || name_err < 0 || size == 1);
}

static void look_at_symbol(struct symbols *symbols, const struct gobin_memory *memory,
			   uint64_t addr)
{
	struct process_types *own = NULL;
	const uint32_t number = symbols_type_number(symbols, &own, memory, 0, addr);
	const struct symbol_type type = symbols_type(symbols, number);

	process_types_free(own);
	require(type.name && strlen(type.name) < SYMBOL_NAME_MAX && type.size >= -1);
	require(symbols_type_size(symbols, number) == type.size);
}

static void look_at_types(const struct gobin *bin, struct process *p, const uint16_t *addresses,
			  size_t size)
{
	const struct gobin_memory memory = {.read = read_process, .ctx = p, .bias = BIAS};
	const struct symbols_skip skip = {NULL, 0};
	const struct symbol_source source = source_of(bin);
	struct symbols *symbols = NULL;

	require(symbols_new(&source, NULL, &skip, &symbols) == 0);
	look_at_symbol(symbols, &memory, size % SS_ELEMS);
	for (size_t i = 0; i < ADDRESSES; i++) {
		const uint64_t at = addresses[i] % HEAP_BYTES & ~(uint64_t)7;

		p->reads = 0;
		look_at_type(bin, NULL, TYPES_ADDR + at % TYPES_BYTES, size);
		look_at_type(bin, &memory, TYPES_ADDR + BIAS + at % TYPES_BYTES, size);
		look_at_type(bin, &memory, HEAP + at, size);
		look_at_symbol(symbols, &memory, HEAP + at);
		require(p->reads < READS_MAX);
	}
	symbols_free(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const struct img_layout *row = layout_of(input_byte(&in));
	const size_t room = 1 + input_u16(&in) % SYMBOL_NAME_MAX;
	uint16_t addresses[ADDRESSES];
	struct gobin *bin;
	struct world w;

	for (size_t i = 0; i < ADDRESSES; i++)
		addresses[i] = input_u16(&in);
	make_world(&w, row);
	patches_apply((uint8_t *)&w, places, sizeof(places) / sizeof(places[0]), &in);
	bin = scratch_open(w.img.b, sizeof(w.img.b));
	if (bin)
		look_at_types(bin, &w.process, addresses, room);
	gobin_free(bin);
	return 0;
}
