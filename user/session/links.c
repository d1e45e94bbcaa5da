// SPDX-License-Identifier: BSD-2-Clause
#include "session/links.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's internal ENOTSUPP, which uprobes return for instructions they cannot run. */
#define KERNEL_ENOTSUPP 524

/* Links that are detached at a time. */
#define DETACH_THREADS 16

struct entry {
	struct bpf_link *link;
	uint32_t target;
};

struct links {
	struct entry *list;
	size_t count;
	size_t room;
};

struct links *links_new(void)
{
	return calloc(1, sizeof(struct links));
}

static int links_add(struct links *links, struct bpf_link *link, uint32_t target)
{
	if (links->count == links->room) {
		size_t room = links->room ? 2 * links->room : 16;
		struct entry *list = reallocarray(links->list, room, sizeof(*list));

		if (!list) {
			bpf_link__destroy(link);
			return -ENOMEM;
		}
		links->list = list;
		links->room = room;
	}
	links->list[links->count++] = (struct entry){.link = link, .target = target};
	return 0;
}

size_t links_count(const struct links *links)
{
	return links->count;
}

void links_detach_from(struct links *links, size_t mark)
{
	while (links->count > mark)
		bpf_link__destroy(links->list[--links->count].link);
}

static void *detach_one(void *link)
{
	return (void *)(intptr_t)bpf_link__destroy(link);
}

/*
 * Taking off a probe waits for grace periods of 20 ms and more, and while one link waits the other
 * probes go on firing: so all at once. 0 or the first negative errno.
 */
static int detach_together(const struct entry *list, size_t n)
{
	pthread_t threads[DETACH_THREADS];
	size_t started = 0;
	int first = 0;

	while (started < n &&
	       !pthread_create(&threads[started], NULL, detach_one, list[started].link))
		started++;
	for (size_t i = 0; i < n; i++) {
		void *err = NULL;

		if (i < started)
			pthread_join(threads[i], &err);
		else
			err = detach_one(list[i].link);
		if (err && !first)
			first = (int)(intptr_t)err;
	}
	return first;
}

/* Takes the links from the end of the list on. */
static int detach_last(struct links *links, size_t n)
{
	int first = 0;

	while (n > 0) {
		const size_t some = n < DETACH_THREADS ? n : DETACH_THREADS;
		int err = detach_together(links->list + links->count - some, some);

		links->count -= some;
		n -= some;
		if (err && !first)
			first = err;
	}
	return first;
}

int links_detach(struct links *links)
{
	return detach_last(links, links->count);
}

/* Those of the target go behind the others, each part in its order. */
int links_detach_target(struct links *links, uint32_t target)
{
	struct entry *list = links->list;
	size_t kept = 0;

	for (size_t i = 0; i < links->count; i++) {
		const struct entry entry = list[i];

		if (entry.target == target)
			continue;
		memmove(&list[kept + 1], &list[kept], (i - kept) * sizeof(*list));
		list[kept++] = entry;
	}
	return detach_last(links, links->count - kept);
}

void links_free(struct links *links)
{
	if (!links)
		return;
	links_detach(links);
	free(links->list);
	free(links);
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

struct site_list {
	struct bpf_program *prog;
	unsigned long *offsets;
	__u64 *cookies;
	size_t count;
};

static int site_list_new(struct site_list *sites, struct bpf_program *prog, size_t room)
{
	sites->prog = prog;
	sites->count = 0;
	sites->offsets = calloc(room + 1, sizeof(*sites->offsets));
	sites->cookies = calloc(room + 1, sizeof(*sites->cookies));
	return sites->offsets && sites->cookies ? 0 : -ENOMEM;
}

static void site_list_free(struct site_list *sites)
{
	free(sites->offsets);
	free(sites->cookies);
}

static int attach_multi(struct links *links, const struct links_request *req,
			const struct site_list *sites)
{
	LIBBPF_OPTS(bpf_uprobe_multi_opts, opts, .offsets = sites->offsets,
		    .cookies = sites->cookies, .cnt = sites->count);
	struct bpf_link *link;
	char path[32];

	fd_path(req->target->exe_fd, path, sizeof(path));
	link = bpf_program__attach_uprobe_multi(sites->prog, req->target->pid, path, NULL, &opts);
	return link ? links_add(links, link, req->target->id) : attach_error();
}

static int attach_perf(struct links *links, const struct links_request *req,
		       const struct site_list *sites)
{
	char path[32];

	fd_path(req->target->exe_fd, path, sizeof(path));
	for (size_t i = 0; i < sites->count; i++) {
		LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = sites->cookies[i]);
		struct bpf_link *link;
		int err;

		link = bpf_program__attach_uprobe_opts(sites->prog, req->target->pid, path,
						       sites->offsets[i], &opts);
		err = link ? links_add(links, link, req->target->id) : attach_error();
		if (err)
			return err;
	}
	return 0;
}

/* All of the list or nothing. */
static int attach_list(struct links *links, const struct links_request *req,
		       const struct site_list *sites)
{
	size_t mark = links->count;
	int err;

	if (sites->count == 0)
		return 0;
	if (req->by == SESSION_UPROBE_MULTI)
		err = attach_multi(links, req, sites);
	else
		err = attach_perf(links, req, sites);
	if (err)
		links_detach_from(links, mark);
	return err;
}

int links_attach(struct links *links, const struct links_request *req)
{
	const struct plan *plan = req->plan;
	struct site_list sites;
	int err = site_list_new(&sites, req->prog, plan->nsites);

	for (uint32_t i = 0; i < plan->nsites && !err; i++) {
		const struct plan_site *site = &plan->sites[i];
		const struct plan_func *func = &plan->funcs[req->func];

		if (site->func != req->func || site->point != req->point)
			continue;
		sites.offsets[sites.count] = site->offset;
		sites.cookies[sites.count++] = SS_COOKIE(req->target->id, func->op, func->detail);
	}
	if (!err)
		err = attach_list(links, req, &sites);
	site_list_free(&sites);
	return err;
}

int links_attach_type_calls(struct links *links, const struct links_request *req,
			    struct bpf_program *prog)
{
	const struct plan_callers *callers = req->target->callers;
	struct site_list sites;
	int err;

	if (!prog)
		return 0;
	err = site_list_new(&sites, prog, callers->ntype_calls);
	for (size_t i = 0; i < callers->ntype_calls && !err; i++) {
		sites.offsets[i] = callers->type_calls[i].offset;
		sites.cookies[i] =
			SS_COOKIE(req->target->id, SS_OP_NONE, callers->type_calls[i].arg);
		sites.count++;
	}
	if (!err)
		err = attach_list(links, req, &sites);
	site_list_free(&sites);
	return err;
}

static void add_scope_call(struct site_list *sites, const struct links_request *req, size_t i,
			   uint64_t offset)
{
	sites->offsets[sites->count] = offset;
	sites->cookies[sites->count++] =
		SS_COOKIE(req->target->id, req->target->scope->calls[i].op, i);
}

/*
 * Attach all of the list that the kernel takes, by halves where it refuses: what remains in the
 * list, in order, is what is attached.
 */
static int attach_by_halves(struct links *links, const struct links_request *req,
			    struct site_list *sites)
{
	const size_t half = sites->count / 2;
	struct site_list low = *sites, high = *sites;
	int err = attach_list(links, req, sites);

	if (err != -ENOTSUP)
		return err;
	sites->count = 0;
	if (half == 0)
		return 0;
	low.count = half;
	high.offsets += half;
	high.cookies += half;
	high.count -= half;
	err = attach_by_halves(links, req, &low);
	if (!err)
		err = attach_by_halves(links, req, &high);
	memmove(sites->offsets + low.count, high.offsets, high.count * sizeof(*high.offsets));
	memmove(sites->cookies + low.count, high.cookies, high.count * sizeof(*high.cookies));
	sites->count = low.count + high.count;
	return err;
}

/* Where bases are had, but for those at other calls; what is attached remains in the list. */
static int attach_bases(struct links *links, const struct links_request *req,
			struct site_list *bases)
{
	const struct plan_scope *scope = req->target->scope;

	for (size_t i = 0; i < scope->ncalls; i++)
		if (scope->calls[i].base.price != CALLSITE_NO_PROBE &&
		    !plan_scope_ends_at_next(scope, i))
			add_scope_call(bases, req, i, scope->calls[i].base_offset);
	return attach_by_halves(links, req, bases);
}

/* Those whose base will be had; bases is what was attached, in the order of the calls. */
static void add_ending_calls(struct site_list *calls, const struct links_request *req,
			     const struct site_list *bases)
{
	const struct plan_scope *scope = req->target->scope;
	size_t b = 0;

	for (size_t i = 0; i < scope->ncalls; i++) {
		size_t last = i;

		/* A call at which the base of the one before it is had is left out with it. */
		while (plan_scope_ends_at_next(scope, last))
			last++;
		while (b < bases->count && SS_COOKIE_DETAIL(bases->cookies[b]) < last)
			b++;
		if (b < bases->count && SS_COOKIE_DETAIL(bases->cookies[b]) == last)
			add_scope_call(calls, req, i, scope->calls[i].offset);
	}
}

static int attach_scope(struct links *links, const struct links_request *req,
			struct site_list *calls, struct site_list *bases)
{
	const size_t ncalls = req->target->scope->ncalls;
	int err = 0;

	if (bases->prog)
		err = attach_bases(links, req, bases);
	if (err)
		return err;
	if (bases->prog)
		add_ending_calls(calls, req, bases);
	for (size_t i = 0; i < ncalls && !bases->prog; i++)
		add_scope_call(calls, req, i, req->target->scope->calls[i].offset);
	return calls->count ? attach_list(links, req, calls) : -ENOTSUP;
}

int links_attach_scope(struct links *links, const struct links_request *req,
		       struct bpf_program *call, struct bpf_program *base, size_t *refused)
{
	const size_t ncalls = req->target->scope->ncalls;
	struct site_list calls = {0}, bases = {0};
	int err = site_list_new(&calls, call, ncalls);

	if (!err)
		err = site_list_new(&bases, base, ncalls);
	if (!err)
		err = attach_scope(links, req, &calls, &bases);
	*refused = ncalls - calls.count;
	site_list_free(&calls);
	site_list_free(&bases);
	return err;
}
