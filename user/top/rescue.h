/* SPDX-License-Identifier: BSD-2-Clause */
/* A terminal that is given back even where the program crashes. */
#ifndef SS_TOP_RESCUE_H
#define SS_TOP_RESCUE_H

/*
 * Keep how the terminal is set now; a crash, or ^\, sets it so again and writes the text, which
 * must stay, before it goes on. 0 or a negative errno.
 */
int rescue_begin(int fd, const char *text);
/* Set it so again now. */
void rescue_mode(void);
void rescue_end(void);

#endif
