/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths are bytes; JSON wants UTF-8. */
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

#endif
