/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures as people read them. */
#ifndef SS_OUTPUT_FIGURE_H
#define SS_OUTPUT_FIGURE_H

#include <stddef.h>
#include <stdint.h>

/* Room for any text of this file, with its terminator. */
#define FIGURE_SIZE 32

/* "12,345,678" */
void figure_grouped(char text[FIGURE_SIZE], uint64_t v);

/* An estimated share of a whole: "about 0.9 %", "under 0.1 %", "0 %"; "?" of no whole. */
void figure_estimate(char text[FIGURE_SIZE], double part, double whole);

#endif
