// SPDX-License-Identifier: BSD-2-Clause
#include "output/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#define CHUNK_BYTES 32768
/* zlib's own default, and 16 to have gzip's header and not its own. */
#define WINDOW_BITS  (15 + 16)
#define MEMORY_LEVEL 8

struct gzip {
	struct sink *sink;
	z_stream stream;
	uint8_t out[CHUNK_BYTES];
};

struct gzip *gzip_new(struct sink *sink)
{
	struct gzip *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->sink = sink;
	if (deflateInit2(&g->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		free(g);
		return NULL;
	}
	return g;
}

void gzip_free(struct gzip *g)
{
	if (!g)
		return;
	deflateEnd(&g->stream);
	free(g);
}

/* Until zlib has no more to give: then it has taken all it was given, and has ended at Z_FINISH. */
static void pump(struct gzip *g, int flush)
{
	do {
		g->stream.next_out = g->out;
		g->stream.avail_out = sizeof(g->out);
		deflate(&g->stream, flush);
		sink_write(g->sink, (const char *)g->out, sizeof(g->out) - g->stream.avail_out);
	} while (!g->stream.avail_out);
}

void gzip_write(struct gzip *g, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size > 0 && !g->sink->err) {
		const size_t part = size < CHUNK_BYTES ? size : CHUNK_BYTES;

		g->stream.next_in = (uint8_t *)at;
		g->stream.avail_in = (uInt)part;
		pump(g, Z_NO_FLUSH);
		at += part;
		size -= part;
	}
}

void gzip_finish(struct gzip *g)
{
	g->stream.avail_in = 0;
	pump(g, Z_FINISH);
}
