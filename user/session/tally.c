// SPDX-License-Identifier: BSD-2-Clause
#include "session/tally.h"

#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "session/slots.h"
#include "site_hash.h"
#include "slicestat.h"

struct tally {
	struct windows_maps maps;
	/* As they were at the last look; what was never taken is never touched. */
	union {
		struct ss_base *bases;
		struct ss_site *sites;
		void *before;
	};
};

static size_t slot_size(enum windows_hold hold)
{
	return hold == WINDOWS_SITES ? sizeof(struct ss_site) : sizeof(struct ss_base);
}

struct tally *tally_new(const struct windows_maps *maps)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->maps = *maps;
	t->before = calloc(maps->slots, slot_size(maps->hold));
	if (t->before)
		return t;
	tally_free(t);
	return NULL;
}

void tally_free(struct tally *t)
{
	if (!t)
		return;
	free(t->before);
	free(t);
}

struct receiver {
	struct tally *tally;
	windows_entry_fn fn;
	void *ctx;
};

/* The first event of this part is no other one's than the last of the part before. */
static struct ss_base base_since(const struct ss_base *now, const struct ss_base *before)
{
	struct ss_base d = *now;

	if (!before->slot_key)
		return d;
	d.events -= before->events;
	d.len_sum -= before->len_sum;
	d.cap_sum -= before->cap_sum;
	d.reused -= before->reused;
	d.first_site = before->site;
	d.first_op = before->op;
	return d;
}

static void look_at_base(void *ctx, uint32_t index, const void *slot)
{
	const struct receiver *to = ctx;
	struct ss_base *before = &to->tally->bases[index];
	const struct ss_base now = *(const struct ss_base *)slot;
	struct ss_base_key key;
	struct ss_base d;

	if (!now.events || !memcmp(&now, before, sizeof(now)))
		return;
	key = (struct ss_base_key){.base = SS_SLOT_BASE(now.slot_key),
				   .target = SS_SLOT_TARGET(now.slot_key)};
	d = base_since(&now, before);
	*before = now;
	to->fn(to->ctx, &key, &d);
}

static struct ss_site site_since(const struct ss_site *now, const struct ss_site *before)
{
	struct ss_site d = *now;

	d.events -= before->events;
	d.len_sum -= before->len_sum;
	d.cap_sum -= before->cap_sum;
	d.copied_bytes -= before->copied_bytes;
	d.copied_elems -= before->copied_elems;
	for (size_t i = 0; i < SS_LEN_BUCKETS; i++)
		d.lens[i] -= before->lens[i];
	return d;
}

/* A slot is claimed before its key is written: it is left for the next look. */
static void look_at_site(void *ctx, uint32_t index, const void *slot)
{
	const struct receiver *to = ctx;
	struct ss_site *before = &to->tally->sites[index];
	const struct ss_site now = *(const struct ss_site *)slot;
	struct ss_site d;

	if (!now.events || site_hash(&now.key) != now.slot_key ||
	    !memcmp(&now, before, sizeof(now)))
		return;
	d = site_since(&now, before);
	*before = now;
	to->fn(to->ctx, &now.key, &d);
}

int tally_read(struct tally *t, windows_entry_fn fn, void *ctx)
{
	struct receiver to = {t, fn, ctx};

	return slots_look(t->maps.fds[0], t->maps.slots, slot_size(t->maps.hold),
			  t->maps.hold == WINDOWS_SITES ? look_at_site : look_at_base, &to);
}

/* As the flip of windows does, but to the same window. */
int tally_settle(const struct tally *t)
{
	const uint32_t zero = 0;

	return bpf_map_update_elem(t->maps.outer, &zero, &t->maps.fds[0], BPF_ANY);
}
