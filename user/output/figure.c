// SPDX-License-Identifier: BSD-2-Clause
#include "output/figure.h"

#include <inttypes.h>
#include <stdio.h>

#include "slicestat.h"

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

void figure_bytes(char text[FIGURE_SIZE], uint64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double v = (double)bytes;
	size_t unit = 0;

	/* What would be printed as 1024.0 is one of the next unit. */
	for (; v >= 1023.95; unit++)
		v /= 1024;
	if (unit == 0)
		snprintf(text, FIGURE_SIZE, "%" PRIu64 " B", bytes);
	else
		snprintf(text, FIGURE_SIZE, "%.1f %s", v, units[unit]);
}

static uint64_t bucket_low(size_t bucket)
{
	return bucket ? 1ULL << (bucket - 1) : 0;
}

/* Powers of two above a thousand: "4K" is 4096. */
static void round_figure(char text[FIGURE_SIZE], uint64_t v)
{
	static const char *const units[] = {"", "K", "M", "G"};
	size_t unit = 0;

	for (; v >= 1024 && unit < 3; unit++)
		v /= 1024;
	snprintf(text, FIGURE_SIZE, "%" PRIu64 "%s", v, units[unit]);
}

/* "8-15", "4K-8K"; the last bucket has no end. */
static void bucket_figure(char text[FIGURE_SIZE], size_t bucket)
{
	char low[FIGURE_SIZE], high[FIGURE_SIZE];

	if (bucket_low(bucket) < 1024) {
		snprintf(text, FIGURE_SIZE, "%" PRIu64 "-%" PRIu64, bucket_low(bucket),
			 bucket_low(bucket + 1) - 1);
		return;
	}
	round_figure(low, bucket_low(bucket));
	round_figure(high, bucket_low(bucket + 1));
	snprintf(text, FIGURE_SIZE, "%.8s-%.8s", low, bucket + 1 == SS_LEN_BUCKETS ? "" : high);
}

void figure_percentile(char text[FIGURE_SIZE], const uint64_t *lens, double share)
{
	uint64_t all = 0, below = 0;
	size_t bucket = 0;

	for (size_t i = 0; i < SS_LEN_BUCKETS; i++)
		all += lens[i];
	if (!all) {
		snprintf(text, FIGURE_SIZE, "?");
		return;
	}
	while (bucket + 1 < SS_LEN_BUCKETS && (double)(below += lens[bucket]) < share * (double)all)
		bucket++;
	if (bucket < 2)
		snprintf(text, FIGURE_SIZE, "%zu", bucket);
	else
		bucket_figure(text, bucket);
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
