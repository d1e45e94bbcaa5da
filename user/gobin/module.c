/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/module.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "gobin/scan.h"

/* The magic bytes lie once in a program, and once in every Go program embedded in it. */
#define MAX_MATCHES 1024
#define TABLE_ALIGN 8
/* Header bytes 1 to 7 are the same for both magics. */
#define MAGIC_TAIL_OFFSET 1

struct search {
	const struct image *img;
	int minor;
	struct module *out;
	unsigned int matches;
	uint64_t searched; /* bytes read, over all candidates */
	int err;	   /* of the first candidate that failed, its cause in why */
	struct reason why;
};

/*
 * Remember the first candidate's cause. 0 to go on with the next one, or the errno where the fault
 * is not the candidate's.
 */
static int reject(struct search *search, int err, const struct reason *why)
{
	if (!search->err) {
		search->err = err;
		search->why = *why;
	}
	return err == -EBADMSG || err == -EFBIG ? 0 : err;
}

static int explain_scan(struct reason *why, int err)
{
	if (err == -EFBIG)
		return reason_set(why, err,
				  "more than %llu bytes to search for Go's tables; slicestat does "
				  "not read that much",
				  (unsigned long long)MAX_SCAN_BYTES);
	return reason_set(why, err, "cannot search for Go's tables: %s", strerror(-err));
}

static int open_candidate(struct search *search, uint64_t addr, struct reason *why)
{
	struct module *mod = search->out;
	struct pclntab_header hdr;
	int err = pclntab_read_header(search->img, addr, &hdr, why);

	if (err)
		return err;
	search->searched += image_scan_bytes(search->img, true);
	err = moduledata_find(search->img, &mod->relocs, &hdr, search->minor, &mod->data);
	if (err == -ENODATA)
		return reason_set(why, -EBADMSG,
				  "no module data agrees with the Go function table; the file is "
				  "corrupt, or made by a Go that slicestat does not know");
	if (err)
		return explain_scan(why, err);
	err = pclntab_load(search->img, &hdr, mod->data.pclntab_size, &mod->tab, why);
	if (err == -EBADMSG && mod->data.pclntab_size <= MAX_SCAN_BYTES)
		search->searched += mod->data.pclntab_size;
	return err;
}

/* 1 when opened, 0 to go on with the next candidate, or the errno that ends the search. */
static int try_candidate(struct search *search, uint64_t addr)
{
	struct reason why = {0};
	int err;

	/* Each that looks like a function table costs a search of all data. */
	if (search->searched >= MAX_SCAN_BYTES)
		return -EBADMSG;
	err = open_candidate(search, addr, &why);
	return err ? reject(search, err, &why) : 1;
}

/* Names that Go's linker and GNU ld leave; position-independent code up to Go 1.25: the second. */
static int try_sections(struct search *search)
{
	static const char *const names[] = {".gopclntab", ".data.rel.ro.gopclntab"};
	int ret = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !ret; i++) {
		uint64_t addr;

		if (image_section_addr(search->img, names[i], &addr) == 0)
			ret = try_candidate(search, addr);
	}
	return ret;
}

static int try_match(uint64_t addr, void *ctx)
{
	struct search *search = ctx;
	uint8_t magic;

	addr -= MAGIC_TAIL_OFFSET;
	if (++search->matches > MAX_MATCHES)
		return -EBADMSG;
	if (addr % TABLE_ALIGN != 0 || image_read(search->img, addr, &magic, 1) ||
	    (magic != (PCLNTAB_MAGIC_118 & 0xff) && magic != (PCLNTAB_MAGIC_120 & 0xff)))
		return 0;
	return try_candidate(search, addr);
}

static int try_everywhere(struct search *search)
{
	const uint8_t minlc = image_machine(search->img) == EM_X86_64 ? 1 : 4;
	const uint8_t tail[] = {0xff, 0xff, 0xff, 0, 0, minlc, 8};
	const struct pattern pattern = {tail, sizeof(tail), 1, false};

	return image_scan(search->img, &pattern, try_match, search);
}

int module_open(const struct image *img, int minor, struct module *out, struct reason *why)
{
	struct search search = {.img = img, .minor = minor, .out = out};
	int ret = relocs_load(img, &out->relocs, why);

	if (ret)
		return ret;
	ret = try_sections(&search);
	if (!ret)
		ret = try_everywhere(&search);
	if (ret > 0)
		return 0;
	if (search.err) {
		if (why)
			*why = search.why;
		return ret ? ret : search.err;
	}
	if (ret)
		return explain_scan(why, ret);
	return -ENODATA;
}

void module_close(struct module *mod)
{
	pclntab_free(&mod->tab);
	relocs_free(&mod->relocs);
}
