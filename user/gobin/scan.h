/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a byte pattern occurs in the segments of an image. */
#ifndef SS_GOBIN_SCAN_H
#define SS_GOBIN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/image.h"

struct pattern {
	const void *bytes;
	size_t len;	    /* 1 to 64 */
	uint64_t align;	    /* of the address of a match; a power of two */
	bool writable_only; /* leave out segments that are never written */
};

/* Called for a match; anything but 0 ends the scan. */
typedef int (*scan_match_fn)(uint64_t addr, void *ctx);

/* More than this is not searched: sparse files cost nothing to make but much to read. */
#define MAX_SCAN_BYTES ((uint64_t)1 << 30)

/* What a scan reads, saturated. */
uint64_t image_scan_bytes(const struct image *img, bool writable_only);

/*
 * Call match for every occurrence, by segment in the order of the program headers. Gives back what
 * match returned (0 after the last one), -EFBIG for more than MAX_SCAN_BYTES, -ENOMEM, or the errno
 * of reading.
 */
int image_scan(const struct image *img, const struct pattern *pat, scan_match_fn match, void *ctx);

#endif
