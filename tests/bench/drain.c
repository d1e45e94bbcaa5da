// SPDX-License-Identifier: BSD-2-Clause
/*
 * drain [ROUNDS]: what it costs slicestat to take a snapshot of many bases: CPU time, on a session
 * that traces this very process. Samples as in sample.h; the floor is a copy of as many bytes.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sample.h"
#include "session/calibrate.h"
#include "session/calibrate_sites.h"
#include "session/session.h"

#define SECTION	      "start"
#define BASE	      0xc000000000ULL
#define STRIDE	      64 /* bytes from one base to the next */
#define DEFAULT_BASES 262144

struct seen {
	uint64_t keys;
	uint64_t events;
};

static void add_up(void *ctx, const void *key, const void *val)
{
	const struct ss_base *b = val;
	struct seen *seen = ctx;

	(void)key;
	seen->keys++;
	seen->events += b->events;
}

static struct session *self_session(uint32_t max_bases)
{
	const struct session_options opts = {
		.max_bases = max_bases, .max_pending = 1, .max_targets = 1};
	struct session_target self = {.pid = getpid()};
	struct reason why = {.text = ""};
	struct session *s;
	struct plan plan;

	if (calibrate_plan(&plan))
		errx(2, "cannot find our own code");
	self.exe_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (self.exe_fd < 0)
		err(2, "/proc/self/exe");
	if (session_new(&opts, &s, &why) || session_attach(s, &self, &plan, NULL, &why))
		errx(2, "%s", why.text);
	close(self.exe_fd);
	return s;
}

static void print_drain(uint64_t keys, const char *side, uint64_t ns)
{
	char name[80];

	snprintf(name, sizeof(name), "snapshot of %" PRIu64 " bases", keys);
	sample_print(SECTION, name, side, "ns/base", (double)ns / (double)keys);
}

/* In windows of slicestat's own size where they fit. */
static void measure_snapshot(uint64_t keys)
{
	struct session *s = self_session(keys > DEFAULT_BASES ? 1 << 20 : DEFAULT_BASES);
	struct reason why = {.text = ""};
	struct seen seen = {0};
	uint64_t begin;

	session_start(s);
	for (uint64_t i = 0; i < keys; i++)
		calibrate_emulated(BASE + i * STRIDE);
	begin = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	if (session_snapshot(s, add_up, &seen, &why))
		errx(2, "%s", why.text);
	print_drain(keys, "slicestat", clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin);
	if (seen.keys != keys || seen.events != keys)
		errx(2, "%" PRIu64 " bases and %" PRIu64 " events, not %" PRIu64, seen.keys,
		     seen.events, keys);
	session_stop(s);
	session_free(s);
}

static void measure_copy(uint64_t keys)
{
	const size_t size = keys * (sizeof(struct ss_base_key) + sizeof(struct ss_base));
	char *from = malloc(size), *to = malloc(size);
	uint64_t begin;

	if (!from || !to)
		err(2, "malloc");
	/* Their pages are made here. */
	memset(from, (int)keys, size);
	memset(to, 1, size);
	begin = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	memcpy(to, from, size);
	print_drain(keys, "copy", clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin);
	if (memcmp(to, from, size) != 0)
		errx(2, "not copied");
	free(from);
	free(to);
}

int main(int argc, char **argv)
{
	static const uint64_t numbers[] = {10000, 100000, 1000000};
	const int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 3;

	for (int i = 0; i < rounds; i++) {
		for (size_t n = 0; n < sizeof(numbers) / sizeof(*numbers); n++) {
			measure_copy(numbers[n]);
			measure_snapshot(numbers[n]);
		}
	}
	return 0;
}
