// SPDX-License-Identifier: BSD-2-Clause
/* target/cgroup.h: made-up texts, and where this process and its child are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/cgroup.h"

static void assert_path(const char *text, const char *expected)
{
	char *path = cgroup_parse(text);

	if (expected)
		assert_string_equal(path, expected);
	else
		assert_null(path);
	free(path);
}

static void test_parse(void **state)
{
	(void)state;
	assert_path("0::/\n", "/");
	assert_path("0::/a.slice/b c.scope\n", "/a.slice/b c.scope");
	assert_path("9:name=systemd:/x\n4:memory:/0::/y\n0::/z\n", "/z");
	assert_path("0::/last", "/last");
	assert_path("0::/../outside\n", "/../outside");
	assert_path("4:memory:/y\n", NULL);
	assert_path("0::\n", NULL);
	assert_path("0::relative\n", NULL);
	assert_path("0:", NULL);
	assert_path("", NULL);
}

/* Where the hierarchy of version 2 is; fails where there is none. */
static const char *hierarchy(void)
{
	if (!access("/sys/fs/cgroup/cgroup.procs", F_OK))
		return "/sys/fs/cgroup";
	assert_int_equal(access("/sys/fs/cgroup/unified/cgroup.procs", F_OK), 0);
	return "/sys/fs/cgroup/unified";
}

/* In a cgroup of its own, whose path is told by the process and by the number that stat gives. */
static void test_child(void **state)
{
	char directory[128], procs[160], name[64], *path;
	struct stat st;
	pid_t pid;
	FILE *f;
	int fd;

	(void)state;
	snprintf(name, sizeof(name), "/slicestat-test-%d", getpid());
	snprintf(directory, sizeof(directory), "%s%s", hierarchy(), name);
	assert_int_equal(mkdir(directory, 0755), 0);
	assert_int_equal(stat(directory, &st), 0);
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", directory);
	f = fopen(procs, "we");
	assert_non_null(f);
	assert_true(fprintf(f, "%d\n", pid) > 0);
	assert_int_equal(fclose(f), 0);

	snprintf(procs, sizeof(procs), "/proc/%d", pid);
	fd = open(procs, O_PATH | O_DIRECTORY);
	path = cgroup_of_process(fd);
	assert_string_equal(path, name);
	free(path);
	path = cgroup_by_id(st.st_ino);
	assert_string_equal(path, name);
	free(path);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_null(cgroup_of_process(fd));
	close(fd);
	assert_int_equal(rmdir(directory), 0);
	assert_null(cgroup_by_id(st.st_ino));
}

static void test_root(void **state)
{
	struct stat st;
	char *path;

	(void)state;
	assert_int_equal(stat(hierarchy(), &st), 0);
	path = cgroup_by_id(st.st_ino);
	assert_string_equal(path, "/");
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_child),
		cmocka_unit_test(test_root),
	};

	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
