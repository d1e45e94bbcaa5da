// SPDX-License-Identifier: BSD-2-Clause
#include "session/forget.h"

#include <stddef.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "session/map_walk.h"
#include "slicestat.h"

struct forgetting {
	int fd;
	const bool *gone;
	size_t target_at; /* bytes from the beginning of a key to its target's number */
	int64_t n;
};

static void forget_entry(void *ctx, const void *key, const void *val)
{
	struct forgetting *f = ctx;
	const uint32_t *target = (const void *)((const char *)key + f->target_at);

	(void)val;
	if (!f->gone || f->gone[*target])
		f->n += !bpf_map_delete_elem(f->fd, key);
}

static int64_t forget(const struct bpf_map *map, size_t target_at, const bool *gone)
{
	struct forgetting f = {.fd = bpf_map__fd(map), .gone = gone, .target_at = target_at};
	int err =
		map_walk(f.fd, bpf_map__key_size(map), bpf_map__value_size(map), forget_entry, &f);

	return err ? err : f.n;
}

int64_t forget_calls(const struct maps_bpf *maps, const bool *gone)
{
	const size_t at = offsetof(struct ss_pending_key, target);
	int64_t makes = forget(maps->maps.pending, at, gone);
	int64_t types = forget(maps->maps.passed, at, gone);
	int64_t growths = forget(maps->maps.growing, at, gone);

	if (makes < 0 || (types >= 0 && growths >= 0))
		return makes;
	return types < 0 ? types : growths;
}

int forget_chains(const struct maps_bpf *maps, const bool *gone)
{
	const size_t at = offsetof(struct ss_base_key, target);
	int64_t n = forget(maps->maps.tails, at, gone);

	if (n >= 0)
		n = forget(maps->maps.tail_ends, at, gone);
	if (n >= 0)
		n = forget(maps->maps.lives, offsetof(struct ss_life_key, target), gone);
	return n < 0 ? (int)n : 0;
}
