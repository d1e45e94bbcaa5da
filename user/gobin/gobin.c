/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/gobin.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/buildid.h"
#include "gobin/buildinfo.h"
#include "gobin/funcs.h"
#include "gobin/image.h"
#include "gobin/lines.h"
#include "gobin/module.h"
#include "gobin/typenames.h"
#include "gobin/types.h"

#define PAGE_BYTES 4096

struct gobin {
	struct image *img;
	struct buildinfo info;
	struct module mod;
	struct funcs *funcs;
};

/*
 * info says how the search for build information ended. Without it only a function table that holds
 * makes an executable Go: the bytes of one may lie in any program.
 */
static int explain_missing(const struct image *img, int info, struct reason *why)
{
	if (image_is_upx_packed(img))
		return reason_set(why, -ENODATA,
				  "packed with UPX, its code is not in the file; unpack it first "
				  "(upx -d)");
	if (info == 0)
		return reason_set(why, -ENODATA,
				  "Go build information but no function table in it; is it packed "
				  "or processed after linking?");
	return reason_set(why, -ENODATA,
			  "not a Go executable (no Go build information and no function table in "
			  "it)");
}

static int open_module(struct gobin *bin, struct reason *why)
{
	int info = buildinfo_read(bin->img, &bin->info);
	int err;

	if (info == -ENOTSUP)
		return reason_set(why, info,
				  "built by Go 1.17 or older; slicestat reads Go 1.18 and newer");
	if (info == -EFBIG)
		info = -ENODATA;
	if (info && info != -ENODATA)
		return reason_set(why, info, "cannot search for Go build information: %s",
				  strerror(-info));
	err = module_open(bin->img, bin->info.version.minor, &bin->mod, why);
	if (err == -ENODATA || (err == -EBADMSG && info == -ENODATA))
		return explain_missing(bin->img, info, why);
	return err;
}

int gobin_open(int fd, struct gobin **out, struct reason *why)
{
	struct gobin *bin = calloc(1, sizeof(*bin));
	int err;

	if (!bin)
		return reason_set(why, -ENOMEM, "out of memory reading an executable");
	err = image_open(fd, &bin->img, why);
	if (!err)
		err = open_module(bin, why);
	if (!err && funcs_new(&bin->mod.tab, &bin->funcs))
		err = reason_set(why, -ENOMEM, "out of memory reading an executable");
	if (err) {
		gobin_free(bin);
		return err;
	}
	*out = bin;
	return 0;
}

void gobin_free(struct gobin *bin)
{
	if (!bin)
		return;
	funcs_free(bin->funcs);
	module_close(&bin->mod);
	image_free(bin->img);
	free(bin);
}

bool gobin_is_likely(int fd)
{
	struct image *img = NULL;
	struct reason why;
	uint64_t addr;
	bool is;

	if (image_open(fd, &img, &why))
		return false;
	is = image_section_addr(img, ".go.buildinfo", &addr) == 0;
	image_free(img);
	return is;
}

enum gobin_arch gobin_arch(const struct gobin *bin)
{
	return image_machine(bin->img) == EM_X86_64 ? GOBIN_AMD64 : GOBIN_ARM64;
}

const char *gobin_arch_name(const struct gobin *bin)
{
	return gobin_arch(bin) == GOBIN_AMD64 ? "amd64" : "arm64";
}

struct gobin_version gobin_version(const struct gobin *bin)
{
	return bin->info.version;
}

const char *gobin_version_text(const struct gobin *bin)
{
	return bin->info.text;
}

const struct gobin_program *gobin_program(const struct gobin *bin)
{
	return &bin->info.program;
}

bool gobin_is_stripped(const struct gobin *bin)
{
	return !image_has_symtab(bin->img);
}

bool gobin_is_pie(const struct gobin *bin)
{
	return image_is_pie(bin->img);
}

size_t gobin_nfuncs(const struct gobin *bin)
{
	return bin->mod.tab.hdr.nfuncs;
}

static void describe_func(const struct gobin *bin, uint32_t i, struct gobin_func *out)
{
	const struct pclntab *tab = &bin->mod.tab;

	*out = (struct gobin_func){
		.name = pclntab_name(tab, i),
		.addr = bin->mod.data.text + pclntab_entry(tab, i),
		.end = bin->mod.data.text + pclntab_entry(tab, i + 1),
	};
}

void gobin_func(const struct gobin *bin, size_t i, struct gobin_func *out)
{
	describe_func(bin, (uint32_t)i, out);
}

int gobin_find_func(const struct gobin *bin, const char *name, struct gobin_func *out)
{
	uint32_t i;
	int err = funcs_by_name(bin->funcs, name, &i);

	if (!err)
		describe_func(bin, i, out);
	return err;
}

/* The function that covers addr and addr's distance from its entry: 0 or -ENOENT. */
static int locate(const struct gobin *bin, uint64_t addr, uint32_t *func, uint32_t *pc)
{
	const uint64_t text = bin->mod.data.text;
	int err;

	if (addr < text || addr - text > UINT32_MAX)
		return -ENOENT;
	err = funcs_by_offset(bin->funcs, (uint32_t)(addr - text), func);
	if (!err)
		*pc = (uint32_t)(addr - text) - pclntab_entry(&bin->mod.tab, *func);
	return err;
}

int gobin_func_at(const struct gobin *bin, uint64_t addr, struct gobin_func *out)
{
	uint32_t i, pc;
	int err = locate(bin, addr, &i, &pc);

	if (!err)
		describe_func(bin, i, out);
	return err;
}

bool gobin_is_assembly(const struct gobin *bin, uint64_t addr)
{
	uint32_t i, pc;

	return !locate(bin, addr, &i, &pc) &&
	       pclntab_func(&bin->mod.tab, i).flags & PCLNTAB_FLAG_ASM;
}

static int read_frames(const struct gobin *bin, uint64_t addr, bool bodies_only,
		       struct gobin_frame *frames, size_t max)
{
	const struct lines lines = {bin->img, &bin->mod, bin->info.version.minor, bodies_only};
	uint32_t i, pc;
	int err = locate(bin, addr, &i, &pc);

	return err ? err : (int)lines_frames(&lines, i, pc, frames, max);
}

int gobin_frames(const struct gobin *bin, uint64_t addr, struct gobin_frame *frames, size_t max)
{
	return read_frames(bin, addr, false, frames, max);
}

int gobin_bodies(const struct gobin *bin, uint64_t addr, struct gobin_frame *frames, size_t max)
{
	return read_frames(bin, addr, true, frames, max);
}

static struct type_space type_space_of(const struct gobin *bin, const struct gobin_memory *memory,
				       struct othermodules *others)
{
	if (memory)
		othermodules_begin(others, memory, &bin->mod.data);
	return (struct type_space){
		.others = others,
		.img = bin->img,
		.data = &bin->mod.data,
		.minor = bin->info.version.minor,
		.memory = memory,
	};
}

int gobin_type_at(const struct gobin *bin, const struct gobin_memory *memory, uint64_t addr,
		  struct gobin_type *out)
{
	struct othermodules others;
	const struct type_space space = type_space_of(bin, memory, &others);
	struct typedesc desc;
	int err = typedesc_read(&space, addr, &desc);

	if (!err)
		*out = desc.type;
	return err;
}

int gobin_type_name(const struct gobin *bin, const struct gobin_memory *memory, uint64_t addr,
		    char *buf, size_t size)
{
	struct othermodules others;
	const struct type_space space = type_space_of(bin, memory, &others);

	return typename_write(&space, addr, buf, size);
}

void gobin_types_range(const struct gobin *bin, uint64_t *start, uint64_t *end)
{
	*start = bin->mod.data.types;
	*end = bin->mod.data.etypes;
}

uint64_t gobin_code_start(const struct gobin *bin)
{
	uint64_t start = UINT64_MAX;

	for (size_t i = 0; i < image_nsegments(bin->img); i++) {
		const struct segment *segment = image_segment(bin->img, i);

		if (segment->executable && segment->addr < start)
			start = segment->addr;
	}
	return start;
}

void gobin_text_range(const struct gobin *bin, uint64_t *start, uint64_t *end)
{
	*start = bin->mod.data.text;
	*end = bin->mod.data.etext;
}

void gobin_build_id(const struct gobin *bin, char text[GOBIN_BUILD_ID_SIZE])
{
	buildid_read(bin->img, text);
}

struct gobin_mapping gobin_text_mapping(const struct gobin *bin)
{
	const struct segment *seg = image_covering(bin->img, bin->mod.data.text, 1);
	uint64_t before, end;

	if (!seg)
		return (struct gobin_mapping){0};
	before = seg->addr % PAGE_BYTES;
	before = before < seg->offset ? before : seg->offset;
	end = seg->addr + seg->size;
	return (struct gobin_mapping){
		.start = seg->addr - before,
		.limit = end + (UINT64_MAX - end < PAGE_BYTES ? 0 : -end % PAGE_BYTES),
		.offset = seg->offset - before,
	};
}

int gobin_read(const struct gobin *bin, uint64_t addr, void *buf, size_t len)
{
	return image_read(bin->img, addr, buf, len);
}

int gobin_file_offset(const struct gobin *bin, uint64_t addr, uint64_t *offset)
{
	const struct segment *seg = image_covering(bin->img, addr, 1);

	if (!seg)
		return -EFAULT;
	*offset = seg->offset + (addr - seg->addr);
	return 0;
}

int gobin_addr_of_offset(const struct gobin *bin, uint64_t offset, uint64_t *addr)
{
	for (size_t i = 0; i < image_nsegments(bin->img); i++) {
		const struct segment *seg = image_segment(bin->img, i);

		if (offset < seg->offset || offset - seg->offset >= seg->size)
			continue;
		*addr = seg->addr + (offset - seg->offset);
		return 0;
	}
	return -EFAULT;
}
