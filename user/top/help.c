// SPDX-License-Identifier: BSD-2-Clause
#include "top/help.h"

/* A terminal of 80 x 24 has room for 20. */
static const char *const help[] = {
	"q, F10, ^C          quit",
	"h, ?, F1            this help",
	"b s t p             rows by base, site, type, process",
	"                    bases need other probes: tracing begins anew",
	"Tab                 the next of site, type, process",
	"Enter               into a row: process, type, site, base",
	"Backspace, Esc      back out of it; at the outermost, no filter",
	"/, \\, F3, F4        filter by a text in names; Enter keeps it, Esc drops it",
	"^U                  in a filter: without a text",
	"< >, F6             sort by the column on the left, right; the next (also , .)",
	"P M T N             sort by EVENTS/S, ALLOC/S, EVENTS; by PID or BASE",
	"R, I                the least first, or the largest",
	"arrows, j k         move; left and right shift the lines",
	"PgUp PgDn Home End  move further",
	"Space, Z            pause: what is shown stands still, tracing goes on",
	"+ -                 longer, shorter intervals",
	"^L, ^Z              draw all anew; stop, until fg",
	"",
	"HISTORY has a bar for each interval, the last on the right.",
	"Figures a second are of the last interval, all others since attach.",
};

size_t top_help_size(void)
{
	return sizeof(help) / sizeof(help[0]);
}

const char *top_help_line(size_t i)
{
	return help[i];
}
