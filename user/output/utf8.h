/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths are bytes; JSON wants UTF-8. */
#ifndef SS_OUTPUT_UTF8_H
#define SS_OUTPUT_UTF8_H

/* A copy, to be freed, with each byte that is no UTF-8 replaced by U+FFFD. NULL without memory. */
char *utf8_repair(const char *text);

#endif
