// SPDX-License-Identifier: BSD-2-Clause
/*
 * Events added up by call site in the kernel, on code of our own: exact sums by both ways to
 * attach, shards by CPU, stacks, windows that are too small. Needs the right to trace; fails
 * without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>

#include "self_session.h"

/* The same code, with what stands in the register of the bytes copied. */
void emulated_copying(uint64_t base, uint64_t unused1, uint64_t unused2,
		      uint64_t copied) __asm__("calibrate_emulated");

#define SHARDS 4

struct tally {
	struct ss_site emulated, stepped;
	uint64_t pcs[2]; /* of the emulated and the stepped call */
	uint64_t entries;
	uint64_t by_shard[SHARDS]; /* events */
	uint32_t stack;
};

static void add_site(struct ss_site *to, const struct ss_site *from)
{
	to->events += from->events;
	to->len_sum += from->len_sum;
	to->cap_sum += from->cap_sum;
	to->copied_bytes += from->copied_bytes;
	to->copied_elems += from->copied_elems;
	for (int i = 0; i < SS_LEN_BUCKETS; i++)
		to->lens[i] += from->lens[i];
}

/* The stepped call is in calibrate_stepped, the others are the test's. */
static int is_stepped(uint64_t pc)
{
	return pc > (uintptr_t)calibrate_stepped && pc < (uintptr_t)calibrate_stepped_site;
}

static void add_up(void *ctx, const void *entry_key, const void *entry_val)
{
	const struct ss_site_key *key = entry_key;
	const struct ss_site *val = entry_val;
	struct tally *t = ctx;
	int stepped = is_stepped(key->pc);

	assert_int_equal(key->target, 0);
	assert_int_equal(key->type, 0);
	assert_int_equal(key->op, SS_OP_GROW);
	assert_true(key->shard < SHARDS);
	assert_true(!t->pcs[stepped] || t->pcs[stepped] == key->pc);
	t->pcs[stepped] = key->pc;
	t->by_shard[key->shard] += val->events;
	t->stack = key->stack;
	t->entries++;
	add_site(stepped ? &t->stepped : &t->emulated, val);
}

static struct session_options options(enum session_attach_by by)
{
	return (struct session_options){.fold = SESSION_FOLD_SITES,
					.max_bases = 1,
					.max_sites = 16,
					.max_pending = 1,
					.max_targets = 1,
					.by = by};
}

static struct session *start(const struct session_options *opts)
{
	struct plan plan;

	assert_int_equal(calibrate_plan(&plan), 0);
	return self_session(opts, &plan, NULL);
}

/* Events from one call site, each with that many bytes copied. */
static __attribute__((noinline)) void emulate(int events, uint64_t copied)
{
	for (int i = 0; i < events; i++)
		emulated_copying(1 + (uint64_t)i, 0, 0, copied);
}

static void assert_sums(const struct ss_site *s, uint64_t events, uint64_t copied)
{
	assert_int_equal(s->events, events);
	assert_int_equal(s->len_sum, events);
	assert_int_equal(s->cap_sum, 2 * events);
	assert_int_equal(s->copied_bytes, copied);
	assert_int_equal(s->copied_elems, 0);
	for (int i = 0; i < SS_LEN_BUCKETS; i++)
		assert_int_equal(s->lens[i], i == 1 ? events : 0);
}

static void check_exact(enum session_attach_by by)
{
	const struct session_options opts = options(by);
	struct session *s = start(&opts);
	struct tally t = {.entries = 0};

	assert_int_equal(session_attach_by(s), by);
	for (int round = 1; round <= 3; round++) {
		emulate(50, 8);
		emulate(10, 0);
		for (int i = 0; i < 7; i++)
			calibrate_stepped(1);
		take_snapshot(s, add_up, &t);
		assert_sums(&t.emulated, 60UL * round, 400UL * round);
		assert_sums(&t.stepped, 7UL * round, 0);
	}
	assert_int_equal(session_stop(s), 0);
	emulate(1, 8);
	take_snapshot(s, add_up, &t);
	assert_sums(&t.emulated, 180, 1200);
	assert_int_equal(counted(s, SS_SEEN), 201);
	assert_int_equal(counted(s, SS_FOLDED), 201);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 180);
	assert_int_equal(counted(s, SS_TRAPS_STEPPED), 21);
	assert_int_equal(counted(s, SS_STACKLESS), 0);
	assert_int_equal(session_pending(s), 0);
	assert_int_equal(t.stack, 0);
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

/* The nearest power of two that covers the CPUs, at most four. */
static uint32_t shard_count(void)
{
	uint32_t n = 1;
	long ncpus = sysconf(_SC_NPROCESSORS_CONF);

	while (n < SHARDS && n < ncpus)
		n *= 2;
	return n;
}

/* On each CPU that this process may use, one event more than on the one before. */
static void each_cpu_has_its_shard(void **state)
{
	const struct session_options opts = options(SESSION_BEST);
	uint64_t expected[SHARDS] = {0}, events = 0;
	struct session *s = start(&opts);
	struct tally t = {.entries = 0};
	cpu_set_t all, one;
	int n = 0;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
		emulate(++n, 16);
		expected[(uint32_t)cpu % shard_count()] += (uint64_t)n;
		events += (uint64_t)n;
	}
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
	take_snapshot(s, add_up, &t);
	for (uint32_t i = 0; i < SHARDS; i++)
		assert_int_equal(t.by_shard[i], expected[i]);
	assert_sums(&t.emulated, events, 16 * events);
	session_free(s);
}

static void stacks_tell_the_callers(void **state)
{
	struct session_options opts = options(SESSION_BEST);
	uint64_t pcs[SS_STACK_DEPTH];
	struct tally t = {.entries = 0};
	struct session *s;

	(void)state;
	opts.stacks = true;
	s = start(&opts);
	emulate(5, 0);
	take_snapshot(s, add_up, &t);
	assert_sums(&t.emulated, 5, 0);
	assert_int_not_equal(t.stack, 0);
	assert_int_equal(counted(s, SS_STACKLESS), 0);
	assert_true(session_stack(s, t.stack, pcs) > 0);
	/* The innermost is the probed instruction itself. */
	assert_int_equal(pcs[0], (uintptr_t)calibrate_emulated_site);
	assert_true(session_stack(s, t.stack + 1, pcs) < 0);
	session_free(s);
}

struct held {
	uint64_t entries, events;
};

static void count_held(void *ctx, const void *key, const void *val)
{
	struct held *h = ctx;

	(void)key;
	h->entries++;
	h->events += ((const struct ss_site *)val)->events;
}

/* Sixteen sites on one CPU; the first has five events, the others have one. */
static void run_sixteen_sites(void)
{
	emulate(3, 0);
	calibrate_emulated(1), calibrate_emulated(1), calibrate_emulated(1);
	calibrate_emulated(1), calibrate_emulated(1), calibrate_emulated(1);
	calibrate_emulated(1), calibrate_emulated(1), calibrate_emulated(1);
	calibrate_emulated(1), calibrate_emulated(1), calibrate_emulated(1);
	calibrate_emulated(1), calibrate_emulated(1);
	calibrate_stepped(1);
	emulate(2, 0);
}

static void full_window_counts_its_losses(void **state)
{
	struct session_options opts = options(SESSION_BEST);
	/* Slots for one site: two for each of its shards. */
	const uint64_t room = 2UL * shard_count();
	struct held held = {0};
	cpu_set_t all, one;
	struct session *s;

	(void)state;
	opts.max_sites = 1;
	s = start(&opts);
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	run_sixteen_sites();
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
	assert_int_equal(session_stop(s), 0);
	take_snapshot(s, count_held, &held);
	assert_int_equal(held.entries, room);
	assert_int_equal(held.events, 5 + room - 1);
	assert_int_equal(counted(s, SS_SEEN), 20);
	assert_int_equal(counted(s, SS_FOLDED), 5 + room - 1);
	assert_int_equal(counted(s, SS_LOST_SITES_FULL), 16 - room);
	session_free(s);
}

/* However many windows were drained since it was asked last. */
static void fullest_window_is_told(void **state)
{
	const struct session_options opts = options(SESSION_PERF_EVENT);
	struct session *s = start(&opts);
	struct tally t = {.entries = 0};
	uint64_t entries[2];
	double fill[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		emulate(1, 8);
		for (int calls = 0; calls < i; calls++)
			calibrate_stepped(1);
		t.entries = 0;
		take_snapshot(s, add_up, &t);
		entries[i] = t.entries;
		take_snapshot(s, add_up, &t);
		assert_int_equal(t.entries, entries[i]);
		fill[i] = session_take_window_fill(s);
	}
	assert_true(entries[0] > 0 && entries[1] > 0 && fill[0] > 0);
	assert_true(fill[0] / (double)entries[0] == fill[1] / (double)entries[1]);
	take_snapshot(s, add_up, &t);
	assert_true(session_take_window_fill(s) == 0);
	session_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_uprobe_multi),
		cmocka_unit_test(by_perf_events),
		cmocka_unit_test(each_cpu_has_its_shard),
		cmocka_unit_test(stacks_tell_the_callers),
		cmocka_unit_test(full_window_counts_its_losses),
		cmocka_unit_test(fullest_window_is_told),
	};

	return cmocka_run_group_tests_name("session sites", tests, NULL, NULL);
}
