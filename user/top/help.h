/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_TOP_HELP_H
#define SS_TOP_HELP_H

#include <stddef.h>

/* What keys do, in so many lines. */
size_t top_help_size(void);
const char *top_help_line(size_t i);

#endif
