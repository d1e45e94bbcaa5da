/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Go's type descriptors: abi.Type of src/internal/abi/type.go, up to Go 1.20 rtype of
 * src/reflect/type.go, the same in Go 1.18 to 1.27 on all 64-bit machines.
 */
#ifndef SS_GOBIN_TYPES_H
#define SS_GOBIN_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "gobin/image.h"
#include "gobin/moduledata.h"
#include "gobin/othermodules.h"

/* What all kinds have; what is special to a kind follows. */
#define TYPE_BYTES 48

/* reflect.Kind of those that others are made from. */
enum type_kind {
	KIND_ARRAY = 17,
	KIND_CHAN = 18,
	KIND_FUNC = 19,
	KIND_MAP = 21,
	KIND_POINTER = 22,
	KIND_SLICE = 23,
	KIND_STRUCT = 25,
	KIND_UNSAFE_POINTER = 26,
};

/* abi.TFlag */
#define TFLAG_UNCOMMON	 0x01
#define TFLAG_EXTRA_STAR 0x02
#define TFLAG_NAMED	 0x04

/* Where types are looked for. All is the caller's. */
struct type_space {
	const struct image *img;
	const struct moduledata *data;
	int minor;			   /* of the Go version; 0 unknown */
	const struct gobin_memory *memory; /* NULL: the file alone, by link-time addresses */
	struct othermodules *others;	   /* begun; with memory only */
};

/* What a descriptor and the names it refers to are read from; nothing outside [start, end). */
struct type_source {
	const struct gobin_memory *memory; /* by run-time addresses, or NULL and */
	const struct image *img;	   /* by link-time addresses */
	uint64_t start, end;
};

/* 0; -ENOENT where the bytes are not all in the source; or the errno of reading. */
int type_source_read(const struct type_source *source, uint64_t addr, void *buf, size_t len);

struct typedesc {
	struct gobin_type type;
	uint8_t flags;	  /* abi.TFlag */
	bool from_module; /* made by the compiler: str tells the name. Else made by reflect */
	int32_t str;	  /* of the name, from the start of the source */
	struct type_source source;
};

/* Errors as gobin_type_at. */
int typedesc_read(const struct type_space *space, uint64_t addr, struct typedesc *out);

#endif
