// SPDX-License-Identifier: BSD-2-Clause
#include "session/calibrate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "session/calibrate_sites.h"
#include "session/session.h"
#include "target/maps.h"

/*
 * Hits are timed in batches, of which the median counts: what interrupts one (a tick, another CPU
 * that takes the cache lines away) does not move it. A batch takes some 0.2 ms, so that reading the
 * clock is below a thousandth of it.
 */
#define BATCHES	       15
#define EMULATED_BATCH 128
#define STEPPED_BATCH  24
#define BASES	       16

/* A batch before those that count brings code and maps into the caches. */
#define HITS ((BATCHES + 1ull) * (EMULATED_BATCH + STEPPED_BATCH))

/* File offset of our own code at addr, from the mapping that holds it. */
static int own_offset(const char *addr, uint64_t *offset)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	struct mapping m;
	char line[512];
	int err = -ENOENT;

	if (!maps)
		return -errno;
	while (err && fgets(line, sizeof(line), maps)) {
		line[strcspn(line, "\n")] = '\0';
		if (mapping_parse(line, &m) || (uint64_t)addr < m.start || (uint64_t)addr >= m.end)
			continue;
		*offset = m.offset + ((uint64_t)addr - m.start);
		err = 0;
	}
	fclose(maps);
	return err;
}

int calibrate_plan(struct plan *plan)
{
	int err;

	*plan = (struct plan){
		.nfuncs = 1,
		.nsites = 2,
		.grow_frame = {.base = CALIBRATE_BASE,
			       .len = CALIBRATE_LEN,
			       .cap = CALIBRATE_CAP,
			       .caller = CALIBRATE_CALLER},
		.funcs = {{.name = "calibration", .op = SS_OP_GROW}},
		.sites = {{.point = PLAN_GROW_CALL, .price = PLAN_EMULATED},
			  {.point = PLAN_GROW_RET, .price = PLAN_STEPPED}},
	};
	err = own_offset(calibrate_emulated_site, &plan->sites[0].offset);
	return err ? err : own_offset(calibrate_stepped_site, &plan->sites[1].offset);
}

static double thread_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* CPU seconds a hit. */
static double time_batch(void (*run)(uint64_t base), int hits)
{
	double begin = thread_seconds();

	for (int i = 0; i < hits; i++)
		run(1 + (uint64_t)(i % BASES));
	return (thread_seconds() - begin) / hits;
}

static int compare_seconds(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median_hit(void (*run)(uint64_t base), int hits)
{
	double batches[BATCHES];

	time_batch(run, hits);
	for (int i = 0; i < BATCHES; i++)
		batches[i] = time_batch(run, hits);
	qsort(batches, BATCHES, sizeof(batches[0]), compare_seconds);
	return batches[BATCHES / 2];
}

/* Events are counted when the probed instruction is over: no probe need be detached before. */
static int measure(struct session *s, struct calibration *out, struct reason *why)
{
	uint64_t counts[SS_COUNTS];
	int err;

	session_start(s);
	out->emulated_s = median_hit(calibrate_emulated, EMULATED_BATCH);
	out->stepped_s = median_hit(calibrate_stepped, STEPPED_BATCH);
	err = session_counts(s, counts);
	if (err)
		return reason_set(why, err, "cannot read the counters: %s", strerror(-err));
	if (counts[SS_FOLDED] != HITS)
		return reason_set(why, -EPROTO,
				  "this kernel counted %" PRIu64
				  " of %llu events in the self-test: "
				  "slicestat would not be exact here",
				  counts[SS_FOLDED], HITS);
	return 0;
}

static int attach_self(enum session_attach_by by, struct session **s, struct reason *why)
{
	const struct session_options opts = {
		.max_bases = BASES, .max_pending = 1, .max_targets = 1, .by = by};
	struct session_target self = {.pid = getpid()};
	struct plan plan;
	int err = calibrate_plan(&plan);

	if (err)
		return reason_set(why, err, "cannot find our own code: %s", strerror(-err));
	self.exe_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (self.exe_fd < 0)
		return reason_set(why, -errno, "cannot open /proc/self/exe: %s", strerror(errno));
	err = session_new(&opts, s, why);
	if (!err)
		err = session_attach(*s, &self, &plan, NULL, why);
	close(self.exe_fd);
	return err;
}

int calibrate_session(enum session_attach_by by, struct session **session, struct calibration *out,
		      struct reason *why)
{
	struct session *s = NULL;
	int err = attach_self(by, &s, why);

	if (!err)
		err = measure(s, out, why);
	if (err) {
		session_free(s);
		return err;
	}
	*session = s;
	return 0;
}

int calibrate(enum session_attach_by by, struct calibration *out, struct reason *why)
{
	struct session *s = NULL;
	int err = calibrate_session(by, &s, out, why);

	session_free(s);
	return err;
}
