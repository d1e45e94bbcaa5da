// SPDX-License-Identifier: BSD-2-Clause
#include "session/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
	follow_sighting_fn sighted; /* or NULL */
	void *sighted_ctx;
};

static int hand_over(void *ctx, void *data, size_t size)
{
	const struct follow *f = ctx;

	if (size >= sizeof(struct ss_coming))
		f->fn(f->ctx, data);
	return 0;
}

static int hand_sighting(void *ctx, void *data, size_t size)
{
	const struct follow *f = ctx;
	uint32_t pid;

	if (size >= sizeof(pid) && f->sighted) {
		memcpy(&pid, data, sizeof(pid));
		f->sighted(f->sighted_ctx, (pid_t)pid);
	}
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

/* Where none is looked for, there is neither the ring nor code for it, and older kernels do. */
static int want_name(struct follow_bpf *skel, const char *name)
{
	const size_t length = name ? strlen(name) : 0;
	int err;

	if (length >= sizeof(skel->rodata->wanted_name))
		return -ENAMETOOLONG;
	if (length) {
		memcpy(skel->rodata->wanted_name, name, length);
		skel->rodata->wanted_length = (uint32_t)length;
		return 0;
	}
	err = bpf_map__set_autocreate(skel->maps.sightings, false);
	return err ? err : bpf_program__set_autoload(skel->progs.mapped_inode, false);
}

static int load_skeleton(struct follow_bpf *skel, const struct follow_maps *maps, const char *name)
{
	int err = follow_pid_ns(&skel->rodata->pid_ns);

	if (!err)
		err = want_name(skel, name);
	if (!err)
		err = share_maps(skel, maps);
	return err ? err : follow_bpf__load(skel);
}

static int open_rings(struct follow *f, bool sightings)
{
	f->comings = ring_buffer__new(bpf_map__fd(f->skel->maps.comings), hand_over, f, NULL);
	if (!f->comings)
		return -errno;
	return sightings ? ring_buffer__add(f->comings, bpf_map__fd(f->skel->maps.sightings),
					    hand_sighting, f)
			 : 0;
}

static int follow_init(struct follow *f, const struct follow_maps *maps, const char *name)
{
	int err;

	f->skel = follow_bpf__open();
	if (!f->skel)
		return errno ? -errno : -ENOMEM;
	err = load_skeleton(f->skel, maps, name);
	if (!err)
		err = free_all_targets(f, maps->max_targets);
	return err ? err : open_rings(f, name);
}

int follow_new(const struct follow_maps *maps, const char *name, struct follow **out,
	       struct reason *why)
{
	struct follow *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return reason_set(why, -ENOMEM, "out of memory");
	err = follow_init(f, maps, name);
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

static int ask_mapped_inode(struct follow *f, const void *address, uint64_t *inode)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int err;

	f->skel->bss->asked_address = (uintptr_t)address;
	do
		err = bpf_prog_test_run_opts(bpf_program__fd(f->skel->progs.mapped_inode), &opts);
	/* Another thread changes what is mapped. */
	while (!err && (int)opts.retval == -EBUSY);
	*inode = f->skel->bss->found_inode;
	return err || *inode ? err : -ENOENT;
}

int follow_probed_inode(struct follow *f, int fd, uint64_t *inode)
{
	void *page = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0);
	int err;

	if (page == MAP_FAILED)
		return -errno;
	err = ask_mapped_inode(f, page, inode);
	munmap(page, 1);
	return err;
}

void follow_listen(struct follow *f, follow_sighting_fn fn, void *ctx)
{
	f->sighted = fn;
	f->sighted_ctx = ctx;
}

bool follow_has_missed(struct follow *f)
{
	return __atomic_exchange_n(&f->skel->bss->sightings_lost, 0, __ATOMIC_ACQ_REL);
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

/* To read is to walk. What comes are whole numbers: the kernel keeps the rest of one for later. */
static int walk(struct follow *f, follow_sighting_fn fn, void *ctx)
{
	int fd = bpf_iter_create(bpf_link__fd(f->skel->links.process_walk));
	uint32_t pids[256];
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = read(fd, pids, sizeof(pids));
		for (ssize_t i = 0; fn && i < n / (ssize_t)sizeof(pids[0]); i++)
			fn(ctx, (pid_t)pids[i]);
	} while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
	n = n < 0 ? -errno : 0;
	close(fd);
	return (int)n;
}

int follow_walk(struct follow *f)
{
	return walk(f, NULL, NULL);
}

int follow_search(struct follow *f)
{
	return walk(f, f->sighted, f->sighted_ctx);
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
