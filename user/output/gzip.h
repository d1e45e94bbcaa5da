/* SPDX-License-Identifier: BSD-2-Clause */
/* A sink for bytes that come out compressed, as gzip(1) does it. */
#ifndef SS_OUTPUT_GZIP_H
#define SS_OUTPUT_GZIP_H

#include <stddef.h>
#include <stdint.h>

#include "output/sink.h"

struct gzip;

/* NULL: out of memory. The sink is the caller's, and has the error of any write. */
struct gzip *gzip_new(struct sink *sink);
void gzip_free(struct gzip *g);

void gzip_write(struct gzip *g, const void *bytes, size_t size);
/* What is still held, and the end. */
void gzip_finish(struct gzip *g);

#endif
