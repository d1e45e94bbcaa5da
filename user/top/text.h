/* SPDX-License-Identifier: BSD-2-Clause */
/* Text of others on a terminal: as wide as it is drawn, and no command to it. */
#ifndef SS_TOP_TEXT_H
#define SS_TOP_TEXT_H

#include <stddef.h>
#include <wchar.h>

/*
 * The bytes of the character that text begins with; *c is what is drawn for it, '?' where the
 * locale has none, and *width its columns: 0 where it is drawn upon the one before.
 */
size_t top_text_char(const char *text, wchar_t *c, size_t *width);
/* Columns. */
size_t top_text_width(const char *text);
/* Leave whole characters of so many columns. */
void top_text_cut(char *text, size_t width);
/* The same, and the last three are "..." where something was cut. */
void top_text_shorten(char *text, size_t width);
/* As many whole characters as the size has room for. */
void top_text_copy(char *to, size_t size, const char *from);
/*
 * What a terminal would act upon, '?' for each: controls, and what is not seen or turns the
 * direction of others.
 */
void top_text_clean(char *text);
/*
 * What is seen in so many columns behind the first shift ones; a blank where a wide character is
 * cut. to has room for n characters with the terminator; their number.
 */
size_t top_text_window(wchar_t *to, size_t n, const char *text, size_t shift, size_t width);

#endif
