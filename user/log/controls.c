// SPDX-License-Identifier: BSD-2-Clause
#include "log/controls.h"

#include <ctype.h>

/* U+0080 to U+009f are two bytes: 0xc2, then 0x80 to 0x9f. */
#define C1_FIRST 0xc2

/* The bytes of the control character that begins here; 0: none does. */
static int control_at(const char *text)
{
	if (iscntrl((unsigned char)text[0]))
		return 1;
	return (unsigned char)text[0] == C1_FIRST && (text[1] & 0xe0) == 0x80 ? 2 : 0;
}

void controls_hide(char *text)
{
	for (; *text; text++)
		for (int n = control_at(text); n > 0; n--)
			text[n - 1] = '?';
}

bool controls_has(const char *text)
{
	for (; *text; text++)
		if (control_at(text))
			return true;
	return false;
}
