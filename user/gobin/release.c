// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/release.h"

#include <stddef.h>

/* Ascending. Checked against builds of each but 1.20. */
/* clang-format off */
static const struct release releases[] = {
	/*    traced, types, etypes, gofunc, next,  wrapper, headers, names_embedded */
	{19,  false,  0x118, 0x120,  0x130,  0x220, 21,      false,   true},
	{20,  false,  0x128, 0x130,  0x140,  0x248, 21,      false,   true},
	{21,  true,   0x128, 0x130,  0x140,  0x248, 21,      false,   true},
	{22,  true,   0x128, 0x130,  0x140,  0x248, 22,      true,    true},
	{23,  true,   0x128, 0x130,  0x140,  0x240, 22,      true,    false},
	{24,  true,   0x128, 0x130,  0x140,  0x240, 22,      true,    false},
	{25,  true,   0x128, 0x130,  0x140,  0x240, 23,      true,    false},
	{26,  true,   0x128, 0x130,  0x140,  0x248, 23,      true,    false},
	{27,  true,   0x128, 0x138,  0x158,  0x230, 23,      true,    false},
};
/* clang-format on */

#define RELEASES (sizeof(releases) / sizeof(releases[0]))

const struct release *release_of(int minor)
{
	size_t i = 0;

	while (i + 1 < RELEASES && (minor == 0 || minor > releases[i].minor))
		i++;
	return &releases[i];
}

const struct release *release_first_traced(void)
{
	size_t i = 0;

	while (!releases[i].traced)
		i++;
	return &releases[i];
}

const struct release *release_last(void)
{
	return &releases[RELEASES - 1];
}
