// SPDX-License-Identifier: BSD-2-Clause
/* The tables' user-space side (session/slots.c), over a file in the place of a map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "session/slots.h"
#include "slicestat.h"

static int file_of(size_t bytes)
{
	int fd = memfd_create("slots", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)bytes), 0);
	return fd;
}

static void put(int fd, uint32_t slot, size_t size, uint64_t key)
{
	unsigned char bytes[512];

	memset(bytes, 0xff, size);
	memcpy(bytes, &key, sizeof(key));
	assert_int_equal(pwrite(fd, bytes, size, (off_t)(slot * size)), size);
}

struct taken {
	uint64_t keys[8];
	size_t n;
};

static void take(void *ctx, const void *slot)
{
	struct taken *t = ctx;

	assert_true(t->n < 8);
	memcpy(&t->keys[t->n++], slot, sizeof(uint64_t));
}

static void room_is_twice_the_keys(void **state)
{
	static const uint32_t expected[][2] = {{1, 2},
					       {2, 4},
					       {3, 8},
					       {10, 32},
					       {262144, 524288},
					       {262145, 1048576},
					       {UINT32_MAX / 4, 1U << 31},
					       {UINT32_MAX / 4 + 1, 0},
					       {UINT32_MAX, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(slots_for(expected[i][0]), expected[i][1]);
}

/* First and last of all, and around where one mapping ends and the next begins. */
static void check_drain(size_t size)
{
	static const uint32_t slots[] = {0, 1, 8191, 8192, 16383, 16384, 32767};
	const uint32_t nslots = 32768;
	const size_t n = sizeof(slots) / sizeof(slots[0]);
	int fd = file_of(nslots * size);
	struct taken t = {.n = 0};
	unsigned char left[512];

	for (size_t i = 0; i < n; i++)
		put(fd, slots[i], size, 100 + i);
	assert_int_equal(slots_drain(fd, nslots, size, take, &t), 0);
	assert_int_equal(t.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(t.keys[i], 100 + i);
		assert_int_equal(pread(fd, left, size, (off_t)(slots[i] * size)), size);
		for (size_t b = 0; b < size; b++)
			assert_int_equal(left[b], 0);
	}
	assert_int_equal(slots_drain(fd, nslots, size, take, &t), 0);
	assert_int_equal(t.n, n);
	close(fd);
}

static void every_slot_comes_once(void **state)
{
	(void)state;
	check_drain(sizeof(struct ss_base));
	check_drain(sizeof(struct ss_site));
}

static void small_tables_are_no_whole_pages(void **state)
{
	struct taken t = {.n = 0};
	int fd = file_of(4096);

	(void)state;
	put(fd, 1, sizeof(struct ss_site), 7);
	assert_int_equal(slots_drain(fd, 2, sizeof(struct ss_site), take, &t), 0);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.keys[0], 7);
	close(fd);
}

static void what_cannot_be_mapped_is_told(void **state)
{
	struct taken t = {.n = 0};
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_true(slots_drain(fd, 2, sizeof(struct ss_base), take, &t) < 0);
	assert_int_equal(t.n, 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(room_is_twice_the_keys),
		cmocka_unit_test(every_slot_comes_once),
		cmocka_unit_test(small_tables_are_no_whole_pages),
		cmocka_unit_test(what_cannot_be_mapped_is_told),
	};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
