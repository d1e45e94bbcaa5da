/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths are bytes; JSON wants UTF-8, and tables whole characters. */
#ifndef SS_OUTPUT_UTF8_H
#define SS_OUTPUT_UTF8_H

#include <stddef.h>

/* A copy, to be freed, with each byte that is no UTF-8 replaced by U+FFFD. NULL without memory. */
char *utf8_repair(const char *text);

/*
 * The length of the control character that text begins with, 0 if it begins with none: a terminal
 * acts on C0, DEL and, in two bytes, C1.
 */
size_t utf8_control(const char *text);

/* The bytes of as many whole characters of text as size bytes have room for, without a terminator.
 */
size_t utf8_fit(const char *text, size_t size);

/* How many characters; a byte that is no UTF-8 may count as one, or as none. */
size_t utf8_count(const char *text);

#endif
