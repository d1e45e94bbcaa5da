/* SPDX-License-Identifier: BSD-2-Clause */
/* What the terminal's description says, by terminfo. */
#ifndef SS_TOP_TERMINAL_H
#define SS_TOP_TERMINAL_H

#include <stddef.h>

#include "log/reason.h"

/*
 * Standard input and output are a terminal on which can be drawn: 0, with the text that gives it
 * back when ncurses cannot be asked; else -ENOTTY with why set.
 */
int terminal_check(char *reset, size_t size, struct reason *why);

#endif
