// SPDX-License-Identifier: BSD-2-Clause
/* Processes of a file that come and go, in this kernel. */
#include "follow_watch.h"

#include <errno.h>
#include <stdlib.h>

#include "target/target.h"

static int setup(void **state)
{
	struct watch *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	*state = w;
	return open_watch(w, false);
}

static int teardown(void **state)
{
	close_watch(*state);
	free(*state);
	return 0;
}

/* As /proc tells of it. */
static bool is_process(pid_t pid, const struct ss_coming *coming)
{
	struct target *target = NULL;
	struct reason why;
	bool is;

	assert_int_equal(target_open(pid, &target, &why), 0);
	is = target_is(target, coming->start_ns, coming->start_code);
	assert_false(target_is(target, coming->start_ns + 1000000000, coming->start_code));
	assert_false(target_is(target, coming->start_ns, coming->start_code + 1));
	target_free(target);
	return is;
}

static void expect_came(const struct watch *w, size_t i, pid_t pid)
{
	struct ss_target target;
	uint32_t tgid = w->seen[i].tgid, number;

	assert_true(i < w->n);
	assert_int_equal(w->seen[i].kind, SS_CAME);
	assert_int_equal(w->seen[i].pid, pid);
	assert_int_equal(w->seen[i].exe, EXE);
	assert_int_equal(bpf_map_lookup_elem(bpf_map__fd(w->maps->maps.processes), &tgid, &number),
			 0);
	assert_int_equal(number, w->seen[i].target);
	assert_int_equal(bpf_map_lookup_elem(bpf_map__fd(w->maps->maps.targets), &number, &target),
			 0);
	assert_true(is_process(pid, &w->seen[i]));
	assert_int_equal(target.text, w->seen[i].start_code + 0x100);
	assert_int_equal(target.zerobase, w->seen[i].start_code + 0x200);
}

static void expect_gone(const struct watch *w, size_t i, uint32_t kind, uint32_t target)
{
	uint32_t tgid = w->seen[i].tgid, number;

	assert_true(i < w->n);
	assert_int_equal(w->seen[i].kind, kind);
	assert_int_equal(w->seen[i].target, target);
	assert_int_equal(bpf_map_lookup_elem(bpf_map__fd(w->maps->maps.processes), &tgid, &number),
			 -ENOENT);
}

/* One that ran before, once however often is looked, and one that comes later. */
static void test_comes_and_goes(void **state)
{
	struct watch *w = *state;
	pid_t before = run(w->path), later;

	start(w);
	assert_int_equal(follow_walk(w->follow), 0);
	look(w);
	assert_int_equal(w->n, 1);
	expect_came(w, 0, before);
	assert_int_equal(w->seen[0].target, 0);

	later = run(w->path);
	look(w);
	assert_int_equal(w->n, 1);
	expect_came(w, 0, later);
	assert_int_equal(w->seen[0].target, 1);

	end(before);
	end(later);
	look(w);
	assert_int_equal(w->n, 2);
	expect_gone(w, 0, SS_LEFT, 0);
	expect_gone(w, 1, SS_LEFT, 1);
}

/* A process that goes on as another program, from the one that is followed. */
static void test_execs(void **state)
{
	struct watch *w = *state;
	char path[80];
	int fd, status;
	pid_t pid;

	snprintf(path, sizeof(path), "%s-sh", w->path);
	copy_program("/bin/sh", path);
	fd = open(path, O_RDONLY);
	assert_int_equal(follow_file(w->follow, fd, EXE), 0);
	start(w);
	pid = fork();
	if (pid == 0) {
		execl(path, path, "-c", "exec /bin/true", NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	look(w);
	assert_int_equal(w->n, 2);
	assert_int_equal(w->seen[0].kind, SS_CAME);
	assert_int_equal(w->seen[0].pid, pid);
	expect_gone(w, 1, SS_EXECED, w->seen[0].target);
	close(fd);
	unlink(path);
}

/* Numbers are not given twice, unless they are released. */
static void test_no_room(void **state)
{
	struct watch *w = *state;
	pid_t pids[TARGETS + 1], last;

	start(w);
	for (size_t i = 0; i < TARGETS + 1; i++)
		pids[i] = run(w->path);
	look(w);
	assert_int_equal(w->n, TARGETS);
	end(pids[1]);
	look(w);
	expect_gone(w, 0, SS_LEFT, 1);
	last = run(w->path);
	look(w);
	assert_int_equal(w->n, 0);
	assert_int_equal(follow_release(w->follow, 1), 0);
	assert_int_equal(follow_walk(w->follow), 0);
	look(w);
	assert_int_equal(w->n, 1);
	assert_int_equal(w->seen[0].target, 1);
	end(last);
	for (size_t i = 0; i < TARGETS + 1; i++)
		if (i != 1)
			end(pids[i]);
}

/* What is forgotten has no new processes; those it has stay. */
static void test_forgets(void **state)
{
	struct watch *w = *state;
	pid_t first, second;

	start(w);
	first = run(w->path);
	assert_int_equal(follow_forget(w->follow, w->fd), 0);
	second = run(w->path);
	look(w);
	assert_int_equal(w->n, 1);
	expect_came(w, 0, first);
	end(second);
	end(first);
	look(w);
	assert_int_equal(w->n, 1);
	expect_gone(w, 0, SS_LEFT, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_comes_and_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_execs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forgets, setup, teardown),
	};

	return cmocka_run_group_tests_name("follow", tests, NULL, NULL);
}
