/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as Go's strconv.Quote shows them between its quotes. */
#ifndef SS_GOBIN_GOQUOTE_H
#define SS_GOBIN_GOQUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/cuttext.h"

/* Bytes of the longest character in UTF-8. */
#define GOQUOTE_UTF8_MAX 4

/*
 * Put the first character of the n bytes (at least 1) into text. Unless they end there, n must be
 * at least GOQUOTE_UTF8_MAX, or a character cut short is taken for invalid bytes. The number of
 * bytes taken; -ENOENT for one that not every Go version, by its Unicode tables, shows the same.
 */
int goquote_put(struct cuttext *text, const uint8_t *bytes, size_t n);

#endif
