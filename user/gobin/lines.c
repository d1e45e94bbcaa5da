/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/lines.h"

#include <stdbool.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/pclntab.h"
#include "gobin/release.h"

/* struct inlinedCall in Go's src/runtime/symtab.go, later symtabinl.go; offsets in bytes. */
struct call_layout {
	uint8_t size;
	uint8_t id;	/* funcID */
	uint8_t name;	/* nameOff, earlier func_ */
	uint8_t parent; /* parentPc */
};

static const struct call_layout calls_118 = {.size = 20, .id = 2, .name = 12, .parent = 16};
static const struct call_layout calls_120 = {.size = 16, .id = 0, .name = 4, .parent = 8};

#define CALL_BYTES_MAX 20
/* An instruction that no function has. */
#define PC_UNKNOWN UINT32_MAX

/* One entry of a function's tree of inlined calls. */
struct call {
	const char *name; /* of the body */
	uint8_t id;
	uint32_t parent; /* an instruction of the calling body, in bytes behind the entry */
};

/* Corrupt tables may name any instruction: none outside of the function has a value. */
static bool value_at(const struct lines *lines, const struct pclntab_func *func,
		     enum pclntab_kind kind, uint32_t pc, int32_t *value)
{
	return pc < func->size && pclntab_value(&lines->mod->tab, func, kind, pc, value) == 0;
}

/* The trees lie among read-only data, since Go 1.26 behind the function table. */
static bool read_call(const struct lines *lines, const struct pclntab_func *func, uint32_t index,
		      struct call *out)
{
	const struct pclntab *tab = &lines->mod->tab;
	const bool old = tab->hdr.magic == PCLNTAB_MAGIC_118;
	const struct call_layout *layout = old ? &calls_118 : &calls_120;
	const uint64_t trees = lines->mod->data.gofunc;
	uint8_t raw[CALL_BYTES_MAX];
	const char *name;

	if (func->tree == PCLNTAB_NONE || trees == 0 ||
	    image_read(lines->img, trees + func->tree + (uint64_t)index * layout->size, raw,
		       layout->size))
		return false;
	name = pclntab_name_at(tab, get_le32(raw + layout->name));
	if (!name)
		return false;
	*out = (struct call){name, raw[layout->id], get_le32(raw + layout->parent)};
	return true;
}

/*
 * The innermost inlined call that the instruction belongs to; false: it is the function's own, or
 * none at all.
 */
static bool call_at(const struct lines *lines, const struct pclntab_func *func, uint32_t pc,
		    struct call *out)
{
	int32_t index;

	return value_at(lines, func, PCLNTAB_CALLS, pc, &index) && index >= 0 &&
	       read_call(lines, func, (uint32_t)index, out);
}

static const char *file_at(const struct lines *lines, const struct pclntab_func *func, uint32_t pc)
{
	int32_t number;

	if (!value_at(lines, func, PCLNTAB_FILES, pc, &number))
		return NULL;
	return pclntab_file(&lines->mod->tab, func->unit, number);
}

static int32_t line_at(const struct lines *lines, const struct pclntab_func *func, uint32_t pc)
{
	int32_t line;

	return value_at(lines, func, PCLNTAB_LINES, pc, &line) && line > 0 ? line : 0;
}

/* The function that the compiler makes of a package's initial values: PATH/PACKAGE.init. */
static bool is_package_init(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *dot = strchr(slash ? slash : name, '.');

	return dot && strcmp(dot, ".init") == 0;
}

/*
 * Bodies that are inlined into initial values have no call site: the linker writes 0. What lies
 * between such a body and the package's init is not known then, and not the line there.
 */
static uint32_t call_site(const struct pclntab_func *func, const struct call *call)
{
	return call->parent == 0 && is_package_init(func->name) ? PC_UNKNOWN : call->parent;
}

size_t lines_frames(const struct lines *lines, uint32_t func, uint32_t pc,
		    struct gobin_frame *frames, size_t max)
{
	const struct pclntab_func f = pclntab_func(&lines->mod->tab, func);
	const uint8_t wrapper = release_of(lines->minor)->wrapper;
	bool inlined = true;
	size_t n = 0;

	/* Calls that a corrupt tree leads around in a circle end at the limit. */
	while (inlined && n < max && n < GOBIN_FRAMES_MAX) {
		struct call call = {.name = f.name, .id = f.id};

		inlined = call_at(lines, &f, pc, &call);
		frames[n++] = (struct gobin_frame){
			.func = call.name,
			.file = lines->bodies_only ? NULL : file_at(lines, &f, pc),
			.line = lines->bodies_only ? 0 : line_at(lines, &f, pc),
			.wrapper = call.id == wrapper,
		};
		if (inlined)
			pc = call_site(&f, &call);
	}
	return n;
}
