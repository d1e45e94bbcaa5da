/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime's own record of an executable (struct moduledata in Go's src/runtime/symtab.go). It
 * says where Go's text begins, which function entries are relative to: external linkers put C code
 * before it, and since Go 1.26 the function table no longer says it.
 */
#ifndef SS_GOBIN_MODULEDATA_H
#define SS_GOBIN_MODULEDATA_H

#include <stdint.h>

#include "gobin/image.h"
#include "gobin/pclntab.h"
#include "gobin/relocs.h"

struct moduledata {
	uint64_t addr;
	uint64_t text;	       /* function entries are offsets from here */
	uint64_t etext;	       /* end of Go's text */
	uint64_t pclntab_size; /* from the header on */
	/* The rest is where the Go version says; 0 where that makes no sense. */
	uint64_t gofunc; /* base of the funcdata that functions refer to */
	uint64_t types;	 /* the type descriptors and their names lie in [types, etypes) */
	uint64_t etypes;
};

/*
 * Find the moduledata that names the function table and agrees with it; minor is that of the Go
 * version, 0 unknown. 0, -ENODATA where there is none, or the errno of reading.
 */
int moduledata_find(const struct image *img, const struct relocs *relocs,
		    const struct pclntab_header *hdr, int minor, struct moduledata *out);

#endif
