// SPDX-License-Identifier: BSD-2-Clause
#include "top/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

static const char use_instead[] = "slicestat -p PID prints reports to anything";

/* tputs has no room for more than a byte. */
static char *reset_at;
static size_t reset_room;

static int put_reset(int c)
{
	if (reset_room > 1) {
		*reset_at++ = (char)c;
		reset_room--;
	}
	return c;
}

static void write_reset(char *text, size_t size)
{
	const char *const parts[] = {exit_attribute_mode, keypad_local, cursor_normal,
				     exit_ca_mode};

	text[0] = '\0';
	reset_at = text;
	reset_room = size;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i])
			tputs(parts[i], 1, put_reset);
	*reset_at = '\0';
}

static int explain(struct reason *why, const char *what, const char *name)
{
	return reason_set(why, -ENOTTY, "top %s '%.40s': set TERM, or %s", what, name, use_instead);
}

int terminal_check(char *reset, size_t size, struct reason *why)
{
	const char *name = getenv("TERM");
	int status, err = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return reason_set(why, -ENOTTY,
				  "top needs a terminal as standard input and output: %s",
				  use_instead);
	if (!name || !*name || setupterm(NULL, STDOUT_FILENO, &status) != OK)
		return explain(why, "does not know the terminal", name ? name : "");
	if (!cursor_address || !clear_screen)
		err = explain(why, "cannot draw on the terminal", name);
	else
		write_reset(reset, size);
	del_curterm(cur_term);
	return err;
}
