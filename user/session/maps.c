// SPDX-License-Identifier: BSD-2-Clause
#include "session/maps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "session/map_walk.h"
#include "session/slots.h"

/* More shards of a site cost memory, also on machines with hundreds of CPUs. */
#define SHARDS_MAX 4

/* Goroutines on their way from a call into growslice, with the type that they pass. */
#define MAX_PASSED 8192

/* The least the kernel gives, with pages of 4 KiB; libbpf makes it a page. */
#define RING_BYTES_MIN 4096

/*
 * Distinct stacks that are kept. Two that want the same place are kept once; places are the next
 * power of two (stack_map_alloc in Linux's kernel/bpf/stackmap.c), memory is that of the stacks:
 * one more than a power of two has the most places for its memory.
 */
#define MAX_STACKS 32769

uint32_t maps_shards(int ncpus)
{
	uint32_t n = 1;

	while (n < SHARDS_MAX && n < (uint32_t)ncpus)
		n *= 2;
	return n;
}

uint32_t maps_entries(const struct session_options *opts, uint32_t shards)
{
	switch (opts->fold) {
	case SESSION_FOLD_SITES:
		return opts->max_sites * shards;
	case SESSION_FOLD_CHAINS:
		return opts->max_tails;
	case SESSION_FOLD_BASES:
		break;
	}
	return opts->max_bases;
}

static int size_maps(struct maps_bpf *maps, const struct session_options *opts, uint32_t entries)
{
	const uint32_t bases = opts->fold == SESSION_FOLD_BASES ? slots_for(entries) : 1;
	const uint32_t sites = opts->fold == SESSION_FOLD_SITES ? slots_for(entries) : 1;
	const bool chains = opts->fold == SESSION_FOLD_CHAINS;
	/* Where one window lasts, the other is never filled. */
	const struct {
		struct bpf_map *map;
		uint32_t max_entries;
	} sizes[] = {
		{maps->maps.bases_a, bases},
		{maps->maps.bases_b, opts->lasts ? 1 : bases},
		{maps->maps.sites_a, sites},
		{maps->maps.sites_b, opts->lasts ? 1 : sites},
		{maps->maps.tails, chains ? opts->max_tails : 1},
		{maps->maps.tail_ends, chains ? opts->max_tails : 1},
		{maps->maps.lives, chains ? opts->max_lives : 1},
		{maps->maps.growing, chains ? opts->max_pending : 1},
		{maps->maps.stacks, opts->stacks ? MAX_STACKS : 1},
		{maps->maps.pending, opts->fold == SESSION_FOLD_SITES ? 1 : opts->max_pending},
		{maps->maps.passed, MAX_PASSED},
		{maps->maps.targets, opts->max_targets},
		{maps->maps.processes, opts->follow ? opts->max_targets : 1},
		{maps->maps.executables, opts->follow ? SS_EXECUTABLES_MAX : 1},
		{maps->maps.free_targets, opts->follow ? opts->max_targets : 1},
		{maps->maps.comings, opts->follow ? SS_COMINGS_BYTES : RING_BYTES_MIN},
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && !err; i++)
		err = bpf_map__set_max_entries(sizes[i].map, sizes[i].max_entries);
	/* Where kernel.perf_event_max_stack is lower, the kernel refuses deep stacks. */
	if (!err && !opts->stacks)
		err = bpf_map__set_value_size(maps->maps.stacks, sizeof(uint64_t));
	return err;
}

int maps_new(const struct session_options *opts, uint32_t entries, struct maps_bpf **out)
{
	struct maps_bpf *maps = maps_bpf__open();
	int err;

	if (!maps)
		return -errno;
	err = size_maps(maps, opts, entries);
	if (!err)
		err = maps_bpf__load(maps);
	if (err) {
		maps_bpf__destroy(maps);
		return err;
	}
	*out = maps;
	return 0;
}

int maps_windows(const struct maps_bpf *maps, const struct session_options *opts, uint32_t entries,
		 struct windows **out)
{
	const struct windows_maps bases = {
		.hold = WINDOWS_BASES,
		.outer = bpf_map__fd(maps->maps.windows),
		.fds = {bpf_map__fd(maps->maps.bases_a), bpf_map__fd(maps->maps.bases_b)},
		.slots = slots_for(entries),
		.entries = entries,
	};
	const struct windows_maps sites = {
		.hold = WINDOWS_SITES,
		.outer = bpf_map__fd(maps->maps.site_windows),
		.fds = {bpf_map__fd(maps->maps.sites_a), bpf_map__fd(maps->maps.sites_b)},
		.slots = slots_for(entries),
		.entries = entries,
	};

	return windows_new(opts->fold == SESSION_FOLD_SITES ? &sites : &bases, out);
}

int maps_read_lives(const struct maps_bpf *maps, session_entry_fn fn, void *ctx)
{
	return map_walk(bpf_map__fd(maps->maps.lives), sizeof(struct ss_life_key),
			sizeof(struct ss_life), fn, ctx);
}

int maps_counts(const struct maps_bpf *maps, int ncpus, uint64_t counts[SS_COUNTS])
{
	uint64_t *percpu = calloc((size_t)ncpus, sizeof(*percpu));
	int err = percpu ? 0 : -ENOMEM;

	/* Downwards, the fates first and SS_SEEN last: their sum is never above it. */
	for (uint32_t slot = SS_COUNTS; slot-- > 0 && !err;) {
		err = bpf_map_lookup_elem(bpf_map__fd(maps->maps.counts), &slot, percpu);
		counts[slot] = 0;
		for (int cpu = 0; cpu < ncpus && !err; cpu++)
			counts[slot] += percpu[cpu];
	}
	free(percpu);
	return err;
}

static void count_entry(void *ctx, const void *key, const void *val)
{
	(void)key;
	(void)val;
	++*(int64_t *)ctx;
}

int64_t maps_pending(const struct maps_bpf *maps)
{
	int64_t n = 0;
	int err = map_walk(bpf_map__fd(maps->maps.pending), sizeof(struct ss_pending_key),
			   sizeof(struct ss_pending), count_entry, &n);

	return err ? err : n;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

void maps_await_makes(const struct maps_bpf *maps, int64_t ms)
{
	const struct timespec tick = {.tv_nsec = 1000000};
	int64_t end = now_ms() + ms;

	while (maps_pending(maps) > 0 && now_ms() < end)
		nanosleep(&tick, NULL);
}

int maps_stack(const struct maps_bpf *maps, uint32_t id, uint64_t pcs[SS_STACK_DEPTH])
{
	uint32_t key = (id & ~SS_STACK_SHORT) - 1;
	uint64_t kept[SS_STACK_DEPTH] = {0};
	int n = 0;

	if (bpf_map_lookup_elem(bpf_map__fd(maps->maps.stacks), &key, kept))
		return -errno;
	if (id & SS_STACK_SHORT)
		pcs[n++] = 0;
	for (int i = 0; n < SS_STACK_DEPTH && kept[i]; i++)
		pcs[n++] = kept[i];
	return n;
}

/* The kernel's own figure for a map; 0 where it does not tell. */
static size_t map_memory(const struct bpf_map *map)
{
	char path[64], line[128];
	unsigned long long bytes = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_map__fd(map));
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "memlock:", 8))
			bytes = strtoull(line + 8, NULL, 10);
	fclose(f);
	return bytes;
}

size_t maps_memory(const struct maps_bpf *maps)
{
	const struct bpf_map *map;
	size_t sum = 0;

	bpf_object__for_each_map (map, maps->obj)
		sum += map_memory(map);
	return sum;
}
