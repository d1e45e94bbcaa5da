// SPDX-License-Identifier: BSD-2-Clause
/* Processes of a file that come and go, in this kernel. */
#include "session/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "maps.skel.h"
#include "target/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define TARGETS 4
#define SEEN	64
#define EXE	7

struct watch {
	char path[64];
	int fd;
	struct maps_bpf *maps;
	struct follow *follow;
	struct ss_coming seen[SEEN];
	size_t n;
};

static void note(void *ctx, const struct ss_coming *coming)
{
	struct watch *w = ctx;

	assert_true(w->n < SEEN);
	w->seen[w->n++] = *coming;
}

static void copy_program(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	struct stat st = {0};

	assert_true(in >= 0);
	assert_true(out >= 0);
	assert_int_equal(fstat(in, &st), 0);
	assert_int_equal(sendfile(out, in, NULL, (size_t)st.st_size), st.st_size);
	close(in);
	close(out);
}

static int setup(void **state)
{
	struct watch *w = calloc(1, sizeof(*w));
	const struct ss_executable file = {.text = 0x100, .zerobase = 0x200};
	const uint32_t exe = EXE;
	struct follow_maps maps = {.max_targets = TARGETS};
	struct reason why;

	assert_non_null(w);
	snprintf(w->path, sizeof(w->path), "/tmp/slicestat-follow-%d", getpid());
	copy_program("/bin/sleep", w->path);
	w->fd = open(w->path, O_RDONLY);
	w->maps = maps_bpf__open();
	assert_non_null(w->maps);
	bpf_map__set_max_entries(w->maps->maps.targets, TARGETS);
	bpf_map__set_max_entries(w->maps->maps.processes, TARGETS);
	bpf_map__set_max_entries(w->maps->maps.executables, SS_EXECUTABLES_MAX);
	bpf_map__set_max_entries(w->maps->maps.free_targets, TARGETS);
	bpf_map__set_max_entries(w->maps->maps.comings, SS_COMINGS_BYTES);
	assert_int_equal(maps_bpf__load(w->maps), 0);
	maps.targets = bpf_map__fd(w->maps->maps.targets);
	maps.processes = bpf_map__fd(w->maps->maps.processes);
	maps.executables = bpf_map__fd(w->maps->maps.executables);
	maps.free_targets = bpf_map__fd(w->maps->maps.free_targets);
	maps.comings = bpf_map__fd(w->maps->maps.comings);
	assert_int_equal(bpf_map_update_elem(maps.executables, &exe, &file, BPF_ANY), 0);
	assert_int_equal(follow_new(&maps, &w->follow, &why), 0);
	assert_int_equal(follow_file(w->follow, w->fd, EXE), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct watch *w = *state;

	follow_free(w->follow);
	maps_bpf__destroy(w->maps);
	close(w->fd);
	unlink(w->path);
	free(w);
	return 0;
}

/* Returns when it runs the program: the pipe closes at the exec. */
static pid_t run(const char *path)
{
	int fds[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		execl(path, path, "1000", NULL);
		_exit(127);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &byte, 1), 0);
	close(fds[0]);
	return pid;
}

static void end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void start(struct watch *w)
{
	struct reason why;

	assert_int_equal(follow_start(w->follow, &why), 0);
	assert_int_equal(follow_walk(w->follow), 0);
}

static void look(struct watch *w)
{
	w->n = 0;
	assert_int_equal(follow_comings(w->follow, note, w), 0);
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
