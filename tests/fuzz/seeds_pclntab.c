// SPDX-License-Identifier: BSD-2-Clause
/*
 * Some functions of the table with all that belongs to them, put together anew in the size that
 * fuzz_pclntab's image has room for.
 */
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/pclntab_layout.h"
#include "gobin/release.h"

#include "require.h"
#include "seeds.h"

#define FUNCS 4

/* The new table's parts, from its header on. */
#define AT_NAMES   0x60
#define AT_UNITS   0x360
#define AT_FILES   0x3c0
#define AT_PCS	   0x600
#define AT_FUNCTAB 0xa00
#define TAB_SIZE   0xc00
#define UNITS	   ((AT_FILES - AT_UNITS) / 4)
#define PCDATA	   3ul
#define FUNCDATA   4ul
#define TREE_BYTES 0x400
#define CALL_BYTES 16
#define CALL_NAME  4

struct cut {
	const struct origin *origin;
	struct go_image img; /* the table, the trees at IMG_RODATA, the moduledata */
	size_t names, files, pcs, trees;
	size_t n;
	uint32_t entry;
};

static uint8_t *tab_at(struct cut *cut, size_t offset)
{
	return cut->img.b + IMG_PCLNTAB + offset;
}

/* The text behind those there are; its offset from start, 0 where it finds no room. */
static uint32_t put_text(struct cut *cut, size_t *at, size_t start, size_t end, const char *text)
{
	const size_t len = strlen(text) + 1;
	const size_t offset = *at;

	if (len > end - offset)
		return 0;
	memcpy(tab_at(cut, offset), text, len);
	*at += len;
	return (uint32_t)(offset - start);
}

static uint32_t put_name(struct cut *cut, const char *name)
{
	return put_text(cut, &cut->names, AT_NAMES, AT_UNITS, name);
}

/* Bytes of the table of pcs: up to the pair that changes nothing. */
static size_t pcs_len(const uint8_t *pcs, size_t room)
{
	size_t at = 0;

	for (size_t number = 0; at < room; number++) {
		const bool ends = number && number % 2 == 0 && pcs[at] == 0;

		while (at < room && pcs[at] & 0x80)
			at++;
		at++;
		if (ends)
			return at;
	}
	return room;
}

static uint32_t put_pcs(struct cut *cut, uint32_t table)
{
	const struct pclntab *tab = &cut->origin->mod.tab;
	const size_t at = tab->hdr.pcs + table, room = AT_FUNCTAB - cut->pcs;
	const uint32_t offset = (uint32_t)(cut->pcs - AT_PCS);
	uint8_t bytes[AT_FUNCTAB - AT_PCS];
	size_t len;

	if (!table || table >= tab->hdr.funcs - tab->hdr.pcs ||
	    image_read(tab->img, tab->hdr.addr + at, bytes, sizeof(bytes)))
		return 0;
	len = pcs_len(bytes, sizeof(bytes));
	if (len > room)
		return 0;
	memcpy(tab_at(cut, cut->pcs), bytes, len);
	cut->pcs += len;
	return offset;
}

/* The unit's first files; all functions cut are taken for those of one unit. */
static void put_files(struct cut *cut, uint32_t unit)
{
	for (uint32_t i = 0; i < UNITS; i++) {
		const char *file = pclntab_file(&cut->origin->mod.tab, unit, (int32_t)i);
		const uint32_t at = file ? put_text(cut, &cut->files, AT_FILES, AT_PCS, file) : 0;

		put_le64(tab_at(cut, AT_UNITS + i * 4), at ? at : UINT32_MAX);
	}
}

/* As many calls as there is room for; what is behind the tree is another function's. */
static uint32_t put_tree(struct cut *cut, uint32_t tree)
{
	const struct origin *origin = cut->origin;
	const uint32_t offset = (uint32_t)cut->trees;
	uint8_t raw[CALL_BYTES];

	for (size_t i = 0; i < TREE_BYTES / CALL_BYTES / FUNCS; i++) {
		const uint64_t at = origin->mod.data.gofunc + tree + i * CALL_BYTES;
		const char *name;
		uint32_t put;

		if (tree == PCLNTAB_NONE || image_read(origin->img, at, raw, sizeof(raw)))
			break;
		name = pclntab_name_at(&origin->mod.tab, get_le32(raw + CALL_NAME));
		put = name ? put_name(cut, name) : 0;
		memcpy(raw + CALL_NAME, &put, sizeof(put));
		memcpy(cut->img.b + IMG_RODATA + cut->trees, raw, sizeof(raw));
		cut->trees += sizeof(raw);
	}
	return offset;
}

static void put_word(struct cut *cut, size_t at, uint32_t v)
{
	img_put(&cut->img, IMG_PCLNTAB + at, v, 4);
}

static void put_func(struct cut *cut, const struct pclntab_func *f)
{
	const size_t bytes = FUNC_BYTES_120 + (PCDATA + FUNCDATA) * 4;
	const size_t record = AT_FUNCTAB + (FUNCS + 1) * 8 + cut->n * bytes;
	const size_t words = record + FUNC_BYTES_120;

	require(record + bytes <= TAB_SIZE);
	put_word(cut, AT_FUNCTAB + cut->n * 8, cut->entry);
	put_word(cut, AT_FUNCTAB + cut->n * 8 + 4, (uint32_t)(record - AT_FUNCTAB));
	put_word(cut, record, cut->entry);
	put_word(cut, record + FUNC_NAME, put_name(cut, f->name));
	put_word(cut, record + FUNC_PCFILE, put_pcs(cut, f->tables[PCLNTAB_FILES]));
	put_word(cut, record + FUNC_PCLN, put_pcs(cut, f->tables[PCLNTAB_LINES]));
	put_word(cut, record + FUNC_NPCDATA, PCDATA);
	*tab_at(cut, words - 4) = f->id;
	*tab_at(cut, words - 3) = f->flags;
	*tab_at(cut, words - 1) = FUNCDATA;
	put_word(cut, words + PCDATA_INL_TREE_INDEX * 4ul, put_pcs(cut, f->tables[PCLNTAB_CALLS]));
	put_word(cut, words + (PCDATA + FUNCDATA_INL_TREE) * 4, put_tree(cut, f->tree));
	cut->entry += f->size;
	cut->n++;
}

static void put_heads(struct cut *cut)
{
	const struct img_layout *row = &fuzz_layouts[cut->origin->layout];
	const size_t module = IMG_MODULE;

	img_make(&cut->img, row);
	memset(tab_at(cut, 8), 0, TAB_SIZE - 8);
	img_put(&cut->img, IMG_PCLNTAB + 8, FUNCS, 8);
	img_put(&cut->img, IMG_PCLNTAB + 32, AT_NAMES, 8);
	img_put(&cut->img, IMG_PCLNTAB + 40, AT_UNITS, 8);
	img_put(&cut->img, IMG_PCLNTAB + 48, AT_FILES, 8);
	img_put(&cut->img, IMG_PCLNTAB + 56, AT_PCS, 8);
	img_put(&cut->img, IMG_PCLNTAB + 64, AT_FUNCTAB, 8);
	img_put(&cut->img, module + 0x08, IMG_PCLN_ADDR + AT_NAMES, 8);
	img_put(&cut->img, module + 0x68, IMG_PCLN_ADDR + AT_FUNCTAB, 8);
	img_put(&cut->img, module + 0x70, TAB_SIZE - AT_FUNCTAB, 8);
	img_put(&cut->img, module + 0x80, IMG_PCLN_ADDR + AT_FUNCTAB, 8);
	img_put(&cut->img, module + 0x88, FUNCS + 1, 8);
	img_put(&cut->img, module + release_of(layout_minor(row))->gofunc, IMG_RODATA_ADDR, 8);
}

/* The first functions from there on that inline something and are small enough. */
static void put_funcs(struct cut *cut, uint32_t first)
{
	const struct pclntab *tab = &cut->origin->mod.tab;

	for (uint32_t i = first; cut->n < FUNCS && i < tab->hdr.nfuncs; i++) {
		const struct pclntab_func f = pclntab_func(tab, i);

		if (!f.size || f.size > (IMG_RODATA - IMG_TEXT - 0x100) / FUNCS ||
		    f.tree == PCLNTAB_NONE || !f.tables[PCLNTAB_CALLS])
			continue;
		if (!cut->n)
			put_files(cut, f.unit);
		put_func(cut, &f);
	}
	put_word(cut, AT_FUNCTAB + cut->n * 8, cut->entry);
}

static void put_seed(struct cut *cut, const char *part)
{
	struct seed seed = {.len = 0};

	seed_byte(&seed, cut->origin->layout);
	for (size_t i = 0; i < 8; i++)
		seed_u16(&seed, i * 0x51);
	img_put(&cut->img, IMG_MODULE + 0xa8, IMG_GO_TEXT + cut->entry, 8);
	img_put(&cut->img, IMG_MODULE + 0xb8, IMG_GO_TEXT + cut->entry, 8);
	seed_patch(&seed, 0, 0, tab_at(cut, 0), TAB_SIZE);
	seed_patch(&seed, 1, 0, cut->img.b + IMG_RODATA, TREE_BYTES);
	seed_patch(&seed, 2, 0, cut->img.b + IMG_MODULE, 0x250);
	seed_write(cut->origin, "pclntab", part, &seed);
}

void seeds_of_pclntab(const struct origin *origin)
{
	static const char *const parts[] = {"early", "middle", "late"};

	for (uint32_t i = 0; i < 3; i++) {
		struct cut *cut = calloc(1, sizeof(*cut));

		require(cut);
		*cut = (struct cut){.origin = origin,
				    .names = AT_NAMES + 1,
				    .files = AT_FILES + 1,
				    .pcs = AT_PCS + 1};
		put_heads(cut);
		put_funcs(cut, origin->mod.tab.hdr.nfuncs / 4 * (i + 1));
		if (cut->n == FUNCS)
			put_seed(cut, parts[i]);
		free(cut);
	}
}
