/* SPDX-License-Identifier: BSD-2-Clause */
/* What the table tells of single functions and instructions. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/pclntab.h"
#include "gobin/pclntab_layout.h"

/* Number i of the words behind a function's record. */
static uint32_t word_behind(const struct pclntab *tab, uint32_t func, uint64_t i)
{
	const size_t at = tab->hdr.funcs + pclntab_func_offset(tab, func) +
			  pclntab_func_bytes(tab) + i * sizeof(uint32_t);

	return pclntab_have(tab, at, sizeof(uint32_t)) ? get_le32(tab->bytes + at) : PCLNTAB_NONE;
}

struct pclntab_func pclntab_func(const struct pclntab *tab, uint32_t i)
{
	const size_t at = tab->hdr.funcs + pclntab_func_offset(tab, i);
	const uint8_t *raw = tab->bytes + at;
	const uint8_t *last = raw + pclntab_func_bytes(tab) - 4;
	struct pclntab_func func = {
		.name = pclntab_name(tab, i),
		.size = pclntab_entry(tab, i + 1) - pclntab_entry(tab, i),
		.tree = PCLNTAB_NONE,
	};
	uint32_t npcdata;

	if (!pclntab_have(tab, at, pclntab_func_bytes(tab)))
		return func;
	func.id = last[0];
	func.flags = last[1];
	func.unit = get_le32(raw + FUNC_UNIT);
	func.tables[PCLNTAB_FILES] = get_le32(raw + FUNC_PCFILE);
	func.tables[PCLNTAB_LINES] = get_le32(raw + FUNC_PCLN);
	npcdata = get_le32(raw + FUNC_NPCDATA);
	if (npcdata > PCDATA_INL_TREE_INDEX)
		func.tables[PCLNTAB_CALLS] = word_behind(tab, i, PCDATA_INL_TREE_INDEX);
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
	const uint64_t at = tab->hdr.units + i * sizeof(uint32_t);
	uint64_t room = tab->hdr.pcs - tab->hdr.files;
	const char *file;
	uint32_t offset;

	if (number < 0 || i >= files || !pclntab_have(tab, at, sizeof(uint32_t)))
		return NULL;
	offset = get_le32(tab->bytes + at);
	if (offset >= room)
		return NULL;
	file = (const char *)tab->bytes + tab->hdr.files + offset;
	room -= offset;
	/* A longer path opens nowhere; made up ones must not cost more. */
	if (room > PATH_MAX)
		room = PATH_MAX;
	if (!pclntab_have(tab, tab->hdr.files + offset, room) || !*file ||
	    !memchr(file, '\0', room))
		return NULL;
	return file;
}
