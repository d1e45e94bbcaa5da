// SPDX-License-Identifier: BSD-2-Clause
/* Processes of a file that come and go, in this kernel. */
#include "session/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
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
	/* Of a directory and a file of the same name as the other in there, which is not followed.
	 */
	char dir[80], other[160];
	pid_t sighted[SEEN];
	size_t nsighted;
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

static void note_sighting(void *ctx, pid_t pid)
{
	struct watch *w = ctx;

	if (w->nsighted < SEEN)
		w->sighted[w->nsighted] = pid;
	w->nsighted++;
}

/* named: processes that run a file of that name are told of. */
static int setup_watch(void **state, bool named)
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
	if (follow_new(&maps, named ? strrchr(w->path, '/') + 1 : NULL, &w->follow, &why))
		fail_msg("%s", why.text);
	assert_int_equal(follow_file(w->follow, w->fd, EXE), 0);
	*state = w;
	return 0;
}

static int setup(void **state)
{
	return setup_watch(state, false);
}

static int setup_named(void **state)
{
	int err = setup_watch(state, true);
	struct watch *w = *state;

	snprintf(w->dir, sizeof(w->dir), "%s.d", w->path);
	snprintf(w->other, sizeof(w->other), "%s/%s", w->dir, strrchr(w->path, '/') + 1);
	assert_int_equal(mkdir(w->dir, 0755), 0);
	copy_program("/bin/sleep", w->other);
	follow_listen(w->follow, note_sighting, w);
	return err;
}

static int teardown(void **state)
{
	struct watch *w = *state;

	follow_free(w->follow);
	maps_bpf__destroy(w->maps);
	close(w->fd);
	unlink(w->path);
	unlink(w->other);
	rmdir(w->dir);
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

static void expect_exit(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void run_to_end(const char *path)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl(path, path, NULL);
		_exit(127);
	}
	expect_exit(pid);
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

/* One that ran before, and one that comes; not those of other names, nor of the file. */
static void test_sights(void **state)
{
	struct watch *w = *state;
	pid_t before = run(w->other), followed = run(w->path), other = run("/bin/sleep"), later;

	start(w);
	assert_int_equal(follow_search(w->follow), 0);
	assert_int_equal(w->nsighted, 1);
	assert_int_equal(w->sighted[0], before);
	later = run(w->other);
	end(run(w->path));
	end(run("/bin/sleep"));
	look(w);
	assert_int_equal(w->nsighted, 2);
	assert_int_equal(w->sighted[1], later);
	assert_int_equal(unlink(w->other), 0);
	assert_int_equal(follow_search(w->follow), 0);
	assert_int_equal(w->nsighted, 4);
	assert_false(follow_has_missed(w->follow));
	end(before);
	end(followed);
	end(other);
	end(later);
}

/* Its name is that of the file which it is mounted over. */
static void test_sights_mounts(void **state)
{
	struct watch *w = *state;
	pid_t pid;

	start(w);
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("/bin/true", w->other, NULL, MS_BIND, NULL))
			_exit(126);
		execl(w->other, w->other, NULL);
		_exit(127);
	}
	expect_exit(pid);
	look(w);
	assert_int_equal(w->nsighted, 1);
	assert_int_equal(w->sighted[0], pid);
}

/* More come than there is room for: that is told, once, and what still runs is found. */
static void test_misses(void **state)
{
	/* A number with its header; a ring is never filled whole (bpf_ringbuf_reserve). */
	enum { ROOM = SS_SIGHTINGS_BYTES / 16 - 1 };
	struct watch *w = *state;
	pid_t pid;

	start(w);
	copy_program("/bin/true", w->other);
	for (int i = 0; i < ROOM; i++)
		run_to_end(w->other);
	assert_false(follow_has_missed(w->follow));
	unlink(w->other);
	copy_program("/bin/sleep", w->other);
	pid = run(w->other);
	assert_true(follow_has_missed(w->follow));
	assert_false(follow_has_missed(w->follow));
	look(w);
	assert_int_equal(w->nsighted, ROOM);
	w->nsighted = 0;
	assert_int_equal(follow_search(w->follow), 0);
	assert_int_equal(w->nsighted, 1);
	assert_int_equal(w->sighted[0], pid);
	end(pid);
}

/* Names of a file are one, and files of the same contents two. */
static void test_probed_inode(void **state)
{
	struct watch *w = *state;
	uint64_t file, linked, copied;
	char path[200];
	int fd;

	assert_int_equal(follow_probed_inode(w->follow, w->fd, &file), 0);
	assert_true(file != 0);
	snprintf(path, sizeof(path), "%s/link", w->dir);
	assert_int_equal(link(w->path, path), 0);
	fd = open(path, O_RDONLY);
	assert_int_equal(follow_probed_inode(w->follow, fd, &linked), 0);
	assert_true(linked == file);
	close(fd);
	unlink(path);
	fd = open(w->other, O_RDONLY);
	assert_int_equal(follow_probed_inode(w->follow, fd, &copied), 0);
	assert_true(copied && copied != file);
	close(fd);
	assert_int_equal(follow_probed_inode(w->follow, -1, &copied), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_comes_and_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_execs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forgets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sights, setup_named, teardown),
		cmocka_unit_test_setup_teardown(test_sights_mounts, setup_named, teardown),
		cmocka_unit_test_setup_teardown(test_misses, setup_named, teardown),
		cmocka_unit_test_setup_teardown(test_probed_inode, setup_named, teardown),
	};

	return cmocka_run_group_tests_name("follow", tests, NULL, NULL);
}
