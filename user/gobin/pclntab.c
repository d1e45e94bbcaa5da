/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/pclntab.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"

/* The header's fields (struct pcHeader in Go's src/runtime/symtab.go). */
#define HDR_BYTES      72
#define HDR_PAD	       4
#define HDR_MINLC      6
#define HDR_PTRSIZE    7
#define HDR_NFUNC      8
#define HDR_NAMES      32
#define HDR_UNITS      40
#define HDR_FILES      48
#define HDR_PCS	       56
#define HDR_FUNCS      64
#define FUNCTAB_ENTRY  8 /* u32 entryoff, u32 funcoff */
#define FUNC_NAME      4 /* nameOff in a _func record */
#define FUNC_BYTES_118 40
#define FUNC_BYTES_120 44

/* Kubernetes has some 200,000 functions, tables of 100 MB are rare. */
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

static int check_func(const struct pclntab *tab, uint32_t i, struct reason *why)
{
	const size_t room = tab->size - tab->hdr.funcs;
	const size_t need = tab->hdr.magic == PCLNTAB_MAGIC_118 ? FUNC_BYTES_118 : FUNC_BYTES_120;
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

static int check_tables(const struct pclntab *tab, struct reason *why)
{
	if (tab->bytes[tab->hdr.units - 1] != '\0')
		return corrupt(why, "its last name does not end");
	for (uint32_t i = 0; i < tab->hdr.nfuncs; i++) {
		int err = check_func(tab, i, why);

		if (err)
			return err;
	}
	return 0;
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
