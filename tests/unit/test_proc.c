// SPDX-License-Identifier: BSD-2-Clause
/* target/proc.h and target/maps.h on made-up files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "target/maps.h"
#include "target/proc.h"

#define STAT_AFTER_NAME                                                                            \
	" S 1 2 3 0 -1 4194304 102 0 0 0 0 0 0 0 -20 0 1 0 110998 3133440 427 "                    \
	"18446744073709551615 94560103194624 94560103214505 140735582188576 0 0"

static void test_stat(void **state)
{
	struct proc_stat st;

	(void)state;
	assert_int_equal(proc_parse_stat("7 (cat)" STAT_AFTER_NAME, &st), 0);
	assert_int_equal(st.state, 'S');
	assert_false(st.kernel_thread);
	assert_int_equal(st.start_time, 110998);
	assert_int_equal(st.memory, 3133440);
	assert_int_equal(st.start_code, 94560103194624);
	assert_int_equal(st.end_code, 94560103214505);
	assert_int_equal(st.start_stack, 140735582188576);
	assert_int_equal(proc_parse_stat("7 (a) R 1 (\n)" STAT_AFTER_NAME, &st), 0);
	assert_int_equal(st.state, 'S');
	assert_int_equal(st.start_time, 110998);
	assert_int_equal(proc_parse_stat("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 "
					 "0 5 0 0 18446744073709551615 0 0 0 0",
					 &st),
			 0);
	assert_true(st.kernel_thread);
	assert_int_equal(st.start_stack, 0);
}

static void test_bad_stat(void **state)
{
	static const char *const bad[] = {
		"",
		"7 (cat",
		"7 (cat)",
		"7 (cat) S",
		"7 (cat) S 1 2 3 0 -1 x 102 0 0 0 0 0 0 0 20 0 1 0 1 2 3 4 5 6 7 8",
		"7 (cat) S 1 2 3 0 -1 0 102 0 0 0 0 0 0 0 20 0 1 0 1 2 3 4 5 6 7",
		"7 (cat) S 1 2 3 0 -1 0 102 0 0 0 0 0 0 0 20 0 1 0 -1 2 3 4 5 6 7 8",
		"7 (cat) S 1 2 3 0 -1 0 102 0 0  0 0 0 0 20 0 1 0 1 2 3 4 5 6 7 8",
		"7 (a) S 1 2 3 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 99999999999999999999 2 3 4 5 6 7 8",
	};
	struct proc_stat st;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(proc_parse_stat(bad[i], &st), -EINVAL);
}

static void test_status(void **state)
{
	static const char text[] =
		"Name:\tTgid:\t9\nTgid:\t1200\nUid:\t10\t20\t30\t40\nX:\t-1\nY:\n";
	uint64_t value = 0;

	(void)state;
	assert_int_equal(proc_parse_status(text, "Tgid:", &value), 0);
	assert_int_equal(value, 1200);
	assert_int_equal(proc_parse_status(text, "Uid:", &value), 0);
	assert_int_equal(value, 10);
	assert_int_equal(proc_parse_status(text, "X:", &value), -EINVAL);
	assert_int_equal(proc_parse_status(text, "Y:", &value), -EINVAL);
	assert_int_equal(proc_parse_status(text, "Gid:", &value), -EINVAL);
}

static void test_mapping(void **state)
{
	struct mapping m;

	(void)state;
	assert_int_equal(
		mapping_parse("55d0a000-55d0b000 r-xp 0001f000 fe:1a 1234567 \t /a b (deleted)",
			      &m),
		0);
	assert_int_equal(m.start, 0x55d0a000);
	assert_int_equal(m.end, 0x55d0b000);
	assert_int_equal(m.offset, 0x1f000);
	assert_true(m.executable);
	assert_int_equal(m.dev, makedev(0xfe, 0x1a));
	assert_int_equal(m.inode, 1234567);
	assert_string_equal(m.path, "\t /a b (deleted)");
	assert_int_equal(mapping_parse("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0   "
				       "               [vsyscall]",
				       &m),
			 0);
	assert_string_equal(m.path, "[vsyscall]");
	assert_true(m.executable);
	assert_int_equal(mapping_parse("1000-2000 rw-p 00000000 00:00 0", &m), 0);
	assert_string_equal(m.path, "");
	assert_false(m.executable);
}

static void test_bad_mapping(void **state)
{
	static const char *const bad[] = {
		"",
		"1000",
		"1000-2000",
		"1000-2000 r-x",
		"1000-2000 r-xpp 0 00:00 0",
		"1000-2000 r-?p 0 00:00 0",
		"2000-1000 r-xp 0 00:00 0",
		"1000-1000 r-xp 0 00:00 0",
		"0x1000-2000 r-xp 0 00:00 0",
		"1000-10000000000000000 r-xp 0 00:00 0",
		"1000-2000 r-xp 0 0000 0",
		"1000-2000 r-xp 0 00:00 ",
		"1000-2000 r-xp 0 00:00 f",
	};
	struct mapping m;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(mapping_parse(bad[i], &m), -EINVAL);
}

/* A folder with a file "maps" of this text stands in for /proc/PID, until end_proc. */
static int begin_proc(char *dir, const char *text)
{
	int proc_fd, fd;

	assert_non_null(mkdtemp(dir));
	proc_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	fd = openat(proc_fd, "maps", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return proc_fd;
}

static void end_proc(int proc_fd, const char *dir)
{
	assert_int_equal(unlinkat(proc_fd, "maps", 0), 0);
	close(proc_fd);
	assert_int_equal(rmdir(dir), 0);
}

static int find_in(const char *text, const struct mapped_file *file, uint64_t *start,
		   uint64_t *offset)
{
	char dir[] = "/tmp/test_proc.XXXXXX";
	int proc_fd = begin_proc(dir, text);
	int err = maps_find_text(proc_fd, file, start, offset);

	end_proc(proc_fd, dir);
	return err;
}

struct seen {
	char paths[64];
	size_t wanted;
};

static bool see(void *ctx, const struct mapping *mapping)
{
	struct seen *seen = ctx;

	size_t used = strlen(seen->paths);

	snprintf(seen->paths + used, sizeof(seen->paths) - used, "%s;", mapping->path);
	return --seen->wanted > 0;
}

static void test_each_text(void **state)
{
	static const char maps[] = "1000-2000 r--p 00000000 08:01 42 /bin/x\n"
				   "2000-3000 r-xp 00001000 08:01 42 /bin/x\n"
				   "3000-4000 rw-p 00000000 00:00 0\n"
				   "4000-5000 r-xp 00000000 00:00 0 [vdso]\n"
				   "5000-6000 r-xp 00000000 08:01 7 /lib/y.so\n";
	char dir[] = "/tmp/test_proc.XXXXXX";
	int proc_fd = begin_proc(dir, maps);
	struct seen all = {.wanted = 9}, one = {.wanted = 1};

	(void)state;
	assert_int_equal(maps_each_text(proc_fd, see, &all), 0);
	assert_string_equal(all.paths, "/bin/x;[vdso];/lib/y.so;");
	assert_int_equal(maps_each_text(proc_fd, see, &one), 0);
	assert_string_equal(one.paths, "/bin/x;");
	end_proc(proc_fd, dir);
	assert_int_equal(maps_each_text(-1, see, &one), -EBADF);
}

static void expect_text(const char *maps, const char *path, uint64_t start, uint64_t offset)
{
	struct mapped_file file = {.dev = makedev(8, 1), .inode = 42, .path = path};
	uint64_t got_start = 0, got_offset = 0;

	assert_int_equal(find_in(maps, &file, &got_start, &got_offset), 0);
	assert_int_equal(got_start, start);
	assert_int_equal(got_offset, offset);
}

static void test_text_by_inode(void **state)
{
	(void)state;
	expect_text("1000-2000 r--p 00000000 08:01 42 /bin/x\n"
		    "2000-3000 r-xp 00001000 08:01 42 /bin/x\n"
		    "3000-4000 r-xp 00002000 08:01 42 /bin/x\n",
		    "/bin/x", 0x2000, 0x1000);
	/* The right inode is better than the right path before or after it. */
	expect_text("1000-2000 r-xp 00005000 08:02 42 /bin/x\n"
		    "2000-3000 r-xp 00001000 08:01 42 /bin/renamed\n"
		    "3000-4000 r-xp 00007000 08:01 43 /bin/x\n",
		    "/bin/x", 0x2000, 0x1000);
}

static void test_text_by_path(void **state)
{
	(void)state;
	expect_text("0500-1000 r-xp 00000000 00:20 42 /bin/x2\n"
		    "0900-1000 r-xp 00000000 00:20 42 /bin/\n"
		    "1000-2000 r-xp 00005000 00:20 42 /bin/x\n"
		    "2000-3000 r-xp 00006000 00:20 42 /bin/x\n",
		    "/bin/x", 0x1000, 0x5000);
	expect_text("1000-2000 r-xp 00005000 00:20 9 /bin/x (deleted)", "/bin/x (deleted)", 0x1000,
		    0x5000);
	expect_text("1000-2000 r-xp 00005000 00:20 9 /bin/a\\012b\n", "/bin/a\nb", 0x1000, 0x5000);
}

static void test_text_behind_long_line(void **state)
{
	size_t room = 20000;
	char *maps = malloc(room);
	int n;

	(void)state;
	assert_non_null(maps);
	n = snprintf(maps, room, "1000-2000 r-xp 00000000 08:01 41 /");
	memset(maps + n, 'x', 16000);
	snprintf(maps + n + 16000, room - 16000 - (size_t)n,
		 "\n2000-3000 r-xp 00001000 08:01 42 /bin/x\n");
	expect_text(maps, "/bin/x", 0x2000, 0x1000);
	free(maps);
}

static void test_no_text(void **state)
{
	struct mapped_file file = {.dev = makedev(8, 1), .inode = 42, .path = "/bin/x"};
	uint64_t start, offset;

	(void)state;
	assert_int_equal(find_in("", &file, &start, &offset), -ENOENT);
	assert_int_equal(find_in("1000-2000 r--p 00000000 08:01 42 /bin/x\n"
				 "2000-3000 rwxp 00000000 00:00 0 \n",
				 &file, &start, &offset),
			 -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_bad_stat),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_bad_mapping),
		cmocka_unit_test(test_each_text),
		cmocka_unit_test(test_text_by_inode),
		cmocka_unit_test(test_text_by_path),
		cmocka_unit_test(test_text_behind_long_line),
		cmocka_unit_test(test_no_text),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
