/* SPDX-License-Identifier: BSD-2-Clause */
/* How the function table is laid out: for the files that read it, see pclntab.h. */
#ifndef SS_GOBIN_PCLNTAB_LAYOUT_H
#define SS_GOBIN_PCLNTAB_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/bytes.h"
#include "gobin/pclntab.h"

#define FUNCTAB_ENTRY 8 /* u32 entryoff, u32 funcoff */

/*
 * The fields of a _func record (Go's src/runtime/runtime2.go). The last four bytes before pcdata
 * are funcID, flag, padding, nfuncdata; Go 1.20 put startLine before these.
 */
#define FUNC_NAME      4 /* nameOff */
#define FUNC_HEAD      8 /* up to the name */
#define FUNC_PCFILE    20
#define FUNC_PCLN      24
#define FUNC_NPCDATA   28
#define FUNC_UNIT      32 /* cuOffset */
#define FUNC_BYTES_118 40
#define FUNC_BYTES_120 44
/* The numbers of tables, in all versions (Go's src/internal/abi/symtab.go). */
#define PCDATA_INL_TREE_INDEX 2
#define FUNCDATA_INL_TREE     3

/*
 * Read these bytes of the table unless they are there already. False where they are not all in it
 * or cannot be read.
 */
bool pclntab_have(const struct pclntab *tab, size_t at, size_t len);

/* Of a function's record, from functab on. */
static inline uint32_t pclntab_func_offset(const struct pclntab *tab, uint32_t i)
{
	return get_le32(tab->bytes + tab->hdr.funcs + (size_t)i * FUNCTAB_ENTRY + 4);
}

static inline size_t pclntab_func_bytes(const struct pclntab *tab)
{
	return tab->hdr.magic == PCLNTAB_MAGIC_118 ? FUNC_BYTES_118 : FUNC_BYTES_120;
}

#endif
