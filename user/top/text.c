// SPDX-License-Identifier: BSD-2-Clause
#include "top/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "output/utf8.h"

/* All bytes of a character of UTF-8 but the first are 10xxxxxx. */
static bool goes_on(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t utf8_length(const char *text)
{
	size_t n = 1;

	while (goes_on(text[n]))
		n++;
	return n;
}

size_t top_text_char(const char *text, wchar_t *c, size_t *width)
{
	mbstate_t state = {0};
	size_t length = mbrtowc(c, text, MB_CUR_MAX, &state);
	int columns = -1;

	if (length && length <= MB_CUR_MAX && iswprint((wint_t)*c))
		columns = wcwidth(*c);
	if (columns < 0) {
		*c = L'?';
		columns = 1;
		length = utf8_length(text);
	}
	*width = (size_t)columns;
	return length;
}

/* Bytes of as many characters as have room in so many columns. */
static size_t bytes_in(const char *text, size_t width)
{
	size_t n = 0, length, columns;
	wchar_t c;

	while (text[n]) {
		length = top_text_char(text + n, &c, &columns);
		if (columns > width)
			break;
		width -= columns;
		n += length;
	}
	return n;
}

size_t top_text_width(const char *text)
{
	size_t width = 0, columns;
	wchar_t c;

	while (*text) {
		text += top_text_char(text, &c, &columns);
		width += columns;
	}
	return width;
}

void top_text_cut(char *text, size_t width)
{
	text[bytes_in(text, width)] = '\0';
}

void top_text_shorten(char *text, size_t width)
{
	if (width < 3 || top_text_width(text) <= width)
		return;
	/* What is cut has at least the bytes of columns that these take. */
	memcpy(text + bytes_in(text, width - 3), "...", 4);
}

void top_text_copy(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size);

	if (n >= size) {
		n = size - 1;
		while (n && goes_on(from[n]))
			n--;
	}
	memcpy(to, from, n);
	to[n] = '\0';
}

/* Formats that Unicode lets nobody see, and those that turn lines round. */
static bool is_hidden(const char *text)
{
	static const struct {
		unsigned int first, last;
	} hidden[] = {
		{0x061c, 0x061c}, {0x200b, 0x200f}, {0x2028, 0x202e},
		{0x2060, 0x206f}, {0xfeff, 0xfeff},
	};
	const unsigned char *s = (const unsigned char *)text;
	unsigned int c = 0;

	if ((s[0] & 0xe0) == 0xc0 && goes_on(text[1]))
		c = (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
	else if ((s[0] & 0xf0) == 0xe0 && goes_on(text[1]) && goes_on(text[2]))
		c = (s[0] & 0xfu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

void top_text_clean(char *text)
{
	char *to = text;

	while (*text) {
		size_t n = utf8_control(text);

		if (n || is_hidden(text)) {
			text += n ? n : utf8_length(text);
			*to++ = '?';
			continue;
		}
		*to++ = *text++;
	}
	*to = '\0';
}

size_t top_text_window(wchar_t *to, size_t n, const char *text, size_t shift, size_t width)
{
	const size_t end = shift + width;
	size_t used = 0, at = 0, columns;
	wchar_t c;

	while (*text && used + 1 < n) {
		text += top_text_char(text, &c, &columns);
		if (at + (columns > 0) > end)
			break;
		/* What is drawn upon a character goes with it. */
		if (at >= shift && at + columns <= end && (columns || at > shift))
			to[used++] = c;
		else
			for (size_t x = at; x < at + columns && used + 1 < n; x++)
				if (x >= shift && x < end)
					to[used++] = L' ';
		at += columns;
	}
	to[used] = L'\0';
	return used;
}
