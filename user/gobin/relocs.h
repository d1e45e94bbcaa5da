/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The RELATIVE relocations of a position-independent executable (DT_RELA). The Go linker and GNU
 * ld on amd64 leave the relocated values in place, lld and external links for arm64 leave zeros.
 */
#ifndef SS_GOBIN_RELOCS_H
#define SS_GOBIN_RELOCS_H

#include <stddef.h>
#include <stdint.h>

#include "gobin/image.h"
#include "log/reason.h"

struct reloc {
	uint64_t addr;
	uint64_t value;
};

/* Ascending by addr. Zeroed is empty. */
struct relocs {
	struct reloc *list;
	size_t n;
};

/* Nothing to relocate gives an empty list. Errors: -EBADMSG, -EFBIG, -ENOMEM, those of reading. */
int relocs_load(const struct image *img, struct relocs *out, struct reason *why);
void relocs_free(struct relocs *relocs);

/* Put the values into buf, which holds the file's bytes for [addr, addr + len). */
void relocs_apply(const struct relocs *relocs, uint64_t addr, uint8_t *buf, size_t len);

#endif
