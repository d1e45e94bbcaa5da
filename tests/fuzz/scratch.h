/* SPDX-License-Identifier: BSD-2-Clause */
/* The file that each input is written into: one a process, in memory. */
#ifndef SS_FUZZ_SCRATCH_H
#define SS_FUZZ_SCRATCH_H

#include <stddef.h>

#include "gobin/gobin.h"

/* The file's descriptor; it has these bytes until the next call. */
int scratch_write(const void *bytes, size_t len);

/* The same, opened, to be freed with gobin_free; NULL where it is refused, with a reason. */
struct gobin *scratch_open(const void *bytes, size_t len);

#endif
