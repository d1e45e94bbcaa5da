// SPDX-License-Identifier: BSD-2-Clause
#include "top/keyboard.h"

#include <stdbool.h>
#include <stddef.h>

#include <curses.h>

#include "top/controls.h"

#define ESCAPE	   0x1b
#define CONTROL(c) ((c)&0x1f)

static int key_of(int c)
{
	static const struct {
		int curses, key;
	} keys[] = {
		{KEY_UP, TOP_KEY_UP},
		{KEY_DOWN, TOP_KEY_DOWN},
		{KEY_LEFT, TOP_KEY_LEFT},
		{KEY_RIGHT, TOP_KEY_RIGHT},
		{KEY_PPAGE, TOP_KEY_PAGE_UP},
		{KEY_NPAGE, TOP_KEY_PAGE_DOWN},
		{KEY_HOME, TOP_KEY_HOME},
		{KEY_END, TOP_KEY_END},
		{KEY_ENTER, TOP_KEY_ENTER},
		{'\r', TOP_KEY_ENTER},
		{'\n', TOP_KEY_ENTER},
		{KEY_BACKSPACE, TOP_KEY_BACKSPACE},
		{0x7f, TOP_KEY_BACKSPACE},
		{KEY_DC, TOP_KEY_DELETE},
		{'\b', TOP_KEY_BACKSPACE},
		{ESCAPE, TOP_KEY_ESCAPE},
		{KEY_F(1), TOP_KEY_HELP},
		{KEY_F(3), TOP_KEY_FILTER},
		{KEY_F(4), TOP_KEY_FILTER},
		{KEY_F(6), TOP_KEY_SORT},
		{KEY_F(10), TOP_KEY_QUIT},
		{CONTROL('z'), KEYBOARD_STOP},
		{CONTROL('l'), KEYBOARD_REDRAW},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].curses == c)
			return keys[i].key;
	return c < 256 ? c : KEYBOARD_NOTHING;
}

static bool between(int c, int first, int last)
{
	return first <= c && c <= last;
}

/*
 * What comes at once behind an Esc belongs to it: another key with Alt, or one that terminfo does
 * not know. Its parts are no keys. Two times Esc is twice that key.
 */
static int behind_escape(void)
{
	int c = getch();

	if (c == ERR)
		return TOP_KEY_ESCAPE;
	if (c == ESCAPE) {
		ungetch(c);
		return TOP_KEY_ESCAPE;
	}
	if (c == '[') {
		/* ECMA-48, 5.4: parameters and intermediate bytes, and a final one. */
		do
			c = getch();
		while (between(c, 0x20, 0x3f));
	} else if (c == 'O') {
		getch();
	} else if (between(c, 0xc0, 0xff)) {
		do
			c = getch();
		while (between(c, 0x80, 0xbf));
		if (c != ERR)
			ungetch(c);
	}
	return KEYBOARD_NOTHING;
}

int keyboard_key(void)
{
	int c = getch();

	if (c == ERR)
		return TOP_KEY_NONE;
	return c == ESCAPE ? behind_escape() : key_of(c);
}
