/* SPDX-License-Identifier: BSD-2-Clause */
/* What the table tells of single functions and instructions. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/pclntab.h"
#include "gobin/pclntab_layout.h"

#define VARINT_BITS 32

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
	func.files = get_le32(raw + FUNC_PCFILE);
	func.lines = get_le32(raw + FUNC_PCLN);
	npcdata = get_le32(raw + FUNC_NPCDATA);
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

/* The number that begins at *at, which is moved behind it; it ends before end. */
static bool read_uvarint(const struct pclntab *tab, size_t *at, size_t end, uint32_t *out)
{
	uint32_t v = 0;

	for (unsigned int shift = 0; shift < VARINT_BITS && *at < end; shift += 7) {
		uint8_t byte;

		if (!pclntab_have(tab, *at, 1))
			return false;
		byte = tab->bytes[(*at)++];
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
	size_t at = tab->hdr.pcs + table;
	uint64_t valid_to = 0;
	uint32_t v = UINT32_MAX;

	if (table == 0 || table >= tab->hdr.funcs - tab->hdr.pcs)
		return -ENOENT;
	while (valid_to <= pc) {
		uint32_t change, length;

		if (!read_uvarint(tab, &at, tab->hdr.funcs, &change) ||
		    !read_uvarint(tab, &at, tab->hdr.funcs, &length))
			return -ENOENT;
		if ((change == 0 && valid_to > 0) || length == 0)
			return -ENOENT;
		v += -(change & 1) ^ (change >> 1);
		valid_to += (uint64_t)length * tab->hdr.minlc;
	}
	*value = (int32_t)v;
	return 0;
}
