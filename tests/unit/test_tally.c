// SPDX-License-Identifier: BSD-2-Clause
/* A window that is only looked at (session/tally.c), over a file in the place of a map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "session/tally.h"
#include "site_hash.h"
#include "slicestat.h"

#define SLOTS  16384
#define BASE   0xc000012340ULL
#define TARGET 3

/* What was handed over last, and how often. */
static struct {
	struct ss_base_key base_key;
	struct ss_base base;
	struct ss_site_key site_key;
	struct ss_site site;
	unsigned int calls;
} got;

static struct {
	struct ss_base *bases;
	struct ss_site *sites;
	struct tally *tally;
	int fd;
} f;

static void take_base(void *ctx, const void *key, const void *val)
{
	(void)ctx;
	got.base_key = *(const struct ss_base_key *)key;
	got.base = *(const struct ss_base *)val;
	got.calls++;
}

static void take_site(void *ctx, const void *key, const void *val)
{
	(void)ctx;
	got.site_key = *(const struct ss_site_key *)key;
	got.site = *(const struct ss_site *)val;
	got.calls++;
}

static unsigned int look(windows_entry_fn fn)
{
	got.calls = 0;
	assert_int_equal(tally_read(f.tally, fn, NULL), 0);
	return got.calls;
}

static void *open_table(enum windows_hold hold, size_t slot_size)
{
	struct windows_maps maps = {.hold = hold, .outer = -1, .slots = SLOTS};
	void *table;

	f.fd = memfd_create("window", MFD_CLOEXEC);
	assert_true(f.fd >= 0);
	assert_int_equal(ftruncate(f.fd, (off_t)(SLOTS * slot_size)), 0);
	table = mmap(NULL, SLOTS * slot_size, PROT_READ | PROT_WRITE, MAP_SHARED, f.fd, 0);
	assert_ptr_not_equal(table, MAP_FAILED);
	maps.fds[0] = f.fd;
	f.tally = tally_new(&maps);
	assert_non_null(f.tally);
	return table;
}

static int open_bases(void **state)
{
	(void)state;
	f.bases = open_table(WINDOWS_BASES, sizeof(*f.bases));
	return 0;
}

static int open_sites(void **state)
{
	(void)state;
	f.sites = open_table(WINDOWS_SITES, sizeof(*f.sites));
	return 0;
}

static int close_table(void **state)
{
	(void)state;
	tally_free(f.tally);
	return close(f.fd);
}

static struct ss_base sample_base(void)
{
	return (struct ss_base){
		.slot_key = SS_SLOT_KEY(BASE, TARGET),
		.events = 2,
		.len_sum = 5,
		.cap_sum = 8,
		.len = 3,
		.cap = 4,
		.site = 0x100,
		.first_site = 0x200,
		.op = SS_OP_GROW,
		.first_op = SS_OP_MAKE,
	};
}

static void each_look_tells_what_came_since(void **state)
{
	struct ss_base *b = &f.bases[SLOTS - 1];

	(void)state;
	assert_int_equal(look(take_base), 0);
	*b = sample_base();
	assert_int_equal(look(take_base), 1);
	assert_true(got.base_key.base == BASE && got.base_key.target == TARGET);
	assert_memory_equal(&got.base, b, sizeof(*b));
	assert_int_equal(look(take_base), 0);
	b->events = 7;
	b->len_sum = 50;
	b->cap_sum = 80;
	b->reused = 1;
	b->site = 0x300;
	b->op = SS_OP_COPY;
	assert_int_equal(look(take_base), 1);
	assert_int_equal(got.base.events, 5);
	assert_int_equal(got.base.len_sum, 45);
	assert_int_equal(got.base.cap_sum, 72);
	assert_int_equal(got.base.reused, 1);
	assert_int_equal(got.base.site, 0x300);
	assert_int_equal(got.base.op, SS_OP_COPY);
	/* Joins the part before: no event more is told to have come from elsewhere. */
	assert_int_equal(got.base.first_site, 0x100);
	assert_int_equal(got.base.first_op, SS_OP_GROW);
}

/* Its slot is claimed first, its first event is counted later. */
static void a_base_that_is_being_made_is_told_later(void **state)
{
	(void)state;
	f.bases[0].slot_key = SS_SLOT_KEY(BASE, TARGET);
	assert_int_equal(look(take_base), 0);
	f.bases[0] = sample_base();
	assert_int_equal(look(take_base), 1);
	assert_int_equal(got.base.events, 2);
	assert_int_equal(got.base.first_site, 0x200);
}

static void counters_may_pass_their_end(void **state)
{
	(void)state;
	f.bases[5] = sample_base();
	f.bases[5].events = UINT32_MAX - 1;
	assert_int_equal(look(take_base), 1);
	f.bases[5].events = 3;
	assert_int_equal(look(take_base), 1);
	assert_int_equal(got.base.events, 5);
}

static void readers_do_not_know_of_each_other(void **state)
{
	const struct windows_maps maps = {
		.hold = WINDOWS_BASES, .outer = -1, .fds = {f.fd}, .slots = SLOTS};
	struct tally *other = tally_new(&maps), *own = f.tally;

	(void)state;
	assert_non_null(other);
	f.bases[9] = sample_base();
	assert_int_equal(look(take_base), 1);
	f.tally = other;
	assert_int_equal(look(take_base), 1);
	assert_int_equal(got.base.events, 2);
	tally_free(other);
	f.tally = own;
	assert_int_equal(look(take_base), 0);
}

static void sites_tell_what_came_since(void **state)
{
	struct ss_site *s = &f.sites[8192];

	(void)state;
	s->key =
		(struct ss_site_key){.pc = 0x4a0000, .type = 7, .target = TARGET, .op = SS_OP_MAKE};
	s->slot_key = site_hash(&s->key);
	s->events = 4;
	s->copied_bytes = 100;
	s->copied_elems = 10;
	s->lens[2] = 3;
	s->lens[3] = 1;
	assert_int_equal(look(take_site), 1);
	assert_memory_equal(&got.site_key, &s->key, sizeof(s->key));
	assert_int_equal(got.site.events, 4);
	s->events = 6;
	s->len_sum = 9;
	s->cap_sum = 11;
	s->copied_bytes = 130;
	s->copied_elems = 13;
	s->lens[3] = 3;
	assert_int_equal(look(take_site), 1);
	assert_int_equal(got.site.events, 2);
	assert_int_equal(got.site.len_sum, 9);
	assert_int_equal(got.site.cap_sum, 11);
	assert_int_equal(got.site.copied_bytes, 30);
	assert_int_equal(got.site.copied_elems, 3);
	assert_int_equal(got.site.lens[2], 0);
	assert_int_equal(got.site.lens[3], 2);
}

/* Another CPU may add to it meanwhile. */
static void a_site_without_its_whole_key_is_told_later(void **state)
{
	const struct ss_site_key key = {.pc = 0x4a0000, .target = TARGET, .op = SS_OP_GROW};
	struct ss_site *s = &f.sites[1];

	(void)state;
	s->slot_key = site_hash(&key);
	s->events = 1;
	assert_int_equal(look(take_site), 0);
	s->key.pc = key.pc;
	assert_int_equal(look(take_site), 0);
	s->key = key;
	s->events = 2;
	assert_int_equal(look(take_site), 1);
	assert_int_equal(got.site.events, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_look_tells_what_came_since, open_bases,
						close_table),
		cmocka_unit_test_setup_teardown(a_base_that_is_being_made_is_told_later, open_bases,
						close_table),
		cmocka_unit_test_setup_teardown(counters_may_pass_their_end, open_bases,
						close_table),
		cmocka_unit_test_setup_teardown(readers_do_not_know_of_each_other, open_bases,
						close_table),
		cmocka_unit_test_setup_teardown(sites_tell_what_came_since, open_sites,
						close_table),
		cmocka_unit_test_setup_teardown(a_site_without_its_whole_key_is_told_later,
						open_sites, close_table),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
