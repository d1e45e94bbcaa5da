/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/pclntab.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"

/* The header's fields (struct pcHeader in Go's src/runtime/symtab.go). */
#define HDR_BYTES     72
#define HDR_PAD	      4
#define HDR_MINLC     6
#define HDR_PTRSIZE   7
#define HDR_NFUNC     8
#define HDR_NAMES     32
#define HDR_UNITS     40
#define HDR_FILES     48
#define HDR_PCS	      56
#define HDR_FUNCS     64
#define FUNCTAB_ENTRY 8 /* u32 entryoff, u32 funcoff */

/*
 * The fields of a _func record (Go's src/runtime/runtime2.go). The last four bytes before pcdata
 * are funcID, flag, padding, nfuncdata; Go 1.20 put startLine before these.
 */
#define FUNC_NAME      4 /* nameOff */
#define FUNC_PCFILE    20
#define FUNC_PCLN      24
#define FUNC_NPCDATA   28
#define FUNC_UNIT      32 /* cuOffset */
#define FUNC_BYTES_118 40
#define FUNC_BYTES_120 44
/* The numbers of tables, in all versions (Go's src/internal/abi/symtab.go). */
#define PCDATA_INL_TREE_INDEX 2
#define FUNCDATA_INL_TREE     3

#define VARINT_BITS 32

/* Kubernetes has some 200,000 functions, tables of 100 MB are rare. */
/* Bytes of all functions' names, in sizes of their table: below 1 in every program seen. */
#define MAX_NAMES_SHARED 16

#define MAX_FUNCS     (8u << 20)
#define MAX_TAB_BYTES ((uint64_t)1 << 30)

static int corrupt(struct reason *why, const char *what)
{
	return reason_set(why, -EBADMSG, "corrupt Go function table: %s", what);
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
	if (!err && !image_covering(img, addr, out->funcs + (nfuncs + 1) * FUNCTAB_ENTRY))
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

static const uint8_t *functab(const struct pclntab *tab)
{
	return tab->bytes + tab->hdr.funcs;
}

static uint32_t func_offset(const struct pclntab *tab, uint32_t i)
{
	return get_le32(functab(tab) + (size_t)i * FUNCTAB_ENTRY + 4);
}

static size_t func_bytes(const struct pclntab *tab)
{
	return tab->hdr.magic == PCLNTAB_MAGIC_118 ? FUNC_BYTES_118 : FUNC_BYTES_120;
}

static int check_func(const struct pclntab *tab, uint32_t i, struct reason *why)
{
	const size_t room = tab->size - tab->hdr.funcs;
	const size_t need = func_bytes(tab);
	const size_t off = func_offset(tab, i);
	const uint8_t *func = functab(tab) + off;

	if (pclntab_entry(tab, i) > pclntab_entry(tab, i + 1))
		return corrupt(why, "its functions are not in ascending order");
	if (off > room || room - off < need)
		return corrupt(why, "a function's record lies outside of it");
	if (get_le32(func) != pclntab_entry(tab, i))
		return corrupt(why, "a function's record names another entry");
	if (get_le32(func + FUNC_NAME) >= tab->hdr.units - tab->hdr.names)
		return corrupt(why, "a function's name lies outside of it");
	return 0;
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
	if (tab->bytes[tab->hdr.units - 1] != '\0')
		return corrupt(why, "its last name does not end");
	for (uint32_t i = 0; i < tab->hdr.nfuncs; i++) {
		int err = check_func(tab, i, why);

		if (err)
			return err;
	}
	return check_names(tab, why);
}

int pclntab_load(const struct image *img, const struct pclntab_header *hdr, uint64_t size,
		 struct pclntab *out, struct reason *why)
{
	struct pclntab tab = {.hdr = *hdr, .size = size};
	int err;

	if (size > MAX_TAB_BYTES)
		return reason_set(why, -EFBIG, "Go function table larger than %llu bytes",
				  (unsigned long long)MAX_TAB_BYTES);
	if (size < hdr->funcs + ((uint64_t)hdr->nfuncs + 1) * FUNCTAB_ENTRY ||
	    !image_covering(img, hdr->addr, size))
		return corrupt(why, "it is not whole in the file");
	tab.bytes = malloc(size);
	if (!tab.bytes)
		return reason_set(why, -ENOMEM, "out of memory reading a Go function table");
	err = image_read(img, hdr->addr, tab.bytes, size);
	if (err)
		reason_set(why, err, "cannot read the Go function table: %s", strerror(-err));
	else
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
	*tab = (struct pclntab){0};
}

uint32_t pclntab_entry(const struct pclntab *tab, uint32_t i)
{
	return get_le32(functab(tab) + (size_t)i * FUNCTAB_ENTRY);
}

const char *pclntab_name(const struct pclntab *tab, uint32_t i)
{
	const uint8_t *func = functab(tab) + func_offset(tab, i);

	return (const char *)tab->bytes + tab->hdr.names + get_le32(func + FUNC_NAME);
}

/* Number i of the words behind a function's record. */
static uint32_t word_behind(const struct pclntab *tab, uint32_t func, uint64_t i)
{
	const size_t words = tab->hdr.funcs + func_offset(tab, func) + func_bytes(tab);

	if (i >= (tab->size - words) / sizeof(uint32_t))
		return PCLNTAB_NONE;
	return get_le32(tab->bytes + words + i * sizeof(uint32_t));
}

struct pclntab_func pclntab_func(const struct pclntab *tab, uint32_t i)
{
	const uint8_t *raw = functab(tab) + func_offset(tab, i);
	const uint8_t *last = raw + func_bytes(tab) - 4;
	const uint32_t npcdata = get_le32(raw + FUNC_NPCDATA);
	struct pclntab_func func = {
		.name = pclntab_name(tab, i),
		.size = pclntab_entry(tab, i + 1) - pclntab_entry(tab, i),
		.id = last[0],
		.flags = last[1],
		.unit = get_le32(raw + FUNC_UNIT),
		.files = get_le32(raw + FUNC_PCFILE),
		.lines = get_le32(raw + FUNC_PCLN),
		.tree = PCLNTAB_NONE,
	};

	if (npcdata > PCDATA_INL_TREE_INDEX)
		func.calls = word_behind(tab, i, PCDATA_INL_TREE_INDEX);
	if (last[3] > FUNCDATA_INL_TREE)
		func.tree = word_behind(tab, i, (uint64_t)npcdata + FUNCDATA_INL_TREE);
	return func;
}

const char *pclntab_name_at(const struct pclntab *tab, uint32_t offset)
{
	if (offset >= tab->hdr.units - tab->hdr.names)
		return NULL;
	return (const char *)tab->bytes + tab->hdr.names + offset;
}

const char *pclntab_file(const struct pclntab *tab, uint32_t unit, int32_t number)
{
	const uint64_t files = (tab->hdr.files - tab->hdr.units) / sizeof(uint32_t);
	const uint64_t i = (uint64_t)unit + (uint32_t)number;
	uint64_t room = tab->hdr.pcs - tab->hdr.files;
	const char *file;
	uint32_t offset;

	if (number < 0 || i >= files)
		return NULL;
	offset = get_le32(tab->bytes + tab->hdr.units + i * sizeof(uint32_t));
	if (offset >= room)
		return NULL;
	file = (const char *)tab->bytes + tab->hdr.files + offset;
	room -= offset;
	/* A longer path opens nowhere; made up ones must not cost more. */
	if (!*file || !memchr(file, '\0', room < PATH_MAX ? room : PATH_MAX))
		return NULL;
	return file;
}

static bool read_uvarint(const uint8_t **p, const uint8_t *end, uint32_t *out)
{
	uint32_t v = 0;

	for (unsigned int shift = 0; shift < VARINT_BITS && *p < end; shift += 7) {
		const uint8_t byte = *(*p)++;

		v |= (uint32_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*out = v;
			return true;
		}
	}
	return false;
}

/*
 * Pairs of the value's change (zigzag) and the number of instructions that it is valid for, ended
 * by no change; as pcvalue and step in Go's src/runtime/symtab.go. Each pair moves on by an
 * instruction at least, which bounds the walk.
 */
int pclntab_value(const struct pclntab *tab, uint32_t table, uint32_t pc, int32_t *value)
{
	const uint8_t *end = tab->bytes + tab->hdr.funcs;
	uint64_t valid_to = 0;
	uint32_t v = UINT32_MAX;
	const uint8_t *p;

	if (table == 0 || table >= tab->hdr.funcs - tab->hdr.pcs)
		return -ENOENT;
	p = tab->bytes + tab->hdr.pcs + table;
	while (valid_to <= pc) {
		uint32_t change, length;

		if (!read_uvarint(&p, end, &change) || !read_uvarint(&p, end, &length))
			return -ENOENT;
		if ((change == 0 && valid_to > 0) || length == 0)
			return -ENOENT;
		v += -(change & 1) ^ (change >> 1);
		valid_to += (uint64_t)length * tab->hdr.minlc;
	}
	*value = (int32_t)v;
	return 0;
}
