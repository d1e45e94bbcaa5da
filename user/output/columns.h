/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of cells, in columns as wide as their widest cell, so that none run together. */
#ifndef SS_OUTPUT_COLUMNS_H
#define SS_OUTPUT_COLUMNS_H

#include <stddef.h>

#include "output/rowview.h"
#include "output/sink.h"

/* Longer names and paths are cut: JSON has them whole. */
#define CELL_SIZE 160

#define COLUMNS_MAX 32

struct column {
	const char *header; /* NULL: not shown */
	int width; /* at least, so that columns seldom move; below 0: to the left, as text */
};

/* Where cells come from. */
struct columns_source {
	size_t nrows;
	/* The row that cells are asked for next. */
	void (*turn)(void *ctx, size_t row);
	/* A cell that is left alone is unknown, "?". */
	void (*cell)(char text[CELL_SIZE], size_t column, void *ctx);
	void *ctx;
};

/* The headers and all rows; at most COLUMNS_MAX columns. */
void columns_write(struct sink *s, const struct column *columns, size_t ncolumns,
		   const struct columns_source *source);

/* Of a path, its last two parts: they tell files apart in most programs. */
const char *short_path(const char *path);

/* "FUNC FILE:LINE", parts that are long cut to whole characters; FUNC alone where file is NULL. */
void site_text(char *text, size_t size, const char *func, const char *file, int line);

/* Cells that several tables have. */
void elem_cell(char text[CELL_SIZE], const struct rowview *v);
void site_cell(char text[CELL_SIZE], const struct rowview *v);

#endif
