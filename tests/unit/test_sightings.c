// SPDX-License-Identifier: BSD-2-Clause
/*
 * Processes that run a file of a name, in this kernel: told of at their exec, found by a walk, and
 * missed where they are too many.
 */
#include "follow_watch.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>

struct sighted {
	struct watch watch;
	char dir[80], other[160]; /* there is a file of the same name, which is not followed */
	pid_t pids[SEEN];
	size_t n;
};

static void note_sighting(void *ctx, pid_t pid)
{
	struct sighted *s = ctx;

	if (s->n < SEEN)
		s->pids[s->n] = pid;
	s->n++;
}

static int setup(void **state)
{
	struct sighted *s = calloc(1, sizeof(*s));
	const char *path;

	assert_non_null(s);
	*state = s;
	assert_int_equal(open_watch(&s->watch, true), 0);
	path = s->watch.path;
	snprintf(s->dir, sizeof(s->dir), "%s.d", path);
	snprintf(s->other, sizeof(s->other), "%s/%s", s->dir, strrchr(path, '/') + 1);
	assert_int_equal(mkdir(s->dir, 0755), 0);
	copy_program("/bin/sleep", s->other);
	follow_listen(s->watch.follow, note_sighting, s);
	return 0;
}

static int teardown(void **state)
{
	struct sighted *s = *state;

	close_watch(&s->watch);
	unlink(s->other);
	rmdir(s->dir);
	free(s);
	return 0;
}

static void expect_exit(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void run_to_end(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl(path, path, NULL);
		_exit(127);
	}
	expect_exit(pid);
}

/* One that ran before, and one that comes; not those of other names, nor of the file. */
static void test_sights(void **state)
{
	struct sighted *s = *state;
	struct watch *w = &s->watch;
	pid_t before = run(s->other), followed = run(w->path), other = run("/bin/sleep"), later;

	start(w);
	assert_int_equal(follow_search(w->follow), 0);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->pids[0], before);
	later = run(s->other);
	end(run(w->path));
	end(run("/bin/sleep"));
	look(w);
	assert_int_equal(s->n, 2);
	assert_int_equal(s->pids[1], later);
	assert_int_equal(unlink(s->other), 0);
	assert_int_equal(follow_search(w->follow), 0);
	assert_int_equal(s->n, 4);
	assert_false(follow_has_missed(w->follow));
	end(before);
	end(followed);
	end(other);
	end(later);
}

/* Its name is that of the file which it is mounted over. */
static void test_sights_mounts(void **state)
{
	struct sighted *s = *state;
	struct watch *w = &s->watch;
	pid_t pid;

	start(w);
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("/bin/true", s->other, NULL, MS_BIND, NULL))
			_exit(126);
		execl(s->other, s->other, NULL);
		_exit(127);
	}
	expect_exit(pid);
	look(w);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->pids[0], pid);
}

/* More come than there is room for: that is told, once, and what still runs is found. */
static void test_misses(void **state)
{
	/* A number with its header; a ring is never filled whole (bpf_ringbuf_reserve). */
	enum { ROOM = SS_SIGHTINGS_BYTES / 16 - 1 };
	struct sighted *s = *state;
	struct watch *w = &s->watch;
	pid_t pid;

	start(w);
	copy_program("/bin/true", s->other);
	for (int i = 0; i < ROOM; i++)
		run_to_end(s->other);
	assert_false(follow_has_missed(w->follow));
	unlink(s->other);
	copy_program("/bin/sleep", s->other);
	pid = run(s->other);
	assert_true(follow_has_missed(w->follow));
	assert_false(follow_has_missed(w->follow));
	look(w);
	assert_int_equal(s->n, ROOM);
	s->n = 0;
	assert_int_equal(follow_search(w->follow), 0);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->pids[0], pid);
	end(pid);
}

/* Names of a file are one, and files of the same contents two. */
static void test_probed_inode(void **state)
{
	struct sighted *s = *state;
	struct watch *w = &s->watch;
	uint64_t file, linked, copied;
	char path[200];
	int fd;

	assert_int_equal(follow_probed_inode(w->follow, w->fd, &file), 0);
	assert_true(file != 0);
	snprintf(path, sizeof(path), "%s/link", s->dir);
	assert_int_equal(link(w->path, path), 0);
	fd = open(path, O_RDONLY);
	assert_int_equal(follow_probed_inode(w->follow, fd, &linked), 0);
	assert_true(linked == file);
	close(fd);
	unlink(path);
	fd = open(s->other, O_RDONLY);
	assert_int_equal(follow_probed_inode(w->follow, fd, &copied), 0);
	assert_true(copied && copied != file);
	close(fd);
	assert_int_equal(follow_probed_inode(w->follow, -1, &copied), -EBADF);
}

static void *keep_mapping(void *ctx)
{
	const bool *stop = ctx;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		munmap(page, 4096);
	}
	return NULL;
}

/* While another thread changes what is mapped, the kernel cannot look at times. */
static void test_probed_inode_while_mapping(void **state)
{
	struct sighted *s = *state;
	uint64_t first, again;
	bool stop = false;
	pthread_t thread;

	assert_int_equal(follow_probed_inode(s->watch.follow, s->watch.fd, &first), 0);
	assert_int_equal(pthread_create(&thread, NULL, keep_mapping, &stop), 0);
	for (int i = 0; i < 20000; i++) {
		assert_int_equal(follow_probed_inode(s->watch.follow, s->watch.fd, &again), 0);
		assert_true(again == first);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sights, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sights_mounts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_misses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_probed_inode, setup, teardown),
		cmocka_unit_test_setup_teardown(test_probed_inode_while_mapping, setup, teardown),
	};

	return cmocka_run_group_tests_name("sightings", tests, NULL, NULL);
}
