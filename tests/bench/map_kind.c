// SPDX-License-Identifier: BSD-2-Clause
#include "map_kind.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/maps.skel.h"
#include "maps.h"

#define CHUNK 4096 /* entries a system call */

struct bench_map {
	enum map_kind kind;
	struct maps_bpf *skel;
	struct bpf_map *map;
	size_t values;	/* of an entry: one, or one for each CPU */
	char *table;	/* mapped slots */
	size_t slots;	/* their number */
	size_t slot;	/* bytes of one */
	void *keys_out; /* CHUNK of each */
	struct map_value *values_out;
};

static const char *const names[KINDS] = {
	[KIND_HASH] = "hash",		[KIND_LRU] = "LRU hash",
	[KIND_PERCPU] = "per-CPU hash", [KIND_WIDE] = "table of 88 B",
	[KIND_LINE] = "table of 64 B",	[KIND_NOTHING] = "loop",
};

const char *bench_map_name(enum map_kind kind)
{
	return names[kind];
}

static struct bpf_map *pick_map(const struct maps_bpf *skel, enum map_kind kind)
{
	switch (kind) {
	case KIND_HASH:
		return skel->maps.hash;
	case KIND_LRU:
		return skel->maps.lru;
	case KIND_PERCPU:
		return skel->maps.percpu;
	case KIND_WIDE:
		return skel->maps.wide;
	case KIND_LINE:
		return skel->maps.line;
	default:
		return NULL;
	}
}

int bench_map_program(const struct bench_map *m)
{
	const struct bpf_program *const programs[KINDS] = {
		[KIND_HASH] = m->skel->progs.hash_batch,
		[KIND_LRU] = m->skel->progs.lru_batch,
		[KIND_PERCPU] = m->skel->progs.percpu_batch,
		[KIND_WIDE] = m->skel->progs.wide_batch,
		[KIND_LINE] = m->skel->progs.line_batch,
		[KIND_NOTHING] = m->skel->progs.nothing_batch,
	};

	return bpf_program__fd(programs[m->kind]);
}

static size_t power_of_two(size_t n)
{
	size_t power = 1;

	while (power < n)
		power *= 2;
	return power;
}

/*
 * A hash holds exactly its number of keys. An LRU hash begins to forget before it is full, and a
 * table slows down: both get twice as much room.
 */
static void size_map(struct bench_map *m, uint32_t keys)
{
	uint32_t entries = keys;

	if (m->kind == KIND_LRU)
		entries = 2 * keys;
	if (m->kind == KIND_WIDE || m->kind == KIND_LINE) {
		m->slots = power_of_two(2 * (size_t)keys);
		m->slot =
			m->kind == KIND_WIDE ? sizeof(struct wide_slot) : sizeof(struct line_slot);
		m->skel->rodata->table_mask = (uint32_t)m->slots - 1;
		entries = (uint32_t)m->slots;
	}
	m->values = m->kind == KIND_PERCPU ? (size_t)libbpf_num_possible_cpus() : 1;
	if (m->map && bpf_map__set_max_entries(m->map, entries))
		errx(2, "cannot size the %s", names[m->kind]);
}

static void map_table(struct bench_map *m)
{
	m->table = mmap(NULL, m->slots * m->slot, PROT_READ | PROT_WRITE, MAP_SHARED,
			bpf_map__fd(m->map), 0);
	if (m->table == MAP_FAILED)
		err(2, "cannot map the %s", names[m->kind]);
	/* Its pages are there already; this makes the page table's entries. */
	madvise(m->table, m->slots * m->slot, MADV_POPULATE_WRITE);
}

struct bench_map *bench_map_open(enum map_kind kind, uint32_t keys)
{
	struct bench_map *m = calloc(1, sizeof(*m));

	if (!m)
		err(2, "calloc");
	m->kind = kind;
	m->skel = maps_bpf__open();
	if (!m->skel)
		err(2, "cannot open the BPF programs");
	m->map = pick_map(m->skel, kind);
	size_map(m, keys);
	if (maps_bpf__load(m->skel))
		err(2, "cannot load the BPF programs");
	m->keys_out = calloc(CHUNK, sizeof(struct map_key));
	m->values_out = calloc(CHUNK * m->values, sizeof(struct map_value));
	if (!m->keys_out || !m->values_out)
		err(2, "calloc");
	if (m->slots)
		map_table(m);
	return m;
}

void bench_map_free(struct bench_map *m)
{
	if (!m)
		return;
	if (m->table)
		munmap(m->table, m->slots * m->slot);
	free(m->keys_out);
	free(m->values_out);
	maps_bpf__destroy(m->skel);
	free(m);
}

uint64_t bench_map_failed(const struct bench_map *m)
{
	return m->skel->bss->failed;
}

static struct drained drain_hashed(struct bench_map *m)
{
	struct drained all = {0};
	uint32_t cursor;
	void *in = NULL;
	int done = 0;

	while (!done) {
		uint32_t n = CHUNK;

		if (bpf_map_lookup_and_delete_batch(bpf_map__fd(m->map), in, &cursor, m->keys_out,
						    m->values_out, &n, NULL)) {
			if (errno != ENOENT)
				err(2, "cannot drain the %s", names[m->kind]);
			done = 1;
		}
		in = &cursor;
		all.keys += n;
		for (size_t i = 0; i < n * m->values; i++)
			all.events += m->values_out[i].events;
	}
	return all;
}

/* The slots are copied to where a chunk of the others goes, then freed. */
static struct drained drain_table(struct bench_map *m)
{
	struct drained all = {0};

	for (size_t i = 0; i < m->slots; i++) {
		char *slot = m->table + i * m->slot;
		char *out = (char *)m->values_out + all.keys % (CHUNK / 2) * m->slot;
		uint64_t events;

		if (!*(const uint64_t *)(const void *)slot)
			continue;
		memcpy(out, slot, m->slot);
		memset(slot, 0, m->slot);
		/* In both kinds behind the key. */
		memcpy(&events, out + sizeof(uint64_t), sizeof(events));
		all.keys++;
		all.events += events;
	}
	return all;
}

struct drained bench_map_drain(struct bench_map *m)
{
	if (!m->map)
		return (struct drained){0};
	return m->table ? drain_table(m) : drain_hashed(m);
}
