/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A way to a terminal that never waits for it: what is drawn lies in memory until the terminal
 * takes it.
 */
#ifndef SS_TOP_OUTLET_H
#define SS_TOP_OUTLET_H

#include <stdbool.h>

struct outlet;

/* To the terminal that tty is. 0 or a negative errno. */
int outlet_new(struct outlet **out, int tty);
void outlet_free(struct outlet *o);

/* A file: what is written to it is for the terminal. */
int outlet_file(const struct outlet *o);
/* The terminal, to be asked whether it takes more, and written to without waiting. */
int outlet_fd(const struct outlet *o);
/* Write what the terminal takes now. True: that was all. */
bool outlet_flush(struct outlet *o);
/* Write all of it, in so many ms at most; what is left then is dropped. */
void outlet_finish(struct outlet *o, int ms);

#endif
