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

/* "512 B", "1.5 KiB", "23.4 MiB" */
void figure_bytes(char text[FIGURE_SIZE], uint64_t bytes);

/*
 * The lengths that the given share (0 to 1) of the events does not exceed, as its bucket: "0", "1",
 * "4-7", "4K-8K" (4096 to 8191); "?" where there are none. lens as in struct ss_site.
 */
void figure_percentile(char text[FIGURE_SIZE], const uint64_t *lens, double share);

/* An estimated share of a whole: "about 0.9 %", "under 0.1 %", "0 %"; "?" of no whole. */
void figure_estimate(char text[FIGURE_SIZE], double part, double whole);

#endif
