// SPDX-License-Identifier: BSD-2-Clause
#include "session/site_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "session/links.h"

/* The kernel's internal ENOTSUPP, which uprobes return for instructions they cannot run. */
#define KERNEL_ENOTSUPP 524

int site_list_new(struct site_list *sites, struct bpf_program *prog, size_t room)
{
	sites->prog = prog;
	sites->count = 0;
	sites->offsets = calloc(room + 1, sizeof(*sites->offsets));
	sites->cookies = calloc(room + 1, sizeof(*sites->cookies));
	return sites->offsets && sites->cookies ? 0 : -ENOMEM;
}

void site_list_free(struct site_list *sites)
{
	free(sites->offsets);
	free(sites->cookies);
}

void site_list_add(struct site_list *sites, uint64_t offset, uint64_t cookie)
{
	sites->offsets[sites->count] = offset;
	sites->cookies[sites->count++] = cookie;
}

static int attach_error(void)
{
	if (errno == KERNEL_ENOTSUPP)
		return -ENOTSUP;
	return errno ? -errno : -EIO;
}

/* The open executable as a path: follows the file itself, also when it is deleted or replaced. */
static void fd_path(int fd, char *buf, size_t size)
{
	snprintf(buf, size, "/proc/self/fd/%d", fd);
}

static int attach_multi(const struct site_list *sites, const struct attach *a)
{
	LIBBPF_OPTS(bpf_uprobe_multi_opts, opts, .offsets = sites->offsets,
		    .cookies = sites->cookies, .cnt = sites->count);
	struct bpf_link *link;
	char path[32];

	fd_path(a->target->exe_fd, path, sizeof(path));
	link = bpf_program__attach_uprobe_multi(sites->prog, a->target->pid, path, NULL, &opts);
	return link ? links_add(a->links, link, a->target->id) : attach_error();
}

static int attach_perf_site(const struct site_list *sites, size_t i, const struct attach *a)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = sites->cookies[i]);
	struct bpf_link *link;
	char path[32];

	fd_path(a->target->exe_fd, path, sizeof(path));
	link = bpf_program__attach_uprobe_opts(sites->prog, a->target->pid, path, sites->offsets[i],
					       &opts);
	return link ? links_add(a->links, link, a->target->id) : attach_error();
}

/*
 * Each perf event takes two file descriptors. Raised no earlier than here: a command that is traced
 * has been started and does not inherit it.
 */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int attach_perf(const struct site_list *sites, const struct attach *a)
{
	int err = 0;

	raise_file_limit();
	for (size_t i = 0; i < sites->count && !err; i++)
		err = attach_perf_site(sites, i, a);
	return err;
}

int site_list_attach(const struct site_list *sites, const struct attach *a)
{
	const size_t mark = links_count(a->links);
	int err;

	if (sites->count == 0)
		return 0;
	err = a->by == SESSION_UPROBE_MULTI ? attach_multi(sites, a) : attach_perf(sites, a);
	if (err)
		links_detach_from(a->links, mark);
	return err;
}

/* By halves where it refuses: a link holds all of its sites or is none. */
static int attach_multi_most(struct site_list *sites, const struct attach *a)
{
	const size_t half = sites->count / 2;
	struct site_list low = *sites, high = *sites;
	int err = site_list_attach(sites, a);

	if (err != -ENOTSUP)
		return err;
	sites->count = 0;
	if (half == 0)
		return 0;
	low.count = half;
	high.offsets += half;
	high.cookies += half;
	high.count -= half;
	err = attach_multi_most(&low, a);
	if (!err)
		err = attach_multi_most(&high, a);
	memmove(sites->offsets + low.count, high.offsets, high.count * sizeof(*high.offsets));
	memmove(sites->cookies + low.count, high.cookies, high.count * sizeof(*high.cookies));
	sites->count = low.count + high.count;
	return err;
}

static int attach_perf_most(struct site_list *sites, const struct attach *a)
{
	const size_t n = sites->count;
	int err = 0;

	raise_file_limit();
	sites->count = 0;
	for (size_t i = 0; i < n && !err; i++) {
		err = attach_perf_site(sites, i, a);
		if (!err)
			site_list_add(sites, sites->offsets[i], sites->cookies[i]);
		else if (err == -ENOTSUP)
			err = 0;
	}
	return err;
}

int site_list_attach_most(struct site_list *sites, const struct attach *a)
{
	return a->by == SESSION_UPROBE_MULTI ? attach_multi_most(sites, a)
					     : attach_perf_most(sites, a);
}
