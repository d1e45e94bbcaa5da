// SPDX-License-Identifier: BSD-2-Clause
#include "log/controls.h"

#include <ctype.h>

/* U+0080 to U+009f are two bytes: 0xc2, then 0x80 to 0x9f. */
#define C1_FIRST 0xc2

void controls_hide(char *text)
{
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			*text = '?';
		else if ((unsigned char)text[0] == C1_FIRST && (text[1] & 0xe0) == 0x80)
			text[0] = text[1] = '?';
	}
}
