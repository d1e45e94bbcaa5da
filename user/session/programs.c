// SPDX-License-Identifier: BSD-2-Clause
#include "session/programs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All that distinguishes the programs of one plan from those of another. */
struct constants {
	uint32_t frame_start, frame_size;
	uint32_t frame_base, frame_len, frame_cap, frame_caller;
	uint32_t price[PLAN_POINTS];
	uint32_t used[PLAN_POINTS];
};

struct programs {
	struct slicestat_bpf *skel;
	struct constants constants;
};

static int32_t min32(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static int32_t max32(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static int frame_constants(const struct plan_frame *f, struct constants *c)
{
	int32_t first = min32(min32(f->base, f->len), min32(f->cap, f->caller));
	int32_t last = max32(max32(f->base, f->len), max32(f->cap, f->caller));

	if (first < 0 || last - first + 8 > SS_FRAME_MAX)
		return -EINVAL;
	if ((f->base - first) % 8 || (f->len - first) % 8 || (f->cap - first) % 8 ||
	    (f->caller - first) % 8)
		return -EINVAL;
	c->frame_start = (uint32_t)first;
	c->frame_size = (uint32_t)(last - first + 8);
	c->frame_base = (uint32_t)(f->base - first) / 8;
	c->frame_len = (uint32_t)(f->len - first) / 8;
	c->frame_cap = (uint32_t)(f->cap - first) / 8;
	c->frame_caller = (uint32_t)(f->caller - first) / 8;
	return 0;
}

static int plan_constants(const struct plan *plan, struct constants *c)
{
	memset(c, 0, sizeof(*c));
	c->frame_size = SS_FRAME_MAX;
	for (uint32_t i = 0; i < plan->nsites; i++) {
		const struct plan_site *site = &plan->sites[i];

		if (site->point >= PLAN_POINTS)
			return -EINVAL;
		c->used[site->point] = 1;
		c->price[site->point] =
			site->price == PLAN_EMULATED ? SS_TRAPS_EMULATED : SS_TRAPS_STEPPED;
	}
	return c->used[PLAN_GROW_CALL] ? frame_constants(&plan->grow_frame, c) : 0;
}

static void set_constants(struct slicestat_bpf *skel, const struct constants *c)
{
	skel->rodata->frame_start = c->frame_start;
	skel->rodata->frame_size = c->frame_size;
	skel->rodata->frame_base = c->frame_base;
	skel->rodata->frame_len = c->frame_len;
	skel->rodata->frame_cap = c->frame_cap;
	skel->rodata->frame_caller = c->frame_caller;
	skel->rodata->price_grow_call = c->price[PLAN_GROW_CALL];
	skel->rodata->price_grow_ret = c->price[PLAN_GROW_RET];
	skel->rodata->price_make_enter = c->price[PLAN_MAKE_ENTER];
	skel->rodata->price_make_ret = c->price[PLAN_MAKE_RET];
}

static struct bpf_program *skel_program(struct slicestat_bpf *skel, enum plan_point point)
{
	switch (point) {
	case PLAN_GROW_CALL:
		return skel->progs.grow_call;
	case PLAN_GROW_RET:
		return skel->progs.grow_ret;
	case PLAN_MAKE_ENTER:
		return skel->progs.make_enter;
	case PLAN_MAKE_RET:
		return skel->progs.make_ret;
	case PLAN_POINTS:
		break;
	}
	return NULL;
}

static int choose_programs(struct slicestat_bpf *skel, const struct constants *c,
			   enum session_attach_by by)
{
	for (int point = 0; point < PLAN_POINTS; point++) {
		struct bpf_program *prog = skel_program(skel, point);
		int err = bpf_program__set_autoload(prog, c->used[point]);

		if (!err && by == SESSION_UPROBE_MULTI)
			err = bpf_program__set_expected_attach_type(prog, BPF_TRACE_UPROBE_MULTI);
		if (err)
			return err;
	}
	return 0;
}

/* Every map but the constants' own is the session's. */
static int share_maps(struct slicestat_bpf *skel, const struct slicestat_bpf *maps)
{
	struct bpf_map *map;

	bpf_object__for_each_map (map, skel->obj) {
		const struct bpf_map *shared;
		int err;

		if (bpf_map__is_internal(map))
			continue;
		shared = bpf_object__find_map_by_name(maps->obj, bpf_map__name(map));
		if (!shared)
			return -ENOENT;
		err = bpf_map__reuse_fd(map, bpf_map__fd(shared));
		if (err)
			return err;
	}
	return 0;
}

int programs_explain(int err, struct reason *why)
{
	switch (err) {
	case -EPERM:
	case -EACCES:
		return reason_set(why, err,
				  "not permitted to use BPF: run as root, or with CAP_BPF and "
				  "CAP_PERFMON (slicestat check says more)");
	case -ENOMEM:
	case -E2BIG:
		return reason_set(why, err,
				  "the kernel refused the memory for the maps: lower --max-bases");
	default:
		return reason_set(why, err,
				  "cannot load the BPF programs: %s (-v shows the kernel's words)",
				  strerror(-err));
	}
}

int programs_load(const struct plan *plan, struct slicestat_bpf *maps, enum session_attach_by by,
		  struct programs **out, struct reason *why)
{
	struct programs *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	err = plan_constants(plan, &p->constants);
	if (err) {
		err = reason_set(why, err, "the plan's frame slots cannot be read at once");
		goto fail;
	}
	p->skel = slicestat_bpf__open();
	if (!p->skel) {
		err = programs_explain(-errno, why);
		goto fail;
	}
	set_constants(p->skel, &p->constants);
	err = choose_programs(p->skel, &p->constants, by);
	if (!err)
		err = share_maps(p->skel, maps);
	if (!err)
		err = slicestat_bpf__load(p->skel);
	if (err) {
		err = programs_explain(err, why);
		goto fail;
	}
	*out = p;
	return 0;
fail:
	programs_free(p);
	return err;
}

void programs_free(struct programs *p)
{
	if (!p)
		return;
	slicestat_bpf__destroy(p->skel);
	free(p);
}

bool programs_serve(const struct programs *p, const struct plan *plan)
{
	struct constants c;

	return !plan_constants(plan, &c) && !memcmp(&c, &p->constants, sizeof(c));
}

struct bpf_program *programs_at(const struct programs *p, enum plan_point point)
{
	return p->constants.used[point] ? skel_program(p->skel, point) : NULL;
}
