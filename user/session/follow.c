// SPDX-License-Identifier: BSD-2-Clause
#include "session/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "follow.skel.h"

struct follow {
	struct follow_bpf *skel;
	struct ring_buffer *comings;
	follow_coming_fn fn; /* while they are handed over */
	void *ctx;
};

static int hand_over(void *ctx, void *data, size_t size)
{
	const struct follow *f = ctx;

	if (size >= sizeof(struct ss_coming))
		f->fn(f->ctx, data);
	return 0;
}

static int share_maps(struct follow_bpf *skel, const struct follow_maps *maps)
{
	int err = bpf_map__reuse_fd(skel->maps.targets, maps->targets);

	if (!err)
		err = bpf_map__reuse_fd(skel->maps.processes, maps->processes);
	if (!err)
		err = bpf_map__reuse_fd(skel->maps.executables, maps->executables);
	if (!err)
		err = bpf_map__reuse_fd(skel->maps.free_targets, maps->free_targets);
	if (!err)
		err = bpf_map__reuse_fd(skel->maps.comings, maps->comings);
	return err;
}

/* Lowest first: for those who read maps by hand. */
static int free_all_targets(const struct follow *f, uint32_t max_targets)
{
	int err = 0;

	for (uint32_t i = 0; i < max_targets && !err; i++)
		err = bpf_map_update_elem(bpf_map__fd(f->skel->maps.free_targets), NULL, &i, 0);
	return err;
}

static int load_skeleton(struct follow_bpf *skel, const struct follow_maps *maps)
{
	int err = follow_pid_ns(&skel->rodata->pid_ns);

	if (!err)
		err = share_maps(skel, maps);
	return err ? err : follow_bpf__load(skel);
}

static int follow_init(struct follow *f, const struct follow_maps *maps)
{
	int err;

	f->skel = follow_bpf__open();
	if (!f->skel)
		return errno ? -errno : -ENOMEM;
	err = load_skeleton(f->skel, maps);
	if (!err)
		err = free_all_targets(f, maps->max_targets);
	if (err)
		return err;
	f->comings = ring_buffer__new(bpf_map__fd(f->skel->maps.comings), hand_over, f, NULL);
	return f->comings ? 0 : -errno;
}

int follow_new(const struct follow_maps *maps, struct follow **out, struct reason *why)
{
	struct follow *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return reason_set(why, -ENOMEM, "out of memory");
	err = follow_init(f, maps);
	if (err) {
		follow_free(f);
		return reason_set(why, err,
				  "cannot load the programs that watch processes: %s (-v shows the "
				  "kernel's words)",
				  strerror(-err));
	}
	*out = f;
	return 0;
}

void follow_free(struct follow *f)
{
	if (!f)
		return;
	ring_buffer__free(f->comings);
	follow_bpf__destroy(f->skel);
	free(f);
}

int follow_pid_ns(uint32_t *inode)
{
	struct stat ns;

	if (stat("/proc/self/ns/pid", &ns))
		return -errno;
	*inode = (uint32_t)ns.st_ino;
	return 0;
}

/* The kernel looks into the table of files of whoever runs the program. */
static int file_inode(struct follow *f, int fd, uint64_t *inode)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int err;

	f->skel->bss->asked_fd = (uint32_t)fd;
	err = bpf_prog_test_run_opts(bpf_program__fd(f->skel->progs.file_inode), &opts);
	*inode = f->skel->bss->found_inode;
	return err || *inode ? err : -ENOENT;
}

int follow_file(struct follow *f, int fd, uint32_t exe)
{
	uint64_t inode;
	int err = file_inode(f, fd, &inode);

	if (!err)
		err = bpf_map_update_elem(bpf_map__fd(f->skel->maps.followed), &inode, &exe,
					  BPF_ANY);
	return err;
}

int follow_forget(struct follow *f, int fd)
{
	uint64_t inode;
	int err = file_inode(f, fd, &inode);

	return err ? err : bpf_map_delete_elem(bpf_map__fd(f->skel->maps.followed), &inode);
}

int follow_start(struct follow *f, struct reason *why)
{
	struct follow_bpf *skel = f->skel;

	skel->links.process_exec = bpf_program__attach(skel->progs.process_exec);
	if (skel->links.process_exec)
		skel->links.process_exit = bpf_program__attach(skel->progs.process_exit);
	if (!skel->links.process_exit)
		return reason_set(why, -errno, "cannot watch execs and exits: %s", strerror(errno));
	skel->links.process_walk = bpf_program__attach_iter(skel->progs.process_walk, NULL);
	if (!skel->links.process_walk)
		return reason_set(why, -errno, "cannot walk over processes: %s", strerror(errno));
	return 0;
}

/* The program prints nothing; to read is to walk. */
int follow_walk(struct follow *f)
{
	int fd = bpf_iter_create(bpf_link__fd(f->skel->links.process_walk));
	ssize_t n;
	char none[16];

	if (fd < 0)
		return fd;
	do
		n = read(fd, none, sizeof(none));
	while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
	n = n < 0 ? -errno : 0;
	close(fd);
	return (int)n;
}

int follow_fd(const struct follow *f)
{
	return ring_buffer__epoll_fd(f->comings);
}

int follow_comings(struct follow *f, follow_coming_fn fn, void *ctx)
{
	int n;

	f->fn = fn;
	f->ctx = ctx;
	n = ring_buffer__consume(f->comings);
	return n < 0 ? n : 0;
}

int follow_release(struct follow *f, uint32_t target)
{
	return bpf_map_update_elem(bpf_map__fd(f->skel->maps.free_targets), NULL, &target, 0);
}
