/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the numbers of an event mean to a Go engineer: element types by name and size, call sites as
 * source lines. One for each executable; types are numbered, so that rows can be told apart by
 * them. Nothing is looked up before it is asked for.
 */
#ifndef SS_SYMBOL_SYMBOLS_H
#define SS_SYMBOL_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "plan/callers.h"
#include "symbol/process_types.h"
#include "symbol/source.h"

struct symbols;

/* Patterns of functions that are stepped over, as for plan_callers_make. */
struct symbols_skip {
	const char *const *patterns;
	size_t count;
};

/*
 * callers, the patterns and what the source's ctx points to stay the caller's and must outlive it.
 * 0 or -ENOMEM.
 */
int symbols_new(const struct symbol_source *source, const struct plan_callers *callers,
		const struct symbols_skip *skip, struct symbols **out);
void symbols_free(struct symbols *s);

/* No type, or none that could be told. */
#define SYMBOL_TYPE_UNKNOWN 0

/* Longer names are cut. */
#define SYMBOL_NAME_MAX 2048

struct symbol_type {
	const char *name; /* as Go's reflect prints it; "?0x..." or "?" unknown */
	int64_t size;	  /* of an element in bytes, -1 unknown */
};

/* Types that processes make at run time, of all of them: those beyond have no name and no size. */
#define SYMBOL_MADE_MAX 16384

/*
 * The number of an event's element type: type as the event has it (a run-time address, an enum
 * ss_elem, or 0), site the link-time return address, which may tell the type where the event does
 * not. own is the process's, NULL at first, to be freed with process_types_free when the process
 * is forgotten; memory must stay valid only for the call. A type that is not in the file is told by
 * its name and size, the same in all processes; the name of one that cannot be read is its address.
 */
uint32_t symbols_type_number(struct symbols *s, struct process_types **own,
			     const struct gobin_memory *memory, uint64_t site, uint64_t type);

/* Of a number that symbols_type_number gave. The size is known at once, the name is looked up. */
int64_t symbols_type_size(const struct symbols *s, uint32_t number);
struct symbol_type symbols_type(struct symbols *s, uint32_t number);

/*
 * The lines of the call before the link-time return address: the user's line, then what it is
 * inlined into, up to and with the function that exists as code. Wrappers that compiler or runtime
 * made and what is to be skipped are left out, unless nothing would be left. The number of frames,
 * at most max; 0 where no function covers the address.
 */
size_t symbols_site(const struct symbols *s, uint64_t ret, struct gobin_frame *frames, size_t max);

/*
 * A frame's function as Go prints it: type arguments are "[...]" (funcNameForPrint in Go's
 * src/runtime/symtab.go). Lives as long as s.
 */
const char *symbols_func_name(struct symbols *s, const char *func);

#endif
