/* SPDX-License-Identifier: BSD-2-Clause */
/* What changed between two runs, as bytes: a table for people, an object for programs. */
#ifndef SS_OUTPUT_DIFF_H
#define SS_OUTPUT_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "output/output.h"
#include "report/diff.h"

/* One of the two. */
struct output_side {
	const char *path;
	const struct output_report *report;
	struct report_sums totals;
};

/* Pointers are borrowed for the call. */
struct output_diff {
	struct output_side a, b;
	enum report_sort sort;
	bool rate; /* figures are per second */
	struct diff_scale scale;
	const struct diff_row *rows; /* those that changed, the first nshown of which are shown */
	size_t nrows, nshown;
	double fail_over;   /* percentage; below 0 none */
	const char *failed; /* why it is too much, or NULL */
};

/* 0 or -errno as the stream reported it. Flushes. */
int output_diff_table(FILE *f, const struct output_diff *d);
int output_diff_json(FILE *f, const struct output_diff *d);

/* "+12.5 %", "new", "gone"; "=" where nothing changed. */
void output_diff_percent(char *text, size_t size, double a, double b);
/* "400", "1.5 MiB", with rate "1.5 MiB/s"; size is FIGURE_SIZE and more. */
void output_diff_figure(char *text, size_t size, enum report_sort key, double value, bool rate);
/* "bytes allocated" */
const char *output_diff_key_name(enum report_sort key);
/* "main.load /src/main.go:14", for a line on stderr: "?" where it is not known. */
void output_diff_site(char *text, size_t size, const struct diff_row *row);

#endif
