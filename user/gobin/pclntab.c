/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/pclntab.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/pclntab_layout.h"

/* The header's fields (struct pcHeader in Go's src/runtime/symtab.go). */
#define HDR_BYTES   72
#define HDR_PAD	    4
#define HDR_MINLC   6
#define HDR_PTRSIZE 7
#define HDR_NFUNC   8
#define HDR_NAMES   32
#define HDR_UNITS   40
#define HDR_FILES   48
#define HDR_PCS	    56
#define HDR_FUNCS   64

/* Bytes of all functions' names, in sizes of their table: below 1 in every program seen. */
#define MAX_NAMES_SHARED 16

/* Kubernetes has some 200,000 functions, tables of 100 MB are rare. */
#define MAX_FUNCS     (8u << 20)
#define MAX_TAB_BYTES ((uint64_t)1 << 30)

/* Bytes that are read at a time where the table is looked into. */
#define PART_BYTES ((size_t)8 << 10)
/* The same where all of it is passed through: stays in the cache. */
#define WINDOW_BYTES ((size_t)256 << 10)

static int corrupt(struct reason *why, const char *what)
{
	return reason_set(why, -EBADMSG, "corrupt Go function table: %s", what);
}

static int no_memory(struct reason *why)
{
	return reason_set(why, -ENOMEM, "out of memory reading a Go function table");
}

static uint64_t functab_bytes(const struct pclntab_header *hdr)
{
	return ((uint64_t)hdr->nfuncs + 1) * FUNCTAB_ENTRY;
}

static bool has_magic(const uint8_t *raw, uint16_t machine)
{
	const uint32_t magic = get_le32(raw);
	const uint8_t minlc = machine == EM_X86_64 ? 1 : 4;

	return (magic == PCLNTAB_MAGIC_118 || magic == PCLNTAB_MAGIC_120) && raw[HDR_PAD] == 0 &&
	       raw[HDR_PAD + 1] == 0 && raw[HDR_MINLC] == minlc && raw[HDR_PTRSIZE] == 8;
}

static int check_header(const struct pclntab_header *hdr, uint64_t nfuncs, struct reason *why)
{
	if (nfuncs == 0)
		return corrupt(why, "it has no functions");
	if (nfuncs > MAX_FUNCS)
		return reason_set(why, -EFBIG, "%llu functions; slicestat reads at most %u",
				  (unsigned long long)nfuncs, MAX_FUNCS);
	if (hdr->names < HDR_BYTES || hdr->names >= hdr->units || hdr->units > hdr->files ||
	    hdr->files > hdr->pcs || hdr->pcs > hdr->funcs)
		return corrupt(why, "its tables are not in ascending order");
	if (hdr->funcs > MAX_TAB_BYTES)
		return reason_set(why, -EFBIG, "Go function table larger than %llu bytes",
				  (unsigned long long)MAX_TAB_BYTES);
	return 0;
}

int pclntab_read_header(const struct image *img, uint64_t addr, struct pclntab_header *out,
			struct reason *why)
{
	uint8_t raw[HDR_BYTES];
	uint64_t nfuncs;
	int err = image_read(img, addr, raw, sizeof(raw));

	if (err == -EFAULT)
		return corrupt(why, "its header is not in the file");
	if (err)
		return reason_set(why, err, "cannot read the file: %s", strerror(-err));
	if (!has_magic(raw, image_machine(img)))
		return corrupt(why, "unknown magic number");
	nfuncs = get_le64(raw + HDR_NFUNC);
	*out = (struct pclntab_header){
		.addr = addr,
		.magic = get_le32(raw),
		.nfuncs = (uint32_t)nfuncs,
		.minlc = raw[HDR_MINLC],
		.names = get_le64(raw + HDR_NAMES),
		.units = get_le64(raw + HDR_UNITS),
		.files = get_le64(raw + HDR_FILES),
		.pcs = get_le64(raw + HDR_PCS),
		.funcs = get_le64(raw + HDR_FUNCS),
	};
	err = check_header(out, nfuncs, why);
	if (!err && !image_covering(img, addr, out->funcs + functab_bytes(out)))
		return corrupt(why, "it is not whole in the file");
	return err;
}

int pclntab_read_entry(const struct image *img, const struct pclntab_header *hdr, uint32_t i,
		       uint32_t *offset)
{
	uint8_t raw[4];
	int err = image_read(img, hdr->addr + hdr->funcs + (uint64_t)i * FUNCTAB_ENTRY, raw,
			     sizeof(raw));

	if (!err)
		*offset = get_le32(raw);
	return err;
}

static int read_part(const struct pclntab *tab, size_t at, size_t len)
{
	return image_read(tab->img, tab->hdr.addr + at, tab->bytes + at, len);
}

bool pclntab_have(const struct pclntab *tab, size_t at, size_t len)
{
	if (at > tab->size || len > tab->size - at)
		return false;
	for (size_t i = at / PART_BYTES; i * PART_BYTES < at + len; i++) {
		const size_t start = i * PART_BYTES, left = tab->size - start;
		uint64_t *word = &tab->read[i / 64];
		const uint64_t bit = 1ull << i % 64;

		if (*word & bit)
			continue;
		if (read_part(tab, start, left < PART_BYTES ? left : PART_BYTES))
			return false;
		*word |= bit;
	}
	return true;
}

/*
 * The records in the order of their functions, which the linker writes them in: read through a
 * window that moves on, so that most of them need not be kept.
 */
struct records {
	const struct pclntab *tab;
	uint8_t *bytes;
	size_t start, len; /* of the window, in the table */
};

/* The first bytes of the record at this offset in the table; NULL where they cannot be read. */
static const uint8_t *record_head(struct records *r, size_t at)
{
	const struct pclntab *tab = r->tab;

	if (at >= r->start + r->len) {
		r->start = at;
		r->len = tab->size - at < WINDOW_BYTES ? tab->size - at : WINDOW_BYTES;
		if (image_read(tab->img, tab->hdr.addr + at, r->bytes, r->len))
			return NULL;
	}
	if (at >= r->start && r->len - (at - r->start) >= FUNC_HEAD)
		return r->bytes + (at - r->start);
	return pclntab_have(tab, at, FUNC_HEAD) ? tab->bytes + at : NULL;
}

static int check_func(struct records *r, uint32_t i, struct reason *why)
{
	const struct pclntab *tab = r->tab;
	const size_t room = tab->size - tab->hdr.funcs;
	const size_t off = pclntab_func_offset(tab, i);
	const uint8_t *func;

	if (pclntab_entry(tab, i) > pclntab_entry(tab, i + 1))
		return corrupt(why, "its functions are not in ascending order");
	if (off > room || room - off < pclntab_func_bytes(tab))
		return corrupt(why, "a function's record lies outside of it");
	func = record_head(r, tab->hdr.funcs + off);
	if (!func)
		return reason_set(why, -EIO, "cannot read the Go function table");
	if (get_le32(func) != pclntab_entry(tab, i))
		return corrupt(why, "a function's record names another entry");
	tab->names[i] = get_le32(func + FUNC_NAME);
	if (tab->names[i] >= tab->hdr.units - tab->hdr.names)
		return corrupt(why, "a function's name lies outside of it");
	return 0;
}

static int check_funcs(const struct pclntab *tab, struct reason *why)
{
	const size_t window = tab->size < WINDOW_BYTES ? tab->size : WINDOW_BYTES;
	struct records r = {.tab = tab, .bytes = malloc(window)};
	int err = 0;

	if (!r.bytes)
		return no_memory(why);
	for (uint32_t i = 0; i < tab->hdr.nfuncs && !err; i++)
		err = check_func(&r, i, why);
	free(r.bytes);
	return err;
}

/*
 * Names may be shared, but not by all: what looks at every name would take a time that is the
 * square of the file's size.
 */
static int check_names(const struct pclntab *tab, struct reason *why)
{
	uint64_t left = MAX_NAMES_SHARED * (tab->hdr.units - tab->hdr.names);

	for (uint32_t i = 0; i < tab->hdr.nfuncs; i++) {
		const size_t len = strlen(pclntab_name(tab, i)) + 1;

		if (len > left)
			return corrupt(why, "its names overlap");
		left -= len;
	}
	return 0;
}

static int check_tables(const struct pclntab *tab, struct reason *why)
{
	int err;

	if (tab->bytes[tab->hdr.units - 1] != '\0')
		return corrupt(why, "its last name does not end");
	err = check_funcs(tab, why);
	return err ? err : check_names(tab, why);
}

/* What is asked for of every function: the names and the table of entries. */
static int read_tables(const struct pclntab *tab, struct reason *why)
{
	int err = read_part(tab, 0, tab->hdr.units);

	if (!err)
		err = read_part(tab, tab->hdr.funcs, functab_bytes(&tab->hdr));
	return err ? reason_set(why, err, "cannot read the Go function table: %s", strerror(-err))
		   : 0;
}

static int allocate(struct pclntab *tab, struct reason *why)
{
	tab->bytes = malloc(tab->size);
	tab->read = calloc(tab->size / PART_BYTES / 64 + 1, sizeof(*tab->read));
	tab->names = calloc(tab->hdr.nfuncs, sizeof(*tab->names));
	tab->values = pcvalues_new();
	return tab->bytes && tab->read && tab->names && tab->values ? 0 : no_memory(why);
}

int pclntab_load(const struct image *img, const struct pclntab_header *hdr, uint64_t size,
		 struct pclntab *out, struct reason *why)
{
	struct pclntab tab = {.hdr = *hdr, .img = img, .size = size};
	int err;

	if (size > MAX_TAB_BYTES)
		return reason_set(why, -EFBIG, "Go function table larger than %llu bytes",
				  (unsigned long long)MAX_TAB_BYTES);
	if (size < hdr->funcs + functab_bytes(hdr) || !image_covering(img, hdr->addr, size))
		return corrupt(why, "it is not whole in the file");
	err = allocate(&tab, why);
	if (!err)
		err = read_tables(&tab, why);
	if (!err)
		err = check_tables(&tab, why);
	if (err) {
		pclntab_free(&tab);
		return err;
	}
	*out = tab;
	return 0;
}

void pclntab_free(struct pclntab *tab)
{
	free(tab->bytes);
	free(tab->read);
	free(tab->names);
	pcvalues_free(tab->values);
	*tab = (struct pclntab){0};
}

uint32_t pclntab_entry(const struct pclntab *tab, uint32_t i)
{
	return get_le32(tab->bytes + tab->hdr.funcs + (size_t)i * FUNCTAB_ENTRY);
}

const char *pclntab_name(const struct pclntab *tab, uint32_t i)
{
	return (const char *)tab->bytes + tab->hdr.names + tab->names[i];
}
