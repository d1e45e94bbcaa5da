/* SPDX-License-Identifier: BSD-2-Clause */
/* What the terminal's description says, by terminfo. */
#ifndef SS_TOP_TERMINAL_H
#define SS_TOP_TERMINAL_H

#include <stddef.h>

#include "log/reason.h"

/*
 * Standard input and output are a terminal on which can be drawn. 0, or -ENOTTY with why set.
 */
int terminal_check(struct reason *why);

/* What gives the terminal back when ncurses, which has been started, cannot be asked. */
void terminal_reset_text(char *text, size_t size);

#endif
