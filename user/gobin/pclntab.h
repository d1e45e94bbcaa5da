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
	uint8_t minlc;	/* pc steps are multiples of it, in bytes */
	uint64_t names; /* funcnametab */
	uint64_t units; /* cutab */
	uint64_t files; /* filetab */
	uint64_t pcs;	/* pctab */
	uint64_t funcs; /* functab, then the _func records */
};

/* What tables of pcs tell; a function has one of each. */
enum pclntab_kind {
	PCLNTAB_FILES,
	PCLNTAB_LINES,
	PCLNTAB_CALLS,
	PCLNTAB_KINDS,
};

struct pcvalues;

/* What is not asked for of every function is read when it is asked for. */
struct pclntab {
	struct pclntab_header hdr;
	const struct image *img;
	uint8_t *bytes; /* room for all of it, from the header on */
	size_t size;
	uint64_t *read;		 /* the parts of it that have been read, a bit each */
	uint32_t *names;	 /* by function: where in funcnametab its name begins */
	struct pcvalues *values; /* PCLNTAB_KINDS of them */
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
 * Open the tables, size bytes from the header on, and check every function's entry, record and
 * name. img stays the caller's and must outlive it. To be freed with pclntab_free. -EBADMSG,
 * -EFBIG, -ENOMEM, or the errno of reading.
 */
int pclntab_load(const struct image *img, const struct pclntab_header *hdr, uint64_t size,
		 struct pclntab *out, struct reason *why);
void pclntab_free(struct pclntab *tab);

/* Of a loaded table. The entry is an offset from moduledata.text; i is at most nfuncs. */
uint32_t pclntab_entry(const struct pclntab *tab, uint32_t i);
/* Ends with NUL; i is less than nfuncs. */
const char *pclntab_name(const struct pclntab *tab, uint32_t i);

#define PCLNTAB_NONE UINT32_MAX

/* abi.FuncFlagAsm */
#define PCLNTAB_FLAG_ASM 4

/* What a function's record (_func) says of the positions of its instructions. */
struct pclntab_func {
	const char *name;
	uint32_t size; /* to the next function's entry: includes alignment padding */
	uint8_t id;    /* abi.FuncID */
	uint8_t flags; /* abi.FuncFlag */
	uint32_t unit; /* where the files of its compilation unit begin in cutab */
	/*
	 * For pclntab_value, 0 none: file number in the unit; line; index in the tree of inlined
	 * calls, -1 in the function itself.
	 */
	uint32_t tables[PCLNTAB_KINDS];
	uint32_t tree; /* of inlined calls, from moduledata.gofunc on; or PCLNTAB_NONE */
};

/* i is less than nfuncs. What lies outside of the table is none. */
struct pclntab_func pclntab_func(const struct pclntab *tab, uint32_t i);
/* The name at an offset in funcnametab; NULL outside of it. */
const char *pclntab_name_at(const struct pclntab *tab, uint32_t offset);
/* The path of a compilation unit's file; NULL where there is none. */
const char *pclntab_file(const struct pclntab *tab, uint32_t unit, int32_t number);
/*
 * The value that a function's table of this kind has for the instruction pc bytes behind its entry:
 * 0, or -ENOENT where it has none or is corrupt. What is read of the table is kept until another
 * one is asked for.
 */
int pclntab_value(const struct pclntab *tab, const struct pclntab_func *func,
		  enum pclntab_kind kind, uint32_t pc, int32_t *value);

/* Room for what is kept: NULL without memory. */
struct pcvalues *pcvalues_new(void);
void pcvalues_free(struct pcvalues *values);

#endif
