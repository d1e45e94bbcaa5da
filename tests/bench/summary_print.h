/* SPDX-License-Identifier: BSD-2-Clause */
/* The two forms of a summary. */
#ifndef SS_BENCH_SUMMARY_PRINT_H
#define SS_BENCH_SUMMARY_PRINT_H

#include "series.h"

/* Returns how many goals were missed. */
int print_table(const struct samples *s);

/* Ends the program when the file cannot be written. */
void write_json(const struct samples *s, const char *path);

#endif
