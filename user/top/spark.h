/* SPDX-License-Identifier: BSD-2-Clause */
/* A row of values as a row of small bars. */
#ifndef SS_TOP_SPARK_H
#define SS_TOP_SPARK_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that n bars take, with the terminator. */
#define TOP_SPARK_SIZE(n) (3 * (n) + 1)

/*
 * The bars of n values, the largest as high as a line is; nothing (0) is a space, anything else at
 * least the lowest bar. Without utf8, signs of ASCII that fill more and more.
 */
void top_spark(char *text, const double *values, size_t n, bool utf8);

#endif
