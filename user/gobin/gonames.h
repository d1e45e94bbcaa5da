/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names in Go's type data: abi.Name of src/internal/abi/type.go, since Go 1.17 a byte of flags,
 * then length and bytes of the name, then, where the flags say so, length and bytes of a tag.
 */
#ifndef SS_GOBIN_GONAMES_H
#define SS_GOBIN_GONAMES_H

#include <stdint.h>

#include "gobin/types.h"

#define GONAME_EXPORTED 0x01
#define GONAME_TAG	0x02
#define GONAME_PKGPATH	0x04
#define GONAME_EMBEDDED 0x08

/* Bytes of the source; whether they can be read shows when they are. */
struct goname {
	uint8_t flags;
	uint64_t text;
	uint64_t len; /* at least 1 */
	uint64_t tag;
	uint64_t tag_len; /* 0 without */
};

/* 0, -ENOENT where there is no name that makes sense, or the errno of reading. */
int goname_read(const struct type_source *source, uint64_t addr, struct goname *out);

#endif
