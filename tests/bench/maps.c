// SPDX-License-Identifier: BSD-2-Clause
/*
 * maps [ROUNDS]: what it costs to add an event up, by kind of map, and to read all of them out. CPU
 * time of the threads that do it, without the loop's own; samples as in sample.h.
 */
#include <bpf/bpf.h>
#include <err.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "map_kind.h"
#include "maps.h"
#include "sample.h"

#define SECTION	 "maps"
#define BATCH	 16384
#define HITS	 200000
#define STEP	 0x9e3779b1 /* odd: runs through all keys in no order */
#define THREADS	 2
#define CAPACITY 262144 /* keys that the maps hold, as many as slicestat's by default */

struct task {
	int program;
	int cpu;
	uint64_t first;
	uint64_t count;
	uint64_t step;
	uint64_t mask;
	pthread_barrier_t *start;
	uint64_t ns;
};

static void run_batch(const struct task *t, uint64_t done, uint64_t count)
{
	uint64_t args[MAP_ARGS] = {
		[MAP_FIRST] = t->first + done,
		[MAP_COUNT] = count,
		[MAP_STEP] = t->step,
		[MAP_MASK] = t->mask,
	};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args));

	if (bpf_prog_test_run_opts(t->program, &opts))
		err(2, "cannot run a BPF program");
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(2, "cannot use CPU %d", cpu);
}

static void *run_task(void *arg)
{
	struct task *t = arg;
	uint64_t begin;

	pin(t->cpu);
	pthread_barrier_wait(t->start);
	begin = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	for (uint64_t done = 0; done < t->count; done += BATCH)
		run_batch(t, done, t->count - done < BATCH ? t->count - done : BATCH);
	t->ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin;
	return NULL;
}

/* The CPUs that this program may use, at most THREADS. */
static int own_cpus(int cpus[THREADS])
{
	cpu_set_t set;
	int n = 0;

	if (sched_getaffinity(0, sizeof(set), &set))
		err(2, "sched_getaffinity");
	for (int cpu = 0; cpu < CPU_SETSIZE && n < THREADS; cpu++) {
		if (CPU_ISSET(cpu, &set))
			cpus[n++] = cpu;
	}
	return n;
}

/* What is done with a map: `count` events for each thread, theirs alone or all of the same keys. */
struct load {
	uint64_t keys;
	uint64_t count;
	uint64_t step;
	int threads;
	int apart;
};

/* CPU nanoseconds an event. */
static double run_load(const struct bench_map *m, const struct load *l, const int *cpus)
{
	pthread_t threads[THREADS];
	struct task tasks[THREADS];
	pthread_barrier_t start;
	uint64_t sum = 0;

	pthread_barrier_init(&start, NULL, (unsigned int)l->threads);
	for (int i = 0; i < l->threads; i++) {
		tasks[i] = (struct task){
			.program = bench_map_program(m),
			.cpu = cpus[i],
			.first = l->apart ? (uint64_t)i * l->count : (uint64_t)i * 7919,
			.count = l->count,
			.step = l->step,
			.mask = l->step == 1 ? UINT64_MAX : l->keys - 1,
			.start = &start,
		};
		if (pthread_create(&threads[i], NULL, run_task, &tasks[i]))
			errx(2, "cannot start a thread");
	}
	for (int i = 0; i < l->threads; i++) {
		pthread_join(threads[i], NULL);
		sum += tasks[i].ns;
	}
	pthread_barrier_destroy(&start);
	return (double)sum / (double)(l->count * (uint64_t)l->threads);
}

static void check(const struct bench_map *m, enum map_kind kind, const struct drained *d,
		  uint64_t keys, uint64_t events)
{
	if (bench_map_failed(m))
		errx(2, "the %s: %" PRIu64 " events found no place", bench_map_name(kind),
		     bench_map_failed(m));
	if (d->keys != keys || d->events != events)
		errx(2,
		     "the %s has %" PRIu64 " keys and %" PRIu64 " events, not %" PRIu64
		     " and %" PRIu64,
		     bench_map_name(kind), d->keys, d->events, keys, events);
}

static void print_case(const char *what, const struct load *l, enum map_kind kind, double ns)
{
	char name[80];

	snprintf(name, sizeof(name), "%s, %" PRIu64 " key%s, %d thread%s", what, l->keys,
		 l->keys == 1 ? "" : "s", l->threads, l->threads == 1 ? "" : "s");
	sample_print(SECTION, name, bench_map_name(kind), "ns/event", ns);
}

/* Events of new keys, then of known ones. */
static void measure_events(struct bench_map *const maps[KINDS], uint64_t keys, int threads,
			   const int *cpus)
{
	const struct load insert = {.keys = keys,
				    .count = keys > 1 ? keys / (uint64_t)threads : 1,
				    .step = STEP,
				    .threads = keys > 1 ? threads : 1,
				    .apart = 1};
	const struct load hit = {.keys = keys, .count = HITS, .step = STEP, .threads = threads};
	const double loop = run_load(maps[KIND_NOTHING], &hit, cpus);

	for (enum map_kind kind = 0; kind < KIND_NOTHING; kind++) {
		struct drained d;
		double ns = run_load(maps[kind], &insert, cpus) - loop;

		if (keys > 1)
			print_case("insert", &insert, kind, ns);
		ns = run_load(maps[kind], &hit, cpus) - loop;
		print_case("hit", &hit, kind, ns);
		d = bench_map_drain(maps[kind]);
		check(maps[kind], kind, &d, keys, keys + HITS * (uint64_t)threads);
	}
}

static void measure_drain(struct bench_map *m, enum map_kind kind, uint64_t keys, const int *cpus)
{
	const struct load fill = {.keys = keys, .count = keys, .step = 1, .threads = 1, .apart = 1};
	struct drained d;
	uint64_t begin;
	char name[80];

	run_load(m, &fill, cpus);
	begin = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	d = bench_map_drain(m);
	snprintf(name, sizeof(name), "drain, %" PRIu64 " keys", keys);
	sample_print(SECTION, name, bench_map_name(kind), "ns/key",
		     (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - begin) / (double)keys);
	check(m, kind, &d, keys, keys);
}

/* More keys than the other maps hold. */
static void measure_large_drain(enum map_kind kind, const int *cpus)
{
	struct bench_map *m = bench_map_open(kind, 1000000);

	measure_drain(m, kind, 1000000, cpus);
	bench_map_free(m);
}

static void measure_round(struct bench_map *const maps[KINDS], const int *cpus, int ncpus)
{
	static const uint64_t key_numbers[] = {1, 4096, 32768, CAPACITY};
	static const uint64_t drain_numbers[] = {10000, 100000};

	for (size_t i = 0; i < sizeof(key_numbers) / sizeof(*key_numbers); i++) {
		for (int threads = 1; threads <= ncpus; threads++)
			measure_events(maps, key_numbers[i], threads, cpus);
	}
	for (size_t i = 0; i < sizeof(drain_numbers) / sizeof(*drain_numbers); i++) {
		for (enum map_kind kind = 0; kind < KIND_NOTHING; kind++)
			measure_drain(maps[kind], kind, drain_numbers[i], cpus);
	}
	for (enum map_kind kind = 0; kind < KIND_NOTHING; kind++)
		measure_large_drain(kind, cpus);
}

int main(int argc, char **argv)
{
	const int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 7;
	struct bench_map *maps[KINDS];
	int cpus[THREADS];
	const int ncpus = own_cpus(cpus);

	for (enum map_kind kind = 0; kind < KINDS; kind++)
		maps[kind] = bench_map_open(kind, CAPACITY);
	printf("reference\t" SECTION "\t*\t%s\n", bench_map_name(KIND_HASH));
	for (int i = 0; i < rounds; i++)
		measure_round(maps, cpus, ncpus);
	for (enum map_kind kind = 0; kind < KINDS; kind++)
		bench_map_free(maps[kind]);
	return 0;
}
