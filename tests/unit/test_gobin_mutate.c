/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gobin on damaged Go executables: bytes changed and files cut where the tables lie. Whatever it
 * answers, it must not crash, hang or read outside its memory (the sanitizers see to that).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "gobin/bytes.h"
#include "gobin/gobin.h"

#include "go_files.h"

#define SEED	      0x9e3779b97f4a7c15ull
#define HEADER_BYTES  736  /* ELF header and 12 program headers */
#define SECTION_BYTES 2560 /* 40 section headers */
#define TOTAL_ROUNDS  3000
#define MAX_CHANGES   6
#define MAX_PLACES    32
#define LOOKED_AT     32
/* Larger files take longer and hold the same tables. */
#define MAX_FILE_BYTES ((size_t)8 << 20)

/* A part of the file worth damaging. */
struct place {
	size_t offset;
	size_t size;
};

struct victim {
	int fd; /* a copy of the file */
	uint8_t *bytes;
	size_t size;
	struct place places[MAX_PLACES];
	size_t nplaces;
};

/* What one round did to the copy, to be undone. */
struct change {
	size_t offset;
	uint64_t value;
};

static uint64_t random_state = SEED;
static unsigned int files, rounds, opened, refused, cuts;

/* xorshift64*; the same numbers in every run */
static uint64_t next_random(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dull;
}

/* Less than n, which is less than 2^32. */
static size_t pick(size_t n)
{
	return ((next_random() >> 32) * n) >> 32;
}

static void add_place(struct victim *v, size_t offset, size_t size)
{
	if (v->nplaces == MAX_PLACES || offset + sizeof(uint64_t) >= v->size)
		return;
	if (size > v->size - offset - sizeof(uint64_t))
		size = v->size - offset - sizeof(uint64_t);
	v->places[v->nplaces++] = (struct place){offset, size};
}

/* Every place where the bytes occur. */
static void add_places_of(struct victim *v, const void *bytes, size_t len, size_t size)
{
	const uint8_t *p = v->bytes;
	const uint8_t *end = v->bytes + v->size;

	while ((p = memmem(p, (size_t)(end - p), bytes, len))) {
		add_place(v, (size_t)(p - v->bytes), size);
		p += len;
	}
}

static void add_tables(struct victim *v, const struct gobin *bin)
{
	static const uint8_t magic[] = {0xff, 0xff, 0xff, 0, 0};
	const uint8_t *p = memmem(v->bytes, v->size, magic, sizeof(magic));
	uint64_t addr;
	uint8_t raw[8];

	for (; p; p = memmem(p + 1, (size_t)(v->bytes + v->size - p - 1), magic, sizeof(magic))) {
		const size_t offset = (size_t)(p - v->bytes) - 1;

		if (p[-1] < 0xf0 || p[-1] > 0xf1 || offset + 72 > v->size || p[6] != 8)
			continue;
		add_place(v, offset, 72);
		add_place(v, offset + get_le64(v->bytes + offset + 64), 4096);
		if (gobin_addr_of_offset(bin, offset, &addr))
			continue;
		put_le64(raw, addr);
		add_places_of(v, raw, sizeof(raw), 0xc0); /* moduledata, or its relocation */
	}
}

static void find_places(struct victim *v)
{
	struct gobin *bin;

	assert_int_equal(gobin_open(v->fd, &bin, NULL), 0);
	add_place(v, 0, HEADER_BYTES);
	add_place(v, get_le64(v->bytes + 40), SECTION_BYTES);
	add_places_of(v, "\xff Go buildinf:", 14, 64);
	add_tables(v, bin);
	gobin_free(bin);
	assert_true(v->nplaces >= 5);
}

static uint64_t damaged(uint64_t value)
{
	switch (next_random() % 5) {
	case 0:
		return value ^ (1ull << (next_random() % 64));
	case 1:
		return value + next_random() % 256 - 128;
	case 2:
		return next_random();
	case 3:
		return UINT64_MAX - next_random() % 64;
	default:
		return value & ~(0xffull << (8 * (next_random() % 8)));
	}
}

static void write_back(const struct victim *v, size_t offset, uint64_t value)
{
	uint8_t raw[8];

	put_le64(raw, value);
	assert_int_equal(pwrite(v->fd, raw, sizeof(raw), (off_t)offset), sizeof(raw));
}

static void change(const struct victim *v, struct change *c)
{
	const struct place *place = &v->places[pick(v->nplaces)];

	c->offset = place->offset + pick(place->size);
	if (next_random() % 2)
		c->offset &= ~(size_t)7;
	c->value = get_le64(v->bytes + c->offset);
	write_back(v, c->offset, damaged(c->value));
}

/* Look at some functions, by address and by name, and at the bytes of each. */
static void look_up(const struct gobin *bin)
{
	struct gobin_func func = {0}, found;
	uint8_t byte;
	uint64_t v;

	(void)gobin_find_func(bin, "runtime.growslice", &func);
	(void)gobin_find_func(bin, "runtime.osinit", &found);
	for (int i = 0; i < LOOKED_AT; i++) {
		if (gobin_func_at(bin, func.addr, &found) == 0) {
			assert_true(found.addr <= func.addr && func.addr < found.end);
			assert_int_not_equal(gobin_find_func(bin, found.name, &func), -ENOENT);
			assert_int_equal(gobin_read(bin, found.end - 1, &byte, 1), 0);
			func.addr = found.end;
		} else {
			func.addr = next_random() % ((uint64_t)1 << 23);
		}
		(void)gobin_file_offset(bin, next_random(), &v);
		(void)gobin_addr_of_offset(bin, next_random(), &v);
		(void)gobin_read(bin, func.addr + next_random() % 65536, &byte, 1);
	}
}

/* Whether it opened. */
static bool open_damaged(int fd)
{
	struct gobin *bin = NULL;
	struct reason why = {0};
	int err = gobin_open(fd, &bin, &why);

	if (err) {
		assert_true(err < 0 && why.text[0] && !strchr(why.text, '\n'));
		assert_null(bin);
		return false;
	}
	look_up(bin);
	gobin_free(bin);
	return true;
}

static void run_round(const struct victim *v)
{
	struct change changes[MAX_CHANGES];
	const size_t n = 1 + next_random() % MAX_CHANGES;

	for (size_t i = 0; i < n; i++)
		change(v, &changes[i]);
	if (open_damaged(v->fd))
		opened++;
	else
		refused++;
	for (size_t i = 0; i < n; i++)
		write_back(v, changes[i].offset, get_le64(v->bytes + changes[i].offset));
}

/* Each cut is shorter than the one before: what is cut off does not come back. */
static void cut(const struct victim *v)
{
	for (size_t size = v->size; size > 0; size -= 1 + size / 4) {
		assert_int_equal(ftruncate(v->fd, (off_t)size), 0);
		(void)open_damaged(v->fd);
		cuts++;
	}
}

static bool copy_file(struct victim *v, int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	v->size = (size_t)st.st_size;
	if (v->size > MAX_FILE_BYTES)
		return false;
	v->bytes = malloc(v->size);
	v->fd = memfd_create("damaged", MFD_CLOEXEC);
	assert_non_null(v->bytes);
	assert_true(v->fd >= 0);
	assert_int_equal(pread(fd, v->bytes, v->size, 0), v->size);
	assert_int_equal(pwrite(v->fd, v->bytes, v->size, 0), v->size);
	return true;
}

static void count_file(const char *path, int fd)
{
	struct stat st;

	(void)path;
	assert_int_equal(fstat(fd, &st), 0);
	files += (size_t)st.st_size <= MAX_FILE_BYTES;
}

static void damage_file(const char *path, int fd)
{
	struct victim v = {0};

	(void)path;
	if (!copy_file(&v, fd))
		return;
	find_places(&v);
	for (unsigned int i = 0; i < rounds; i++)
		run_round(&v);
	cut(&v);
	close(v.fd);
	free(v.bytes);
}

static void survives_damage(void **state)
{
	(void)state;
	each_go_file(count_file);
	if (files == 0)
		fail_msg("no file of at most %zu bytes", MAX_FILE_BYTES);
	rounds = files ? TOTAL_ROUNDS / files + 1 : 0;
	each_go_file(damage_file);
	print_message("%u files, %u opened, %u refused, %u cuts\n", files, opened, refused, cuts);
	/* Damage that never shows, or always, is aimed at the wrong places. */
	assert_true(opened > TOTAL_ROUNDS / 5);
	assert_true(refused > TOTAL_ROUNDS / 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests_name("gobin_mutate", tests, NULL, NULL);
}
