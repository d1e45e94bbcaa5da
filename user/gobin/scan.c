/* SPDX-License-Identifier: BSD-2-Clause */
#include "gobin/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Small enough to stay in the cache between pread and the search. */
#define CHUNK_BYTES ((size_t)512 << 10)

struct scan {
	const struct pattern *pat;
	scan_match_fn match;
	void *ctx;
	uint8_t *buf;
	size_t chunk; /* bytes of buf: CHUNK_BYTES, or all of the largest segment */
};

static int scan_chunk(const struct scan *scan, size_t len, uint64_t addr)
{
	const uint8_t *p = scan->buf;
	const uint8_t *end = p + len;

	while ((p = memmem(p, (size_t)(end - p), scan->pat->bytes, scan->pat->len))) {
		uint64_t at = addr + (uint64_t)(p - scan->buf);
		int ret = 0;

		if ((at & (scan->pat->align - 1)) == 0)
			ret = scan->match(at, scan->ctx);
		if (ret)
			return ret;
		p++;
	}
	return 0;
}

static int scan_segment(const struct image *img, const struct scan *scan, const struct segment *seg)
{
	uint64_t done = 0;
	/* The last bytes of a chunk are read again: a match may begin there. */
	const size_t step = scan->chunk - (scan->pat->len - 1);

	while (done < seg->size) {
		uint64_t left = seg->size - done;
		size_t n = left < scan->chunk ? left : scan->chunk;
		int ret = image_read(img, seg->addr + done, scan->buf, n);

		if (!ret)
			ret = scan_chunk(scan, n, seg->addr + done);
		if (ret)
			return ret;
		done += left <= scan->chunk ? left : step;
	}
	return 0;
}

static bool is_scanned(const struct segment *seg, bool writable_only)
{
	return seg->writable || !writable_only;
}

uint64_t image_scan_bytes(const struct image *img, bool writable_only)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < image_nsegments(img); i++) {
		const struct segment *seg = image_segment(img, i);

		if (is_scanned(seg, writable_only) && __builtin_add_overflow(sum, seg->size, &sum))
			return UINT64_MAX;
	}
	return sum;
}

/* Small files need no more than they have. */
static size_t chunk_bytes(const struct image *img, bool writable_only)
{
	uint64_t most = 1;

	for (size_t i = 0; i < image_nsegments(img); i++) {
		const struct segment *seg = image_segment(img, i);

		if (is_scanned(seg, writable_only) && seg->size > most)
			most = seg->size;
	}
	return most < CHUNK_BYTES ? most : CHUNK_BYTES;
}

int image_scan(const struct image *img, const struct pattern *pat, scan_match_fn match, void *ctx)
{
	struct scan scan = {.pat = pat, .match = match, .ctx = ctx};
	int ret = 0;

	if (image_scan_bytes(img, pat->writable_only) > MAX_SCAN_BYTES)
		return -EFBIG;
	scan.chunk = chunk_bytes(img, pat->writable_only);
	scan.buf = malloc(scan.chunk);
	if (!scan.buf)
		return -ENOMEM;
	for (size_t i = 0; i < image_nsegments(img) && !ret; i++) {
		const struct segment *seg = image_segment(img, i);

		if (is_scanned(seg, pat->writable_only))
			ret = scan_segment(img, &scan, seg);
	}
	free(scan.buf);
	return ret;
}
