/* SPDX-License-Identifier: BSD-2-Clause */
/* A stream that remembers its first error: after it nothing more is written. */
#ifndef SS_OUTPUT_SINK_H
#define SS_OUTPUT_SINK_H

#include <stddef.h>
#include <stdio.h>

struct sink {
	FILE *file;
	int err; /* 0 or -errno */
};

void sink_write(struct sink *s, const char *bytes, size_t n);
void sink_puts(struct sink *s, const char *text);
/* Text from an executable: control characters, which a terminal would act on, become '?'. */
void sink_text(struct sink *s, const char *text);
void sink_printf(struct sink *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Flush, and give the first error back: 0 or -errno. */
int sink_finish(struct sink *s);

#endif
