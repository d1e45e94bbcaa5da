/* SPDX-License-Identifier: BSD-2-Clause */
/* Why something failed, in words for the user: carried upward with -errno and printed once. */
#ifndef SS_LOG_REASON_H
#define SS_LOG_REASON_H

struct reason {
	char text[256];
};

/*
 * Write the cause and the remedy (one line, no final dot, no newline) and give err back, so that
 * `return reason_set(why, -EINVAL, ...)` works. A text that does not fit is cut, and control
 * characters are shown as '?'. why may be NULL.
 */
int reason_set(struct reason *why, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
