/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpf's fold of events over maps of the test's own. To be included once, behind cmocka.h, by a
 * program's only file: it holds the helpers' definitions.
 */
#ifndef SS_TESTS_BPF_TABLES_H
#define SS_TESTS_BPF_TABLES_H

#include <string.h>

#include "slicestat.h"
#include "bpf_host.h"
#include "maps.bpf.h"
#include "fold.bpf.h"

#define ROOM	4
#define KEY_MAX 32

/* A hash map of at most ROOM entries; update_error is returned once instead of working. */
struct table {
	const void *map;
	size_t key_size, value_size;
	size_t used;
	unsigned char keys[ROOM][KEY_MAX];
	_Alignas(8) unsigned char values[ROOM][sizeof(struct ss_tail)];
	long update_error;
	const void *race; /* appears right before an update: another CPU's */
};

#define TABLE(name)                                                                                \
	{                                                                                          \
		.map = &(name), .key_size = sizeof(*(name).key),                                   \
		.value_size = sizeof(*(name).value),                                               \
	}

static struct table tables[] = {
	TABLE(pending),	  TABLE(passed), TABLE(growing), TABLE(tails),
	TABLE(tail_ends), TABLE(lives),	 TABLE(calls),
};

/* The windows, of ROOM slots. */
static struct ss_base base_slots[ROOM];
static struct ss_site site_slots[ROOM];

static uint64_t count_values[SS_COUNTS];
static struct ss_target target_values[2];
static struct ss_control control_value;
static uint64_t mark_words[ROOM];
static struct ss_scoped scoped_values[2];
static long delete_error;
static uint32_t this_cpu;
static int wakes, no_window;
static long stack_ids[2]; /* of the whole stack, and without its first address */
/* The traced process's memory: memory_size bytes that it has at memory_start. */
static const void *memory;
static uint64_t memory_start, memory_size;

/* NULL where the map is no hash map. */
static struct table *table_of(const void *map)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (tables[i].map == map)
			return &tables[i];
	return NULL;
}

static void *table_find(struct table *t, const void *key)
{
	for (size_t i = 0; i < t->used; i++)
		if (!memcmp(t->keys[i], key, t->key_size))
			return t->values[i];
	return NULL;
}

static void table_put(struct table *t, const void *key, const void *value)
{
	memcpy(t->keys[t->used], key, t->key_size);
	memcpy(t->values[t->used], value, t->value_size);
	t->used++;
}

void *bpf_map_lookup_elem(const void *map, const void *key)
{
	uint32_t index;

	if (table_of(map))
		return table_find(table_of(map), key);
	memcpy(&index, key, sizeof(index));
	if (map == &windows)
		return no_window ? NULL : (void *)&bases_a;
	if (map == &site_windows)
		return no_window ? NULL : (void *)&sites_a;
	if (map == &bases_a)
		return index < ROOM ? &base_slots[index] : NULL;
	if (map == &sites_a)
		return index < ROOM ? &site_slots[index] : NULL;
	if (map == &counts)
		return index < SS_COUNTS ? &count_values[index] : NULL;
	if (map == &targets)
		return index < 2 ? &target_values[index] : NULL;
	if (map == &marks)
		return index < ROOM ? &mark_words[index] : NULL;
	if (map == &scoped)
		return index < 2 ? &scoped_values[index] : NULL;
	return &control_value;
}

long bpf_map_update_elem(const void *map, const void *key, const void *value, uint64_t flags)
{
	struct table *t = table_of(map);
	void *old;

	assert_true(flags == BPF_NOEXIST || flags == BPF_ANY);
	if (t->update_error) {
		long err = t->update_error;

		t->update_error = 0;
		return err;
	}
	if (t->race) {
		table_put(t, key, t->race);
		t->race = NULL;
	}
	old = table_find(t, key);
	if (old && flags == BPF_NOEXIST)
		return -EEXIST;
	if (old) {
		memcpy(old, value, t->value_size);
		return 0;
	}
	if (t->used == ROOM)
		return -E2BIG;
	table_put(t, key, value);
	return 0;
}

long bpf_map_delete_elem(const void *map, const void *key)
{
	struct table *t = table_of(map);
	unsigned char *value = table_find(t, key);
	size_t i, last = t->used - 1;

	if (delete_error)
		return delete_error;
	if (!value)
		return -2;
	i = (size_t)(value - t->values[0]) / sizeof(t->values[0]);
	memcpy(t->keys[i], t->keys[last], sizeof(t->keys[0]));
	memcpy(t->values[i], t->values[last], sizeof(t->values[0]));
	t->used--;
	return 0;
}

long bpf_ringbuf_output(const void *ring, void *data, uint64_t size, uint64_t flags)
{
	(void)data;
	assert_ptr_equal(ring, &wake);
	assert_int_equal(size, 4);
	assert_int_equal(flags, 0);
	wakes++;
	return 0;
}

uint32_t bpf_get_smp_processor_id(void)
{
	return this_cpu;
}

long bpf_probe_read_user(void *to, uint32_t size, const void *from)
{
	const uint64_t at = (uint64_t)(uintptr_t)from - memory_start;

	if (!memory || at > memory_size || memory_size - at < size) {
		memset(to, 0, size);
		return -14;
	}
	memcpy(to, (const char *)memory + at, size);
	return 0;
}

long bpf_get_stackid(void *ctx, const void *map, uint64_t flags)
{
	(void)ctx;
	assert_ptr_equal(map, &stacks);
	assert_int_equal(flags & ~BPF_F_SKIP_FIELD_MASK, BPF_F_USER_STACK);
	assert_true((flags & BPF_F_SKIP_FIELD_MASK) < 2);
	return stack_ids[flags & BPF_F_SKIP_FIELD_MASK];
}

/* A cmocka setup: all maps empty, the window wakes the loader at two entries. */
static int reset_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		tables[i].used = 0;
		tables[i].update_error = 0;
		tables[i].race = NULL;
	}
	memset(base_slots, 0, sizeof(base_slots));
	memset(site_slots, 0, sizeof(site_slots));
	slot_mask = ROOM - 1;
	fill_mask = 0;
	memset(count_values, 0, sizeof(count_values));
	memset(target_values, 0, sizeof(target_values));
	control_value = (struct ss_control){.wake_at = 2, .ready = 1};
	memset(mark_words, 0, sizeof(mark_words));
	delete_error = 0;
	this_cpu = 0;
	wakes = 0;
	no_window = 0;
	memory = NULL;
	memset(stack_ids, 0, sizeof(stack_ids));
	return 0;
}

#endif
