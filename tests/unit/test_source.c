// SPDX-License-Identifier: BSD-2-Clause
/* output/source.h: which files are read, and what of a line is shown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/source.h"

struct folder {
	char path[64];
};

static int folder_new(void **state)
{
	struct folder *dir = malloc(sizeof(*dir));

	if (!dir)
		return -1;
	*state = dir;
	strcpy(dir->path, "/tmp/test_source.XXXXXX");
	return mkdtemp(dir->path) ? 0 : -1;
}

static int folder_free(void **state)
{
	struct folder *dir = *state;
	int err = rmdir(dir->path);

	free(dir);
	return err;
}

static void name_file(char path[128], const struct folder *dir, const char *name)
{
	snprintf(path, 128, "%s/%s", dir->path, name);
}

static void write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void assert_line(const char *path, int line, const char *expected)
{
	char text[64];

	assert_int_equal(source_line(path, line, text, sizeof(text)), 0);
	assert_string_equal(text, expected);
}

static void test_lines(void **state)
{
	static const char bytes[] = "package main\n"
				    "\n"
				    "\t\ts = append(s,\tx) \r\n"
				    "a\x1b[31mb\x7f\0c\n"
				    "caf\xc3\xa9 \xff \xc2\x9b"
				    "1m\n"
				    "last";
	char path[128], text[8];

	name_file(path, *state, "a.go");
	write_file(path, bytes, sizeof(bytes) - 1);
	assert_line(path, 1, "package main");
	assert_line(path, 3, "s = append(s, x)");
	assert_line(path, 4, "a?[31mb??c");
	assert_line(path, 5, "caf\xc3\xa9 \xef\xbf\xbd ??1m");
	assert_line(path, 6, "last");
	assert_int_equal(source_line(path, 2, text, sizeof(text)), -ENOENT);
	assert_int_equal(source_line(path, 7, text, sizeof(text)), -ENOENT);
	assert_int_equal(source_line(path, 0, text, sizeof(text)), -EINVAL);
	assert_int_equal(source_line(path, 1, text, 0), -EINVAL);
	assert_int_equal(source_line(path, 1, text, sizeof(text)), 0);
	assert_string_equal(text, "package");
	/* Not within a character. */
	assert_int_equal(source_line(path, 5, text, 5), 0);
	assert_string_equal(text, "caf");
	assert_int_equal(unlink(path), 0);
}

static void test_a_long_line(void **state)
{
	enum { N = 20000 };
	char path[128], text[N], *bytes = malloc(N);

	assert_non_null(bytes);
	memset(bytes, 'x', N);
	bytes[N - 3] = '\n';
	name_file(path, *state, "b.go");
	write_file(path, bytes, N);
	assert_int_equal(source_line(path, 1, text, sizeof(text)), 0);
	assert_int_equal(strlen(text), 4095);
	assert_line(path, 2, "xx");
	assert_int_equal(unlink(path), 0);
	free(bytes);
}

static void test_only_regular_sources(void **state)
{
	char path[128], other[128], text[64];

	name_file(path, *state, "secret");
	write_file(path, "secret\n", 7);
	assert_int_equal(source_line(path, 1, text, sizeof(text)), -EINVAL);
	name_file(other, *state, "link.go");
	assert_int_equal(symlink(path, other), 0);
	assert_int_equal(source_line(other, 1, text, sizeof(text)), -ELOOP);
	assert_int_equal(unlink(other), 0);
	assert_int_equal(unlink(path), 0);
	name_file(path, *state, "pipe.go");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(source_line(path, 1, text, sizeof(text)), -EINVAL);
	assert_int_equal(unlink(path), 0);
	name_file(path, *state, "folder.go");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(source_line(path, 1, text, sizeof(text)), -EINVAL);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(source_line(path, 1, text, sizeof(text)), -ENOENT);
	assert_int_equal(source_line("example.com/m/a.go", 1, text, sizeof(text)), -EINVAL);
	assert_int_equal(source_line("", 1, text, sizeof(text)), -EINVAL);
}

static void test_a_huge_file(void **state)
{
	char path[128], text[64];

	name_file(path, *state, "huge.go");
	write_file(path, "x\n", 2);
	assert_int_equal(truncate(path, 16 << 20), 0);
	assert_line(path, 1, "x");
	assert_int_equal(truncate(path, (16 << 20) + 1), 0);
	assert_int_equal(source_line(path, 1, text, sizeof(text)), -EINVAL);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_a_long_line),
		cmocka_unit_test(test_only_regular_sources),
		cmocka_unit_test(test_a_huge_file),
	};

	return cmocka_run_group_tests_name("source", tests, folder_new, folder_free);
}
