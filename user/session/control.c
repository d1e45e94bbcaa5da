// SPDX-License-Identifier: BSD-2-Clause
#include "session/control.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "slicestat.h"

struct control {
	struct ss_control *shared; /* the map, mapped */
	struct ring_buffer *wake;
};

static int wake_nothing(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return 0;
}

/* NULL with errno set. */
static struct ss_control *map_shared(int fd, int prot)
{
	void *p = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), prot, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* wake_at 0: as it is. */
static int control_init(struct control *c, int control_fd, int wake_fd, int prot, uint32_t wake_at)
{
	c->shared = map_shared(control_fd, prot);
	if (!c->shared)
		return -errno;
	if (wake_at)
		c->shared->wake_at = wake_at;
	c->wake = ring_buffer__new(wake_fd, wake_nothing, NULL, NULL);
	return c->wake ? 0 : -errno;
}

static int open_control(int control_fd, int wake_fd, int prot, uint32_t wake_at,
			struct control **out)
{
	struct control *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	err = control_init(c, control_fd, wake_fd, prot, wake_at);
	if (err) {
		control_free(c);
		return err;
	}
	*out = c;
	return 0;
}

int control_new(int control_fd, int wake_fd, uint32_t max_entries, struct control **out)
{
	return open_control(control_fd, wake_fd, PROT_READ | PROT_WRITE,
			    max_entries / 2 ? max_entries / 2 : 1, out);
}

int control_reopen(int control_fd, int wake_fd, bool readonly, struct control **out)
{
	return open_control(control_fd, wake_fd, readonly ? PROT_READ : PROT_READ | PROT_WRITE, 0,
			    out);
}

void control_free(struct control *c)
{
	if (!c)
		return;
	ring_buffer__free(c->wake);
	if (c->shared)
		munmap(c->shared, (size_t)sysconf(_SC_PAGESIZE));
	free(c);
}

void control_open_gate(struct control *c)
{
	__atomic_store_n(&c->shared->ready, 1, __ATOMIC_RELEASE);
}

void control_close_gate(struct control *c)
{
	__atomic_store_n(&c->shared->ready, 0, __ATOMIC_RELEASE);
}

bool control_is_open(const struct control *c)
{
	return __atomic_load_n(&c->shared->ready, __ATOMIC_ACQUIRE);
}

int control_wake_fd(const struct control *c)
{
	return ring_buffer__epoll_fd(c->wake);
}

void control_wake_later(const struct control *c)
{
	ring_buffer__consume(c->wake);
}

bool control_is_filling(const struct control *c)
{
	return __atomic_load_n(&c->shared->fill, __ATOMIC_RELAXED) >= c->shared->wake_at;
}

void control_clear_fill(struct control *c)
{
	__atomic_store_n(&c->shared->fill, 0, __ATOMIC_RELAXED);
}

void control_next_epoch(struct control *c)
{
	c->shared->epoch++;
}
