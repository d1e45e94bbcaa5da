// SPDX-License-Identifier: BSD-2-Clause
/*
 * All entries of a map, each once, in batches and, where the kernel has none for the map, one by
 * one. Needs the right to make maps; fails without.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "session/map_walk.h"

/* More than a batch. */
#define ENTRIES 5000
/* The loopback interface's: entries of the map without batches are network devices. */
#define DEVICE 1

struct tally {
	int fd; /* entries are deleted there, or -1 */
	uint32_t times[ENTRIES];
	uint32_t entries;
};

static void add_up(void *ctx, const void *key, const void *val)
{
	struct tally *t = ctx;
	uint32_t i, device;

	memcpy(&i, key, sizeof(i));
	memcpy(&device, val, sizeof(device));
	assert_in_range(i, 0, ENTRIES - 1);
	assert_int_equal(device, DEVICE);
	t->times[i]++;
	t->entries++;
	if (t->fd >= 0)
		assert_int_equal(bpf_map_delete_elem(t->fd, key), 0);
}

static int new_map(enum bpf_map_type type, uint32_t entries)
{
	const uint32_t device = DEVICE;
	int fd = bpf_map_create(type, "walk", sizeof(uint32_t), sizeof(uint32_t), ENTRIES, NULL);

	assert_true(fd >= 0);
	for (uint32_t i = 0; i < entries; i++)
		assert_int_equal(bpf_map_update_elem(fd, &i, &device, BPF_NOEXIST), 0);
	return fd;
}

static uint32_t walk(int fd, bool deleting)
{
	struct tally t = {.fd = deleting ? fd : -1};

	assert_int_equal(map_walk(fd, sizeof(uint32_t), sizeof(uint32_t), add_up, &t), 0);
	for (uint32_t i = 0; i < t.entries; i++)
		assert_int_equal(t.times[i], 1);
	return t.entries;
}

static void check_walk(enum bpf_map_type type)
{
	int fd = new_map(type, ENTRIES);

	assert_int_equal(walk(fd, false), ENTRIES);
	assert_int_equal(walk(fd, true), ENTRIES);
	assert_int_equal(walk(fd, false), 0);
	close(fd);
	fd = new_map(type, 1);
	assert_int_equal(walk(fd, false), 1);
	close(fd);
}

static void in_batches(void **state)
{
	(void)state;
	check_walk(BPF_MAP_TYPE_HASH);
}

static void one_by_one(void **state)
{
	int fd = new_map(BPF_MAP_TYPE_DEVMAP_HASH, 1);
	uint32_t cursor, key, val, n = 1;

	(void)state;
	assert_int_not_equal(bpf_map_lookup_batch(fd, NULL, &cursor, &key, &val, &n, NULL), 0);
	close(fd);
	check_walk(BPF_MAP_TYPE_DEVMAP_HASH);
}

static void no_map(void **state)
{
	struct tally t = {.fd = -1};

	(void)state;
	assert_int_equal(map_walk(-1, 4, 4, add_up, &t), -EBADF);
	assert_int_equal(t.entries, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_batches),
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(no_map),
	};

	return cmocka_run_group_tests_name("map walk", tests, NULL, NULL);
}
