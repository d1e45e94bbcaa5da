// SPDX-License-Identifier: BSD-2-Clause
/*
 * The kernel side on code of our own, by both ways to attach: exact bases, windows that flip, are
 * too small, or wake the loader. Needs the right to trace; fails without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>

#include "self_session.h"

#define BASES 64

struct tally {
	uint64_t events[BASES + 1]; /* by base, 1 to BASES */
	uint64_t len_sum, cap_sum, entries;
};

static void add_up(void *ctx, const void *entry_key, const void *entry_val)
{
	const struct ss_base_key *key = entry_key;
	const struct ss_base *val = entry_val;
	struct tally *t = ctx;

	assert_in_range(key->base, 1, BASES);
	assert_int_equal(key->target, 0);
	t->events[key->base] += val->events;
	t->len_sum += val->len_sum;
	t->cap_sum += val->cap_sum;
	t->entries++;
}

/* A session on this process whose windows hold max_bases; its gate is open. */
static struct session *start(enum session_attach_by by, uint32_t max_bases)
{
	const struct session_options opts = {.fold = SESSION_FOLD_BASES,
					     .max_bases = max_bases,
					     .max_pending = 1,
					     .max_targets = 1,
					     .by = by};
	static struct plan plan;

	assert_int_equal(calibrate_plan(&plan), 0);
	return self_session(&opts, &plan, NULL);
}

static void snapshot(struct session *s, struct tally *t)
{
	take_snapshot(s, add_up, t);
}

static void check_exact(enum session_attach_by by)
{
	struct session *s = start(by, BASES);
	uint64_t counts[SS_COUNTS];
	struct tally t = {.entries = 0};

	assert_int_equal(session_attach_by(s), by);
	for (int round = 0; round < 3; round++) {
		for (uint64_t base = 1; base <= BASES; base++)
			calibrate_emulated(base);
		calibrate_stepped(1);
		snapshot(s, &t);
	}
	assert_int_equal(session_stop(s), 0);
	calibrate_emulated(1);
	snapshot(s, &t);
	assert_int_equal(t.entries, 3 * BASES);
	assert_int_equal(t.events[1], 6);
	for (uint64_t base = 2; base <= BASES; base++)
		assert_int_equal(t.events[base], 3);
	assert_int_equal(t.len_sum, 3 * (BASES + 1));
	assert_int_equal(t.cap_sum, 6 * (BASES + 1));
	assert_int_equal(session_counts(s, counts), 0);
	assert_int_equal(counts[SS_SEEN], 3 * (BASES + 1));
	assert_int_equal(counts[SS_FOLDED], 3 * (BASES + 1));
	assert_int_equal(counts[SS_TRAPS_EMULATED], 3 * BASES);
	assert_int_equal(counts[SS_TRAPS_STEPPED], 3);
	assert_int_equal(session_pending(s), 0);
	session_free(s);
}

static void by_uprobe_multi(void **state)
{
	(void)state;
	skip_without_multi();
	check_exact(SESSION_UPROBE_MULTI);
}

static void by_perf_events(void **state)
{
	(void)state;
	check_exact(SESSION_PERF_EVENT);
}

static void closed_gate_counts_nothing(void **state)
{
	struct session *s = start(SESSION_BEST, BASES);
	struct tally t = {.entries = 0};
	uint64_t counts[SS_COUNTS];

	(void)state;
	assert_int_equal(session_detach(s, 0, false), 0);
	calibrate_emulated(1);
	snapshot(s, &t);
	assert_int_equal(session_counts(s, counts), 0);
	for (int slot = 0; slot < SS_COUNTS; slot++)
		assert_int_equal(counts[slot], 0);
	assert_int_equal(t.entries, 0);
	session_free(s);
}

static void full_window_counts_its_losses(void **state)
{
	/* Slots for 10 bases: twice as many, rounded up to a power of two. */
	enum { ROOM = 32 };
	struct session *s = start(SESSION_BEST, 10);
	struct tally t = {.entries = 0};
	uint64_t counts[SS_COUNTS];

	(void)state;
	for (uint64_t base = 1; base <= BASES; base++)
		calibrate_emulated(base);
	calibrate_emulated(1);
	session_stop(s);
	snapshot(s, &t);
	assert_int_equal(session_counts(s, counts), 0);
	assert_int_equal(t.entries, ROOM);
	assert_int_equal(counts[SS_SEEN], BASES + 1);
	assert_int_equal(counts[SS_FOLDED], ROOM + 1);
	assert_int_equal(counts[SS_LOST_BASES_FULL], BASES - ROOM);
	assert_int_equal(t.events[1], 2);
	session_free(s);
}

/* Whether the loader is woken now; the note is there as soon as the event is over. */
static int woken(const struct session *s)
{
	struct pollfd fd = {.fd = session_wake_fd(s), .events = POLLIN};

	return poll(&fd, 1, 0);
}

static void half_full_window_wakes_the_loader(void **state)
{
	enum { ROOM = 32 };
	struct session *s = start(SESSION_BEST, ROOM);
	struct tally t = {.entries = 0};

	(void)state;
	for (int round = 0; round < 5; round++) {
		for (uint64_t base = 1; base < ROOM / 2; base++)
			calibrate_emulated(base);
		assert_int_equal(woken(s), 0);
		calibrate_emulated(ROOM / 2);
		assert_int_equal(woken(s), 1);
		snapshot(s, &t);
		assert_int_equal(woken(s), 0);
	}
	assert_int_equal(t.entries, 5 * ROOM / 2);
	session_free(s);
}

/* What happens while it is paused is neither counted nor trapped. */
static void check_pause(enum session_attach_by by)
{
	struct session *s = start(by, BASES);
	struct tally t = {.entries = 0};
	struct reason why = {.text = ""};

	calibrate_emulated(1);
	for (int round = 0; round < 3; round++) {
		assert_int_equal(session_pause(s), 0);
		calibrate_emulated(2);
		calibrate_stepped(2);
		assert_int_equal(counted(s, SS_TRAPS_EMULATED), 1 + round);
		if (session_resume(s, &why))
			fail_msg("%s", why.text);
		session_start(s);
		calibrate_emulated(3);
	}
	assert_int_equal(session_stop(s), 0);
	snapshot(s, &t);
	assert_int_equal(t.events[1], 1);
	assert_int_equal(t.events[2], 0);
	assert_int_equal(t.events[3], 3);
	assert_int_equal(counted(s, SS_SEEN), 4);
	assert_int_equal(counted(s, SS_FOLDED), 4);
	assert_int_equal(counted(s, SS_TRAPS_STEPPED), 0);
	assert_int_equal(session_abandoned(s), 0);
	session_free(s);
}

static void paused_by_uprobe_multi(void **state)
{
	(void)state;
	skip_without_multi();
	check_pause(SESSION_UPROBE_MULTI);
}

static void paused_by_perf_events(void **state)
{
	(void)state;
	check_pause(SESSION_PERF_EVENT);
}

/* The gate stays closed until it is opened. */
static void resuming_opens_no_gate(void **state)
{
	struct session *s = start(SESSION_BEST, BASES);
	struct reason why = {.text = ""};

	(void)state;
	assert_int_equal(session_pause(s), 0);
	assert_int_equal(session_resume(s, &why), 0);
	calibrate_emulated(1);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 1);
	assert_int_equal(counted(s, SS_SEEN), 0);
	session_free(s);
}

/* A target that was detached stays so. */
static void detached_targets_are_not_resumed(void **state)
{
	struct session *s = start(SESSION_BEST, BASES);
	struct reason why = {.text = ""};

	(void)state;
	assert_int_equal(session_detach(s, 0, false), 0);
	assert_int_equal(session_pause(s), 0);
	assert_int_equal(session_resume(s, &why), 0);
	session_start(s);
	calibrate_emulated(1);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 0);
	session_free(s);
}

/* One that comes meanwhile is attached once, and not before. */
static void targets_that_come_in_a_pause(void **state)
{
	struct session *s = start(SESSION_BEST, BASES);
	struct session_target self = {.pid = getpid(), .exe_fd = open("/proc/self/exe", O_RDONLY)};
	struct reason why = {.text = ""};
	struct plan plan;

	(void)state;
	assert_true(self.exe_fd >= 0);
	assert_int_equal(calibrate_plan(&plan), 0);
	assert_int_equal(session_detach(s, 0, false), 0);
	assert_int_equal(session_pause(s), 0);
	assert_int_equal(session_attach(s, &self, &plan, NULL, &why), 0);
	calibrate_emulated(1);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 0);
	assert_int_equal(session_resume(s, &why), 0);
	session_start(s);
	calibrate_emulated(1);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 1);
	assert_int_equal(counted(s, SS_FOLDED), 1);
	session_free(s);
	close(self.exe_fd);
}

static void memory_is_told(void **state)
{
	struct session *small = start(SESSION_BEST, 16), *large = start(SESSION_BEST, 65536);

	(void)state;
	assert_true(session_memory(small) > 0);
	assert_true(session_memory(large) >
		    session_memory(small) + 2UL * 65536 * sizeof(struct ss_base));
	session_free(small);
	session_free(large);
}

static void calibration_is_plausible(void **state)
{
	struct calibration cost;
	struct reason why = {.text = ""};

	(void)state;
	if (calibrate(SESSION_BEST, &cost, &why))
		fail_msg("%s", why.text);
	assert_true(cost.emulated_s > 20e-9 && cost.emulated_s < 1e-3);
	assert_true(cost.stepped_s > 20e-9 && cost.stepped_s < 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_uprobe_multi),
		cmocka_unit_test(by_perf_events),
		cmocka_unit_test(closed_gate_counts_nothing),
		cmocka_unit_test(full_window_counts_its_losses),
		cmocka_unit_test(half_full_window_wakes_the_loader),
		cmocka_unit_test(paused_by_uprobe_multi),
		cmocka_unit_test(paused_by_perf_events),
		cmocka_unit_test(resuming_opens_no_gate),
		cmocka_unit_test(detached_targets_are_not_resumed),
		cmocka_unit_test(targets_that_come_in_a_pause),
		cmocka_unit_test(memory_is_told),
		cmocka_unit_test(calibration_is_plausible),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
