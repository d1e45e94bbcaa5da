// SPDX-License-Identifier: BSD-2-Clause
/*
 * frames_speed EXECUTABLE COUNT ROUNDS
 *
 * Symbolizes COUNT distinct addresses of Go's text, ROUNDS times, and prints "MS FRAMES": the least
 * CPU time that a round took, in whole milliseconds rounded up, and the frames that were found. The
 * executable is opened before, and no address is asked for twice in a round.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "text_pcs.h"

static uint64_t cpu_ns(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t))
		err(2, "clock_gettime");
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static unsigned long number(const char *text)
{
	char *end;
	const unsigned long n = strtoul(text, &end, 10);

	if (*end || n == 0)
		errx(2, "not a number: %s", text);
	return n;
}

/* Addresses in random order, each one once. */
static uint64_t *distinct_pcs(const struct gobin *bin, size_t count)
{
	struct text_pcs pcs = text_pcs_of(bin);
	uint64_t *list = calloc(count, sizeof(*list));
	unsigned char *taken = calloc(pcs.size + 1, 1);

	if (!list || !taken)
		err(2, "calloc");
	if (count > pcs.size / 2)
		errx(2, "the text is too small for %zu addresses", count);
	for (size_t n = 0; n < count;) {
		const uint64_t pc = text_pcs_next(&pcs);

		if (taken[pc - pcs.start])
			continue;
		taken[pc - pcs.start] = 1;
		list[n++] = pc;
	}
	free(taken);
	return list;
}

static uint64_t count_frames(const struct gobin *bin, const uint64_t *list, size_t count)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX];
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		const int n = gobin_frames(bin, list[i], frames, GOBIN_FRAMES_MAX);

		if (n <= 0)
			errx(2, "no function has 0x%" PRIx64, list[i]);
		sum += (uint64_t)n;
	}
	return sum;
}

static void print_best(const struct gobin *bin, size_t count, unsigned long rounds)
{
	uint64_t *list = distinct_pcs(bin, count);
	uint64_t best = UINT64_MAX, sum = 0;

	while (rounds--) {
		const uint64_t begin = cpu_ns();
		uint64_t took;

		sum = count_frames(bin, list, count);
		took = cpu_ns() - begin;
		if (took < best)
			best = took;
	}
	printf("%" PRIu64 " %" PRIu64 "\n", (best + 999999) / 1000000, sum);
	free(list);
}

int main(int argc, char **argv)
{
	struct reason why = {0};
	struct gobin *bin;
	int fd;

	if (argc != 4)
		errx(2, "usage: frames_speed EXECUTABLE COUNT ROUNDS");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", argv[1]);
	if (gobin_open(fd, &bin, &why))
		errx(2, "%s: %s", argv[1], why.text);
	print_best(bin, number(argv[2]), number(argv[3]));
	gobin_free(bin);
	close(fd);
	return 0;
}
