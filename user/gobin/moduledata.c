/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/moduledata.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/release.h"
#include "gobin/scan.h"

/* The fields that all of Go 1.18 to 1.27 have at the same place. */
#define MD_PCHEADER   0x00
#define MD_NAMES      0x08
#define MD_PCLNTABLE  0x68
#define MD_PCLNT_LEN  0x70
#define MD_FTAB	      0x80
#define MD_FTAB_LEN   0x88
#define MD_MINPC      0xa0
#define MD_MAXPC      0xa8
#define MD_TEXT	      0xb0
#define MD_ETEXT      0xb8
#define MD_BYTES      0xc0
#define MD_BYTES_MAX  0x250
#define POINTER_BYTES 8

/* One program holds one record a table: more matches than this are made up. */
#define MAX_MATCHES 64

struct search {
	const struct image *img;
	const struct relocs *relocs;
	const struct pclntab_header *hdr;
	const struct release *release;
	struct moduledata *out;
	unsigned int matches;
};

static bool names_table(const uint8_t *raw, const struct pclntab_header *hdr)
{
	const uint64_t functab = hdr->addr + hdr->funcs;

	return get_le64(raw + MD_PCHEADER) == hdr->addr &&
	       get_le64(raw + MD_NAMES) == hdr->addr + hdr->names &&
	       get_le64(raw + MD_PCLNTABLE) == functab && get_le64(raw + MD_FTAB) == functab &&
	       get_le64(raw + MD_FTAB_LEN) == (uint64_t)hdr->nfuncs + 1;
}

/* What the runtime checks at start (moduledataverify1), and that all of the code is in the file. */
static bool agrees(const struct search *search, const uint8_t *raw)
{
	const uint64_t text = get_le64(raw + MD_TEXT);
	const uint64_t etext = get_le64(raw + MD_ETEXT);
	const struct segment *seg;
	uint32_t first, last;

	if (pclntab_read_entry(search->img, search->hdr, 0, &first) ||
	    pclntab_read_entry(search->img, search->hdr, search->hdr->nfuncs, &last))
		return false;
	if (text >= etext || first >= last || last > etext - text)
		return false;
	if (get_le64(raw + MD_MINPC) != text + first || get_le64(raw + MD_MAXPC) != text + last)
		return false;
	seg = image_covering(search->img, text, etext - text);
	return seg && seg->executable;
}

/* Only addresses in the file are taken, so that what reads through them may trust them. */
static void read_versioned(const struct search *search, struct moduledata *out)
{
	const struct release *release = search->release;
	uint8_t raw[MD_BYTES_MAX];
	uint64_t types, etypes, gofunc;

	if (image_read(search->img, out->addr, raw, release->next))
		return;
	relocs_apply(search->relocs, out->addr, raw, release->next);
	types = get_le64(raw + release->types);
	etypes = get_le64(raw + release->etypes);
	gofunc = get_le64(raw + release->gofunc);
	if (types && types < etypes && image_covering(search->img, types, etypes - types)) {
		out->types = types;
		out->etypes = etypes;
	}
	if (image_covering(search->img, gofunc, 1))
		out->gofunc = gofunc;
}

static int try_at(uint64_t addr, struct search *search)
{
	const struct pclntab_header *hdr = search->hdr;
	uint8_t raw[MD_BYTES];
	uint64_t records;

	if (++search->matches > MAX_MATCHES)
		return -ENODATA;
	if (image_read(search->img, addr, raw, sizeof(raw)))
		return 0;
	relocs_apply(search->relocs, addr, raw, sizeof(raw));
	if (!names_table(raw, hdr) || !agrees(search, raw))
		return 0;
	if (__builtin_add_overflow(hdr->funcs, get_le64(raw + MD_PCLNT_LEN), &records))
		return 0;
	*search->out = (struct moduledata){
		.addr = addr,
		.text = get_le64(raw + MD_TEXT),
		.etext = get_le64(raw + MD_ETEXT),
		.pclntab_size = records,
	};
	read_versioned(search, search->out);
	return 1;
}

static int try_match(uint64_t addr, void *ctx)
{
	return try_at(addr, ctx);
}

/* Where the linker left zeros the pointers are the values of two relocations in a row. */
static int try_relocs(struct search *search)
{
	const struct relocs *relocs = search->relocs;
	const uint64_t table = search->hdr->addr;

	for (size_t i = 0; i + 1 < relocs->n; i++) {
		const struct reloc *r = &relocs->list[i];
		int ret;

		if (r[0].value != table || r[1].value != table + search->hdr->names ||
		    r[1].addr - r[0].addr != POINTER_BYTES)
			continue;
		ret = try_at(r->addr, search);
		if (ret)
			return ret;
	}
	return 0;
}

int moduledata_find(const struct image *img, const struct relocs *relocs,
		    const struct pclntab_header *hdr, int minor, struct moduledata *out)
{
	struct search search = {
		.img = img,
		.relocs = relocs,
		.hdr = hdr,
		.release = release_of(minor),
		.out = out,
	};
	uint8_t pointers[2 * POINTER_BYTES];
	const struct pattern pattern = {pointers, sizeof(pointers), POINTER_BYTES, true};
	int ret;

	put_le64(pointers, hdr->addr);
	put_le64(pointers + POINTER_BYTES, hdr->addr + hdr->names);
	ret = try_relocs(&search);
	if (!ret)
		ret = image_scan(img, &pattern, try_match, &search);
	if (ret < 0)
		return ret;
	return ret ? 0 : -ENODATA;
}
