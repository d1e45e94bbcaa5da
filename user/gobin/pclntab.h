/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Go function table ("pclntab") of Go 1.18 and newer, as written by Go's
 * src/cmd/link/internal/ld/pcln.go and read by src/runtime/symtab.go: a header, then the tables of
 * function names, compilation units, files and pc-values, then functab with the _func records.
 */
#ifndef SS_GOBIN_PCLNTAB_H
#define SS_GOBIN_PCLNTAB_H

#include <stddef.h>
#include <stdint.h>

#include "gobin/image.h"
#include "log/reason.h"

#define PCLNTAB_MAGIC_118 0xfffffff0u /* Go 1.18 and 1.19 */
#define PCLNTAB_MAGIC_120 0xfffffff1u /* Go 1.20 and newer */

/* Offsets are from the header at addr. */
struct pclntab_header {
	uint64_t addr;
	uint32_t magic;
	uint32_t nfuncs;
	uint64_t names; /* funcnametab */
	uint64_t units; /* cutab */
	uint64_t files; /* filetab */
	uint64_t pcs;	/* pctab */
	uint64_t funcs; /* functab, then the _func records */
};

struct pclntab {
	struct pclntab_header hdr;
	uint8_t *bytes; /* from the header on */
	size_t size;
};

/*
 * Read and check the header at addr: 0, -EBADMSG where it is none or contradicts itself, -EFBIG, or
 * the errno of reading.
 */
int pclntab_read_header(const struct image *img, uint64_t addr, struct pclntab_header *out,
			struct reason *why);

/* Entry offset number i (0 to nfuncs; the last is the end of the code): 0 or the errno. */
int pclntab_read_entry(const struct image *img, const struct pclntab_header *hdr, uint32_t i,
		       uint32_t *offset);

/*
 * Read the tables, size bytes from the header on, and check every function's entry, record and
 * name. To be freed with pclntab_free. -EBADMSG, -EFBIG, -ENOMEM, or the errno of reading.
 */
int pclntab_load(const struct image *img, const struct pclntab_header *hdr, uint64_t size,
		 struct pclntab *out, struct reason *why);
void pclntab_free(struct pclntab *tab);

/* Of a loaded table. The entry is an offset from moduledata.text; i is at most nfuncs. */
uint32_t pclntab_entry(const struct pclntab *tab, uint32_t i);
/* Ends with NUL; i is less than nfuncs. */
const char *pclntab_name(const struct pclntab *tab, uint32_t i);

#endif
