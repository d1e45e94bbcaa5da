/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys by number: each is kept once, and numbered as they come, from 0. Takes as much memory as the
 * keys that differ.
 */
#ifndef SS_OUTPUT_INTERN_H
#define SS_OUTPUT_INTERN_H

#include <stddef.h>
#include <stdint.h>

struct intern;

/* NULL: out of memory. */
struct intern *intern_new(void);
void intern_free(struct intern *t);

/* The number of these bytes, which are copied: 0 or -ENOMEM. */
int intern_number(struct intern *t, const void *key, size_t size, uint32_t *number);

size_t intern_count(const struct intern *t);
/* Key number i, aligned to 8 bytes; valid until the next one comes. */
const void *intern_key(const struct intern *t, size_t i, size_t *size);

#endif
