// SPDX-License-Identifier: BSD-2-Clause
/* target/target.h: executables that are deleted or replaced, and their text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "held_child.h"
#include "target/target.h"

#include "same_exe.h"

struct scratch {
	char dir[64];
	char cat[96]; /* a copy of /bin/cat */
};

static void copy_file(const char *from, const char *to)
{
	char block[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, block, sizeof(block))) > 0)
		assert_int_equal(write(out, block, (size_t)n), n);
	assert_int_equal(n, 0);
	close(in);
	close(out);
}

static int make_scratch(void **state)
{
	struct scratch *s = calloc(1, sizeof(*s));
	char *resolved;

	assert_non_null(s);
	snprintf(s->dir, sizeof(s->dir), "/tmp/test_target.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	resolved = realpath(s->dir, NULL);
	assert_non_null(resolved);
	snprintf(s->dir, sizeof(s->dir), "%s", resolved);
	free(resolved);
	snprintf(s->cat, sizeof(s->cat), "%s/cat", s->dir);
	copy_file("/bin/cat", s->cat);
	*state = s;
	return 0;
}

static int drop_scratch(void **state)
{
	struct scratch *s = *state;

	unlink(s->cat);
	rmdir(s->dir);
	free(s);
	return 0;
}

static void expect_elf(const struct target *t)
{
	char magic[4];

	assert_int_equal(pread(target_exe_fd(t), magic, 4, 0), 4);
	assert_memory_equal(magic, "\177ELF", 4);
}

static void test_deleted_executable(void **state)
{
	struct scratch *s = *state;
	char *argv[] = {s->cat, NULL};
	struct child c = start(argv);
	struct target *before = open_target(c.pid), *after;
	uint64_t start_at[2], offset[2];
	struct reason why;

	assert_int_equal(target_text(before, &start_at[0], &offset[0], &why), 0);
	assert_int_equal(unlink(s->cat), 0);
	after = open_target(c.pid);
	assert_string_equal(target_exe(before), s->cat);
	assert_string_equal(target_exe(after), s->cat);
	expect_elf(before);
	expect_elf(after);
	assert_true(same_exe(before, after));
	assert_int_equal(target_state(before), TARGET_RUNNING);
	assert_int_equal(target_text(before, &start_at[1], &offset[1], &why), 0);
	assert_int_equal(start_at[0], start_at[1]);
	assert_int_equal(offset[0], offset[1]);
	finish(&c);
	target_free(before);
	target_free(after);
}

static void test_name_that_ends_in_deleted(void **state)
{
	struct scratch *s = *state;
	char path[128];
	char *argv[] = {path, NULL};
	struct target *t;
	struct child c;

	snprintf(path, sizeof(path), "%s (deleted)", s->cat);
	assert_int_equal(rename(s->cat, path), 0);
	c = start(argv);
	t = open_target(c.pid);
	assert_string_equal(target_exe(t), path);
	target_free(t);
	assert_int_equal(unlink(path), 0);
	t = open_target(c.pid);
	assert_string_equal(target_exe(t), path);
	target_free(t);
	finish(&c);
}

static void test_replaced_executable(void **state)
{
	struct scratch *s = *state;
	char *argv[] = {s->cat, NULL};
	struct child old = start(argv), new;
	struct target *t = open_target(old.pid), *u;
	char fresh[128];

	snprintf(fresh, sizeof(fresh), "%s.new", s->cat);
	copy_file("/bin/sh", fresh);
	assert_int_equal(rename(fresh, s->cat), 0);
	assert_int_equal(target_state(t), TARGET_RUNNING);
	assert_string_equal(target_exe(t), s->cat);

	new = start(argv);
	u = open_target(new.pid);
	assert_string_equal(target_exe(u), s->cat);
	assert_false(same_exe(t, u));
	finish(&new);
	finish(&old);
	target_free(t);
	target_free(u);
}

struct text_segment {
	uint64_t start, offset;
};

/* The first object is the program itself; its first executable segment is where text begins. */
static int own_text(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct text_segment *text = arg;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_X))
			continue;
		text->start = (info->dlpi_addr + ph->p_vaddr) & ~(page - 1);
		text->offset = ph->p_offset & ~(page - 1);
		return 1;
	}
	return -1;
}

static void test_text_of_this_program(void **state)
{
	struct target *t = open_target(getpid());
	struct text_segment text;
	uint64_t start_at, offset;
	struct reason why;

	(void)state;
	assert_int_equal(dl_iterate_phdr(own_text, &text), 1);
	assert_int_equal(target_text(t, &start_at, &offset, &why), 0);
	assert_int_equal(start_at, text.start);
	assert_int_equal(offset, text.offset);
	target_free(t);
}

#define with_scratch(test) cmocka_unit_test_setup_teardown(test, make_scratch, drop_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(test_deleted_executable),
		with_scratch(test_name_that_ends_in_deleted),
		with_scratch(test_replaced_executable),
		cmocka_unit_test(test_text_of_this_program),
	};

	alarm(60);
	return cmocka_run_group_tests_name("target_files", tests, NULL, NULL);
}
