/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of source files whose paths a binary names: neither the path nor the text is trusted. */
#ifndef SS_OUTPUT_SOURCE_H
#define SS_OUTPUT_SOURCE_H

#include <stddef.h>

/*
 * That line of the file, without the white space at its ends, cut to size, with each character that
 * a terminal would act on replaced. Only regular files of at most 16 MiB named *.go with an
 * absolute path, and no symbolic links, are read: a binary must not have others' files printed.
 * 0; -EINVAL for another path, -ENOENT where there is no such line or nothing on it, -errno.
 */
int source_line(const char *file, int line, char *text, size_t size);

/* The same, for struct output_advice. */
int source_quote(void *ctx, const char *file, int line, char *text, size_t size);

/*
 * A line of source from elsewhere, made as harmless and cut as source_line does it. 0 or -ENOMEM.
 */
int source_clean(const char *from, char *text, size_t size);

#endif
