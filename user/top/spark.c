// SPDX-License-Identifier: BSD-2-Clause
#include "top/spark.h"

#include <stdio.h>
#include <string.h>

#define LEVELS 8

static const char *const bars[LEVELS] = {"\u2581", "\u2582", "\u2583", "\u2584",
					 "\u2585", "\u2586", "\u2587", "\u2588"};
static const char *const signs[LEVELS] = {".", ":", "-", "=", "+", "*", "%", "#"};

void top_spark(char *text, const double *values, size_t n, bool utf8)
{
	const char *const *levels = utf8 ? bars : signs;
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = values[i] > most ? values[i] : most;
	for (size_t i = 0; i < n; i++) {
		const char *bar = " ";

		if (values[i] > 0) {
			size_t level = (size_t)(LEVELS * (values[i] / most));

			bar = levels[level < LEVELS ? level : LEVELS - 1];
		}
		memcpy(text, bar, strlen(bar));
		text += strlen(bar);
	}
	*text = '\0';
}
