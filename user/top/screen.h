/* SPDX-License-Identifier: BSD-2-Clause */
/* The terminal, by ncurses. A terminal that takes nothing is not waited for. */
#ifndef SS_TOP_SCREEN_H
#define SS_TOP_SCREEN_H

#include "log/reason.h"
#include "top/page.h"

struct screen;

/*
 * Take the terminal over, which standard input and output must be, and SIGWINCH, SIGTSTP and
 * SIGCONT; while this process has no other threads. 0, or a negative errno with why set: no
 * terminal, or one that cannot be drawn on.
 */
int screen_new(struct screen **out, struct reason *why);
/* Give it back as it was. NULL is ok. */
void screen_free(struct screen *s);

/* Readable when there is something to do for screen_key. */
int screen_fd(const struct screen *s);
/*
 * The next key, after which there may be more; TOP_KEY_NONE: none. Takes a new size, too, stops
 * where that is asked for, and writes what the terminal had no room for.
 */
int screen_key(struct screen *s);
/* There may be more keys than were taken: its fd stays readable until there are none. */
void screen_keys_wait(struct screen *s);
/* It has to be drawn again, and can be. */
bool screen_is_due(const struct screen *s);
void screen_size(const struct screen *s, size_t *width, size_t *height);
/* Whether it shows UTF-8. */
bool screen_utf8(const struct screen *s);
/*
 * Draw these lines, those of the table without their first shift columns. While the terminal has
 * not taken what was drawn before, nothing is, and the screen is due when it has.
 */
void screen_draw(struct screen *s, const struct top_line *lines, size_t n, size_t shift);

#endif
