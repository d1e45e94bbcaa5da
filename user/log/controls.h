/* SPDX-License-Identifier: BSD-2-Clause */
/* Names come from files that nobody vouches for: they must not end lines or move a cursor. */
#ifndef SS_LOG_CONTROLS_H
#define SS_LOG_CONTROLS_H

#include <stdbool.h>

/* Replace control characters by '?': C0, and C1 as UTF-8 has them. */
void controls_hide(char *text);
/* Whether controls_hide would replace any. */
bool controls_has(const char *text);

#endif
