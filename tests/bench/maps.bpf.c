// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The same events added up in maps of several kinds. Each program does a batch of them; it is run
 * by BPF_PROG_TEST_RUN, and like a uprobe's program it is not sleepable.
 */
#include "maps.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define EEXIST 17

/* Slots of a table less one; a power of two less one. */
const volatile __u32 table_mask = 0;

__u64 failed; /* events that found no place */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct map_key);
	__type(value, struct map_value);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct map_key);
	__type(value, struct map_value);
} lru SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1);
	__type(key, struct map_key);
	__type(value, struct map_value);
} percpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wide_slot);
} wide SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct line_slot);
} line SEC(".maps");

struct batch {
	__u64 first;
	__u64 step;
	__u64 mask;
	__u64 sum;
};

struct event {
	__u64 base;
	__u64 len;
	__u64 cap;
	__u64 site;
	__u64 type;
	__u64 op;
};

static __always_inline struct event event_number(const struct batch *b, __u32 i)
{
	const __u64 n = ((b->first + i) * b->step) & b->mask;

	return (struct event){
		.base = MAP_BASE + n * MAP_STRIDE,
		.len = n & 1023,
		.cap = (n & 1023) + 8,
		.site = 0x401000 + (n & 0xff0),
		.type = 0x5a0000 + (n & 0xff0),
		.op = 1,
	};
}

static __always_inline void add(__u64 *sum, __u64 n)
{
	__sync_fetch_and_add(sum, n);
}

static __always_inline void value_last(struct map_value *v, const struct event *e)
{
	v->len = e->len;
	v->cap = e->cap;
	v->site = e->site;
	v->type = e->type;
	v->op = e->op;
}

static __always_inline void value_again(struct map_value *v, const struct event *e)
{
	add(&v->events, 1);
	add(&v->len_sum, e->len);
	add(&v->cap_sum, e->cap);
	if (v->op != e->op || v->site != e->site)
		add(&v->reused, 1);
	value_last(v, e);
}

static __always_inline void hashed_insert(void *map, const struct map_key *key,
					  const struct event *e)
{
	struct map_value fresh = {
		.events = 1,
		.len_sum = e->len,
		.cap_sum = e->cap,
		.first_site = e->site,
	};
	struct map_value *v;
	long err;

	value_last(&fresh, e);
	err = bpf_map_update_elem(map, key, &fresh, BPF_NOEXIST);
	if (!err)
		return;
	v = err == -EEXIST ? bpf_map_lookup_elem(map, key) : NULL;
	if (v)
		value_again(v, e);
	else
		add(&failed, 1);
}

static __always_inline void hashed_event(void *map, const struct event *e)
{
	struct map_key key = {.base = e->base, .target = 1};
	struct map_value *v = bpf_map_lookup_elem(map, &key);

	if (v)
		value_again(v, e);
	else
		hashed_insert(map, &key, e);
}

/* MurmurHash3's finalizer: every bit of the key reaches every bit of the place. */
static __always_inline __u64 mix(__u64 x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdULL;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ULL;
	return x ^ x >> 33;
}

/* The slot of the key, claimed where there is none: linear probing, at most MAP_PROBES steps. */
static __always_inline void *table_slot(void *map, __u64 key)
{
	const __u32 home = mix(key);

	for (__u32 i = 0; i < MAP_PROBES; i++) {
		__u32 place = (home + i) & table_mask;
		__u64 *owner = bpf_map_lookup_elem(map, &place);
		__u64 was;

		if (!owner)
			return NULL;
		was = *owner;
		if (!was)
			was = __sync_val_compare_and_swap(owner, 0, key);
		if (!was || was == key)
			return owner;
	}
	return NULL;
}

static __always_inline void wide_event(const struct event *e)
{
	struct wide_slot *s = table_slot(&wide, e->base | 1ULL << 48);

	if (!s) {
		add(&failed, 1);
		return;
	}
	if (!s->value.op)
		s->value.first_site = e->site;
	add(&s->value.events, 1);
	add(&s->value.len_sum, e->len);
	add(&s->value.cap_sum, e->cap);
	if (s->value.op && (s->value.op != e->op || s->value.site != e->site))
		add(&s->value.reused, 1);
	value_last(&s->value, e);
}

static __always_inline void line_event(const struct event *e)
{
	struct line_slot *s = table_slot(&line, e->base | 1ULL << 48);

	if (!s) {
		add(&failed, 1);
		return;
	}
	add(&s->events, 1);
	add(&s->len_sum, e->len);
	add(&s->cap_sum, e->cap);
	if (s->op && (s->op != e->op || s->site != e->site))
		s->reused++;
	s->len = e->len;
	s->cap = e->cap;
	s->site = e->site;
	s->type = e->type;
	s->op = e->op;
}

static long hash_one(__u32 i, struct batch *b)
{
	struct event e = event_number(b, i);

	hashed_event(&hash, &e);
	return 0;
}

static long lru_one(__u32 i, struct batch *b)
{
	struct event e = event_number(b, i);

	hashed_event(&lru, &e);
	return 0;
}

static long percpu_one(__u32 i, struct batch *b)
{
	struct event e = event_number(b, i);

	hashed_event(&percpu, &e);
	return 0;
}

static long wide_one(__u32 i, struct batch *b)
{
	struct event e = event_number(b, i);

	wide_event(&e);
	return 0;
}

static long line_one(__u32 i, struct batch *b)
{
	struct event e = event_number(b, i);

	line_event(&e);
	return 0;
}

/* The loop alone. */
static long nothing_one(__u32 i, struct batch *b)
{
	struct event e = event_number(b, i);

	b->sum += e.base + e.len + e.site + e.type;
	return 0;
}

#define BATCH_PROGRAM(kind)                                                                        \
	SEC("raw_tp")                                                                              \
	int kind##_batch(__u64 *ctx)                                                               \
	{                                                                                          \
		struct batch b = {                                                                 \
			.first = ctx[MAP_FIRST],                                                   \
			.step = ctx[MAP_STEP],                                                     \
			.mask = ctx[MAP_MASK],                                                     \
		};                                                                                 \
                                                                                                   \
		bpf_loop(ctx[MAP_COUNT], kind##_one, &b, 0);                                       \
		return b.sum & 0x7fffffff;                                                         \
	}

BATCH_PROGRAM(hash)
BATCH_PROGRAM(lru)
BATCH_PROGRAM(percpu)
BATCH_PROGRAM(wide)
BATCH_PROGRAM(line)
BATCH_PROGRAM(nothing)
