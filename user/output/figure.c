// SPDX-License-Identifier: BSD-2-Clause
#include "output/figure.h"

#include <inttypes.h>
#include <stdio.h>

void figure_grouped(char text[FIGURE_SIZE], uint64_t v)
{
	char digits[FIGURE_SIZE];
	int n = snprintf(digits, sizeof(digits), "%" PRIu64, v);

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*text++ = ',';
		*text++ = digits[i];
	}
	*text = '\0';
}

void figure_estimate(char text[FIGURE_SIZE], double part, double whole)
{
	double percent;

	if (!(whole > 0) || !(part >= 0)) {
		snprintf(text, FIGURE_SIZE, "?");
		return;
	}
	percent = 100 * part / whole;
	if (part == 0)
		snprintf(text, FIGURE_SIZE, "0 %%");
	else if (percent < 0.05)
		snprintf(text, FIGURE_SIZE, "under 0.1 %%");
	else
		snprintf(text, FIGURE_SIZE, "about %.1f %%", percent);
}
