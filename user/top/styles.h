/* SPDX-License-Identifier: BSD-2-Clause */
/* How lines stand out, by colours where the terminal has them. */
#ifndef SS_TOP_STYLES_H
#define SS_TOP_STYLES_H

#include <curses.h>

#include "top/page.h"

struct styles {
	attr_t lines[TOP_FOOT + 1]; /* by enum top_style */
	attr_t mark;		    /* of the column sorted by */
};

/* ncurses must have the terminal by then. */
void styles_choose(struct styles *s);

#endif
