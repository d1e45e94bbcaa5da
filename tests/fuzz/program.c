// SPDX-License-Identifier: BSD-2-Clause
#include "program.h"

#include <string.h>

#include "gobin/release.h"

#include "layouts.h"
#include "patches.h"
#include "require.h"

#define STUB 0x10

static const struct slot grow_slots[] = {
	{"runtime.memmove", STUB},
	{"runtime.morestack_noctxt", STUB},
	{"runtime.mallocgc", STUB},
	{"runtime.growslice", 0x7d0},
	{"runtime.makeslice", 0x110},
	{"runtime.makeslicecopy", 0x1a0},
	{"main.f", 0x400},
};

static const struct slot other_slots[] = {
	{"runtime.memmove", STUB},
	{"runtime.morestack_noctxt", STUB},
	{"runtime.morestack", STUB},
	{"runtime.mallocgc", STUB},
	{"internal/bytealg.MakeNoZero", 0x190},
	{"runtime.moveSliceNoCap", 0x1e0},
	{"runtime.moveSliceNoCapNoScan", 0x190},
	{"reflect.unsafe_NewArray", 0x100},
	{"runtime.stringtoslicebyte", 0xc0},
	{"runtime.slicebytetostring", 0x130},
	{"runtime.convTslice", 0xd0},
	{"main.(*T).m", 0x200},
	{"main.g[go.shape.int]", 0x200},
	{"main.S[go.shape.*uint8].m", 0x100},
	{"main.L[go.shape.struct { F int \"q\\\"]\" }].func1", 0x20},
};

static const struct slot calls_slots[] = {
	{"runtime.growslice", STUB},	 {"runtime.growsliceBuf", STUB},
	{"runtime.makeslice", STUB},	 {"runtime.makeslice64", STUB},
	{"runtime.makeslicecopy", STUB}, {"runtime.growslice-tramp0", STUB},
	{"runtime.rawbyteslice", 0x80},	 {"main.f", 0x400},
	{"main.(*T).m", 0x300},		 {"main.g[go.shape.int]", 0x300},
	{"go:textfipsstart", STUB},	 {"crypto.h", 0x80},
	{"go:textfipsend", STUB},
};

#define SLOTS(list)                                                                                \
	{                                                                                          \
		list, sizeof(list) / sizeof((list)[0])                                             \
	}

const struct program programs[PROGRAMS] = {
	[PROGRAM_GROW] = SLOTS(grow_slots),
	[PROGRAM_OTHER] = SLOTS(other_slots),
	[PROGRAM_CALLS] = SLOTS(calls_slots),
};

#define SLOTS_MAX 16

/* The table of functions, from its header on. */
#define AT_NAMES   0x60
#define AT_FUNCTAB 0x300
#define TAB_SIZE   0x700
#define RECORD	   48

_Static_assert(IMG_PCLNTAB + TAB_SIZE <= IMG_DATA, "the table lies before the data");

/* Behind the start of Go's text. */
static uint32_t slot_entry(const struct program *program, size_t i)
{
	uint32_t entry = 0;

	while (i-- > 0)
		entry += program->slots[i].room;
	return entry;
}

uint64_t program_addr(const struct program *program, size_t i)
{
	return IMG_GO_TEXT + slot_entry(program, i);
}

uint64_t program_find(const struct program *program, const char *name)
{
	for (size_t i = 0; i < program->nslots; i++)
		if (strcmp(program->slots[i].name, name) == 0)
			return program_addr(program, i);
	return 0;
}

static void put_header(struct go_image *img, size_t n)
{
	const size_t at = IMG_PCLNTAB;

	memset(img->b + at + 8, 0, TAB_SIZE - 8);
	img_put(img, at + 8, n, 8);
	img_put(img, at + 32, AT_NAMES, 8);
	for (size_t field = 40; field <= 64; field += 8)
		img_put(img, at + field, AT_FUNCTAB, 8);
}

static void put_funcs(struct go_image *img, const struct program *program)
{
	const size_t n = program->nslots, tab = IMG_PCLNTAB + AT_FUNCTAB;
	size_t name = AT_NAMES;

	for (size_t i = 0; i <= n; i++) {
		const size_t record = (n + 1) * 8 + i * RECORD;
		const uint32_t entry = slot_entry(program, i);
		const char *text = i < n ? program->slots[i].name : "";

		img_put(img, tab + i * 8, entry, 4);
		if (i == n)
			break;
		img_put(img, tab + i * 8 + 4, record, 4);
		img_put(img, tab + record, entry, 4);
		img_put(img, tab + record + 4, name - AT_NAMES, 4);
		memcpy(img->b + IMG_PCLNTAB + name, text, strlen(text) + 1);
		name += strlen(text) + 1;
	}
	require(name <= AT_FUNCTAB && AT_FUNCTAB + (n + 1) * 8 + n * RECORD <= TAB_SIZE);
}

static void put_moduledata(struct go_image *img, const struct program *program,
			   const struct release *release)
{
	const size_t at = IMG_MODULE;
	const uint64_t functab = IMG_PCLN_ADDR + AT_FUNCTAB;
	const uint64_t end = program_addr(program, program->nslots);

	img_put(img, at + 0x08, IMG_PCLN_ADDR + AT_NAMES, 8);
	img_put(img, at + 0x68, functab, 8);
	img_put(img, at + 0x70, TAB_SIZE - AT_FUNCTAB, 8);
	img_put(img, at + 0x80, functab, 8);
	img_put(img, at + 0x88, program->nslots + 1, 8);
	img_put(img, at + 0xa8, end, 8);
	img_put(img, at + 0xb8, end, 8);
	img_put(img, at + release->types, IMG_RODATA_ADDR, 8);
	img_put(img, at + release->etypes, IMG_RODATA_ADDR + PROGRAM_RODATA_BYTES, 8);
	img_put(img, at + release->gofunc, IMG_RODATA_ADDR, 8);
}

static void put_type(struct go_image *img, uint64_t addr)
{
	const size_t at = IMG_RODATA + (addr - IMG_RODATA_ADDR);

	img_put(img, at, 8, 8);		/* size */
	img_put(img, at + 21, 8, 1);	/* align */
	img_put(img, at + 22, 8, 1);	/* field align */
	img_put(img, at + 23, 6, 1);	/* kind: int64 */
	img_put(img, at + 40, 0x20, 4); /* name */
}

/* What is never passed lies behind the code, and a return in what is only called. */
static void fill_text(struct go_image *img, const struct program *program, uint16_t machine)
{
	const uint32_t ret = machine == EM_X86_64 ? 0xccccccc3 : 0xd65f03c0;
	const uint8_t padding = machine == EM_X86_64 ? 0xcc : 0;

	memset(img->b + IMG_TEXT, padding, IMG_RODATA - IMG_TEXT);
	for (size_t i = 0; i < program->nslots; i++)
		img_put(img, IMG_TEXT + (program_addr(program, i) - IMG_TEXT_ADDR), ret, 4);
}

/* To growslice; only the linker for arm64 makes such. */
static void put_trampoline(struct go_image *img, const struct program *program)
{
	static const uint32_t code[] = {0x90000010, 0x91000210, 0xd61f0200}; /* adrp, add, br */
	const uint64_t at = program_find(program, "runtime.growslice-tramp0");
	const uint64_t to = program_find(program, "runtime.growslice");
	const size_t offset = IMG_TEXT + (at - IMG_TEXT_ADDR);

	if (!at)
		return;
	img_put(img, offset, code[0], 4); /* the goal is on the same page */
	img_put(img, offset + 4, code[1] | (uint32_t)(to & 0xfff) << 10, 4);
	img_put(img, offset + 8, code[2], 4);
}

static void apply(const struct program *program, struct input *in, struct go_image *img)
{
	struct place places[SLOTS_MAX + 3];
	size_t n = 0;

	require(program->nslots <= SLOTS_MAX);
	for (; n < program->nslots; n++)
		places[n] = (struct place){
			IMG_TEXT + (program_addr(program, n) - IMG_TEXT_ADDR),
			program->slots[n].room,
		};
	require(program_addr(program, n) <= IMG_TEXT_ADDR + IMG_RODATA - IMG_TEXT);
	places[n++] = (struct place){IMG_PCLNTAB, TAB_SIZE};
	places[n++] = (struct place){PROGRAM_RODATA, PROGRAM_RODATA_BYTES};
	places[n++] = (struct place){IMG_MODULE, 0x250};
	patches_apply(img->b, places, n, in);
}

void program_make(const struct program *program, const struct img_layout *row, struct input *in,
		  struct go_image *img)
{
	struct img_layout layout = *row;

	layout.names = AT_NAMES;
	img_make(img, &layout);
	put_header(img, program->nslots);
	put_funcs(img, program);
	put_moduledata(img, program, release_of(layout_minor(row)));
	put_type(img, PROGRAM_TYPE);
	put_type(img, PROGRAM_TYPE2);
	fill_text(img, program, row->machine);
	if (row->machine == EM_AARCH64)
		put_trampoline(img, program);
	apply(program, in, img);
}
