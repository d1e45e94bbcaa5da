/* SPDX-License-Identifier: BSD-2-Clause */
/* Byte strings, each kept once and numbered from 0 as they come. */
#ifndef SS_RECORDING_DISTINCT_H
#define SS_RECORDING_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

struct distinct;

/* NULL: out of memory. */
struct distinct *distinct_new(void);
void distinct_free(struct distinct *d);

/* The number of these bytes, which are copied. 0, -ENOMEM, or -E2BIG: 2^31 are there. */
int distinct_add(struct distinct *d, const void *bytes, size_t len, uint32_t *number);

size_t distinct_count(const struct distinct *d);
/* The bytes of number i, aligned as malloc's; they live as long as d. */
const void *distinct_get(const struct distinct *d, size_t i, size_t *len);

#endif
