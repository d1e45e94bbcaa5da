// SPDX-License-Identifier: BSD-2-Clause
#define NCURSES_WIDECHAR 1
#include "top/styles.h"

#include <stdlib.h>

/* On a black and white screen, and where colours are not wanted. */
void styles_choose(struct styles *s)
{
	s->lines[TOP_TITLE] = A_BOLD;
	s->lines[TOP_LOSS] = A_BOLD;
	s->lines[TOP_HEADER] = A_REVERSE;
	s->lines[TOP_CURSOR] = A_REVERSE;
	s->mark = A_REVERSE | A_BOLD;
	if (getenv("NO_COLOR") || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_BLACK, COLOR_GREEN);
	init_pair(3, COLOR_BLACK, COLOR_CYAN);
	init_pair(4, COLOR_CYAN, -1);
	s->lines[TOP_LOSS] = COLOR_PAIR(1) | A_BOLD;
	s->lines[TOP_HEADER] = COLOR_PAIR(2);
	s->lines[TOP_CURSOR] = COLOR_PAIR(3);
	s->lines[TOP_FOOT] = COLOR_PAIR(4);
	s->mark = COLOR_PAIR(3);
}
