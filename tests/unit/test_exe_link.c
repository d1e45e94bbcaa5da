// SPDX-License-Identifier: BSD-2-Clause
/* Which paths processes have their executables at: as links tell, and of processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/exe_link.h"

static void paths_that_can_be(void **state)
{
	char name[2 + 256] = "/", longest[2 + 255] = "/";

	(void)state;
	memset(name + 1, 'n', 256);
	memset(longest + 1, 'n', 255);
	assert_true(exe_link_can_be("/app"));
	assert_true(exe_link_can_be("/srv/app/a program"));
	assert_true(exe_link_can_be("/srv/..app/.hidden"));
	assert_true(exe_link_can_be("/srv/new\nline"));
	assert_true(exe_link_can_be(longest));
	assert_false(exe_link_can_be(name));
	assert_false(exe_link_can_be(""));
	assert_false(exe_link_can_be("/"));
	assert_false(exe_link_can_be("app"));
	assert_false(exe_link_can_be("/app/"));
	assert_false(exe_link_can_be("//app"));
	assert_false(exe_link_can_be("/srv//app"));
	assert_false(exe_link_can_be("/srv/./app"));
	assert_false(exe_link_can_be("/srv/../app"));
	assert_false(exe_link_can_be("/srv/.."));
}

static void links(void **state)
{
	(void)state;
	assert_true(exe_link_is("/srv/app", "/", "/srv/app"));
	assert_true(exe_link_is("/srv/app (deleted)", "/", "/srv/app"));
	assert_true(exe_link_is("/srv/app (deleted)", "/", "/srv/app (deleted)"));
	assert_true(exe_link_is("/srv/a\nb", "/", "/srv/a\nb"));
	assert_false(exe_link_is("/srv/app", "/", "/app"));
	assert_false(exe_link_is("/srv/app", "/", "/srv/ap"));
	assert_false(exe_link_is("/srv/app", "/", "/srv/app2"));
	assert_false(exe_link_is("/srv/app2", "/", "/srv/app"));
	assert_false(exe_link_is("/srv/app (deleted) ", "/", "/srv/app"));
	assert_false(exe_link_is("/srv/app (deleted) (deleted)", "/", "/srv/app"));
	assert_false(exe_link_is("", "/", "/srv/app"));
}

static void links_below_a_root(void **state)
{
	(void)state;
	assert_true(exe_link_is("/jail/srv/app", "/jail", "/srv/app"));
	assert_true(exe_link_is("/jail/srv/app (deleted)", "/jail", "/srv/app"));
	assert_true(exe_link_is("/jail/srv/app", "/jail", "/jail/srv/app"));
	assert_false(exe_link_is("/jails/srv/app", "/jail", "/srv/app"));
	assert_false(exe_link_is("/other/srv/app", "/jail", "/srv/app"));
	assert_false(exe_link_is("/srv/app", "/srv/app", "/srv"));
}

/* Its executable is this program, the path of which is the link here. */
static void processes(void **state)
{
	char path[4096], longer[4200];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	struct stat opened, own;
	int fd, status;
	pid_t pid;

	(void)state;
	assert_true(n > 0);
	path[n] = '\0';
	snprintf(longer, sizeof(longer), "%s2", path);
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	fd = exe_link_open(pid, path);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &opened), 0);
	assert_int_equal(stat("/proc/self/exe", &own), 0);
	assert_int_equal(opened.st_ino, own.st_ino);
	close(fd);
	assert_int_equal(exe_link_open(pid, longer), -ENOENT);
	assert_int_equal(kill(pid, SIGKILL), 0);
	/* It has given its memory up, but not been waited for. */
	assert_int_equal(waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED | WNOWAIT), 0);
	assert_int_equal(exe_link_open(pid, path), -ESRCH);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(exe_link_open(pid, path), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_that_can_be),
		cmocka_unit_test(links),
		cmocka_unit_test(links_below_a_root),
		cmocka_unit_test(processes),
	};

	return cmocka_run_group_tests_name("exe_link", tests, NULL, NULL);
}
