/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys that ncurses reads, as those of controls.h. */
#ifndef SS_TOP_KEYBOARD_H
#define SS_TOP_KEYBOARD_H

/* Keys that are for the screen, not for what it shows. */
enum keyboard_key {
	KEYBOARD_NOTHING = 0x120000, /* nobody's: there may be more */
	KEYBOARD_STOP,
	KEYBOARD_REDRAW,
};

/* The next key: an enum top_key, a byte of text, or one of these; TOP_KEY_NONE: no more. */
int keyboard_key(void);

#endif
