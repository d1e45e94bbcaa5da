// SPDX-License-Identifier: BSD-2-Clause
#include "session/links.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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

int links_add(struct links *links, struct bpf_link *link, uint32_t target)
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

void links_detach_from(struct links *links, size_t mark)
{
	detach_last(links, links->count - mark);
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

int links_pin(const struct links *links, struct pins *pins)
{
	int err = 0;

	for (size_t i = 0; i < links->count && !err; i++)
		err = pins_put_link(pins, i, bpf_link__fd(links->list[i].link));
	return err;
}

int links_take(struct links *links, const struct pins *pins)
{
	char path[PATH_MAX];
	int err = 0;

	for (size_t n = 0; !err; n++) {
		struct bpf_link *link;

		err = pins_link_path(pins, n, path);
		if (err)
			return err;
		link = bpf_link__open(path);
		if (!link)
			return errno == ENOENT ? 0 : -errno;
		err = links_add(links, link, 0);
	}
	return err;
}

/* The kernel detaches as the last fd is closed, however that comes about. */
void links_leave(struct links *links)
{
	for (size_t i = 0; i < links->count; i++)
		bpf_link__disconnect(links->list[i].link);
}

void links_free(struct links *links)
{
	if (!links)
		return;
	links_detach(links);
	free(links->list);
	free(links);
}
