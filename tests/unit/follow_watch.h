/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that is followed in this kernel, and what is told of its processes. */
#ifndef SS_TESTS_FOLLOW_WATCH_H
#define SS_TESTS_FOLLOW_WATCH_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "maps.skel.h"
#include "session/follow.h"

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

static inline void note(void *ctx, const struct ss_coming *coming)
{
	struct watch *w = ctx;

	assert_true(w->n < SEEN);
	w->seen[w->n++] = *coming;
}

static inline void copy_program(const char *from, const char *to)
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

/* named: processes that run a file of that name are told of. */
static inline int open_watch(struct watch *w, bool named)
{
	const struct ss_executable file = {.text = 0x100, .zerobase = 0x200};
	const uint32_t exe = EXE;
	struct follow_maps maps = {.max_targets = TARGETS};
	struct reason why;

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
	return 0;
}

static inline void close_watch(struct watch *w)
{
	follow_free(w->follow);
	maps_bpf__destroy(w->maps);
	close(w->fd);
	unlink(w->path);
}

/* Returns when it runs the program: the pipe closes at the exec. */
static inline pid_t run(const char *path)
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

static inline void end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static inline void start(struct watch *w)
{
	struct reason why;

	assert_int_equal(follow_start(w->follow, &why), 0);
	assert_int_equal(follow_walk(w->follow), 0);
}

static inline void look(struct watch *w)
{
	w->n = 0;
	assert_int_equal(follow_comings(w->follow, note, w), 0);
}

#endif
