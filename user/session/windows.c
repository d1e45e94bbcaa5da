// SPDX-License-Identifier: BSD-2-Clause
#include "session/windows.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "session/slots.h"
#include "slicestat.h"

struct windows {
	struct windows_maps maps;
	int active;	  /* index of the window that is being filled */
	bool dirty;	  /* the inactive one still holds entries: a drain has failed */
	uint64_t drained; /* entries of the last window */
	uint64_t fullest; /* the most of those since windows_take_fill */
};

static int put(const struct windows *w, int index)
{
	uint32_t zero = 0;

	return bpf_map_update_elem(w->maps.outer, &zero, &w->maps.fds[index], BPF_ANY);
}

int windows_new(const struct windows_maps *maps, struct windows **out)
{
	struct windows *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->maps = *maps;
	err = put(w, w->active);
	if (err)
		free(w);
	else
		*out = w;
	return err;
}

void windows_free(struct windows *w)
{
	free(w);
}

/*
 * The update returns after a grace period (maybe_wait_bpf_programs in kernel/bpf/syscall.c), so
 * that no program holds the old window any more.
 */
static int flip(struct windows *w)
{
	int idle = !w->active;
	int err = put(w, idle);

	if (err)
		return err;
	w->active = idle;
	w->dirty = true;
	return 0;
}

struct receiver {
	windows_entry_fn fn;
	void *ctx;
	uint64_t *n;
};

static void hand_base(void *ctx, const void *slot)
{
	const struct receiver *to = ctx;
	const struct ss_base *base = slot;
	const struct ss_base_key key = {.base = SS_SLOT_BASE(base->slot_key),
					.target = SS_SLOT_TARGET(base->slot_key)};

	++*to->n;
	to->fn(to->ctx, &key, base);
}

static void hand_site(void *ctx, const void *slot)
{
	const struct receiver *to = ctx;
	const struct ss_site *site = slot;

	++*to->n;
	to->fn(to->ctx, &site->key, site);
}

static int drain(struct windows *w, windows_entry_fn fn, void *ctx)
{
	struct receiver to = {.fn = fn, .ctx = ctx, .n = &w->drained};
	const bool sites = w->maps.hold == WINDOWS_SITES;
	int err;

	w->drained = 0;
	err = slots_drain(w->maps.fds[!w->active], w->maps.slots,
			  sites ? sizeof(struct ss_site) : sizeof(struct ss_base),
			  sites ? hand_site : hand_base, &to);

	if (w->drained > w->fullest)
		w->fullest = w->drained;
	if (!err)
		w->dirty = false;
	return err;
}

int windows_drain(struct windows *w, windows_entry_fn fn, void *ctx)
{
	int err = w->dirty ? drain(w, fn, ctx) : 0;

	if (!err)
		err = flip(w);
	return err ? err : drain(w, fn, ctx);
}

double windows_take_fill(struct windows *w)
{
	const uint64_t fullest = w->fullest;

	w->fullest = 0;
	return w->maps.entries ? (double)fullest / w->maps.entries : 0;
}
