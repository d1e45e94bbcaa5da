/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells that are names: whole where there is room for them, and cut at characters. */
#ifndef SS_TOP_CELLS_H
#define SS_TOP_CELLS_H

#include "top/fields.h"

void top_elem_text(char text[CELL_SIZE], const struct top_cell *c);
void top_site_text(char text[CELL_SIZE], const struct top_cell *c);
void top_cgroup_text(char text[CELL_SIZE], const struct top_cell *c);
void top_exe_text(char text[CELL_SIZE], const struct top_cell *c);
/* All of the name of which such a cell has a part, to be freed: of a control group its path. NULL
 * without memory. */
char *top_whole_name(enum top_field field, const struct top_cell *c);

#endif
