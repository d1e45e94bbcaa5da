// SPDX-License-Identifier: BSD-2-Clause
#include "session/programs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "session/features.h"
#include "session/own_maps.h"
#include "size_classes.h"

/* Entries are counted by FILL_STEP where that is fine enough to tell when a window is half full. */
#define FILL_STEP	 64
#define EXACT_FILL_SLOTS (256 * FILL_STEP)

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
	const struct plan_callers *callers;
	const struct plan_scope *scope;
	bool wanted[PLAN_POINTS];
	struct own_maps_room room;
	bool preloaded;
	bool unbound; /* preloaded, and nothing has been bound */
};

/* Room for calls from wrappers where they are not known yet: programs have some hundred. */
#define CALLS_PRELOADED 4096

/* The stretch of the frame that holds so many fields, and where they lie in it. */
static int frame_constants(const int32_t *fields, size_t n, struct constants *c)
{
	int32_t first = fields[0], last = fields[0];

	for (size_t i = 1; i < n; i++) {
		first = fields[i] < first ? fields[i] : first;
		last = fields[i] > last ? fields[i] : last;
	}
	if (first < 0 || last - first + 8 > SS_FRAME_MAX)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if ((fields[i] - first) % 8)
			return -EINVAL;
	c->frame_start = (uint32_t)first;
	c->frame_size = (uint32_t)(last - first + 8);
	c->frame_len = (uint32_t)(fields[0] - first) / 8;
	c->frame_cap = (uint32_t)(fields[1] - first) / 8;
	c->frame_caller = (uint32_t)(fields[2] - first) / 8;
	c->frame_base = n > 3 ? (uint32_t)(fields[3] - first) / 8 : 0;
	return 0;
}

/* By site nobody asks for the base: it is not read. */
static int grow_constants(const struct plan_frame *f, bool with_base, struct constants *c)
{
	const int32_t fields[] = {f->len, f->cap, f->caller, f->base};

	return frame_constants(fields, with_base ? 4 : 3, c);
}

/* Where events are added to sites, the base for which a make's return is probed is not wanted. */
static bool is_wanted(const struct programs_mode *mode, int point)
{
	return mode->fold != SESSION_FOLD_SITES ||
	       (point != PLAN_MAKE_RET && point != PLAN_SCOPE_RET);
}

static int plan_constants(const struct programs_sites *sites, const struct programs_mode *mode,
			  struct constants *c)
{
	const struct plan *plan = sites->plan;

	memset(c, 0, sizeof(*c));
	c->frame_size = SS_FRAME_MAX;
	c->price[PLAN_TYPE_CALL] = c->price[PLAN_SCOPE_CALL] = SS_TRAPS_EMULATED;
	if (sites->scope) {
		c->used[PLAN_SCOPE_CALL] = c->used[PLAN_SCOPE_RET] = 1;
		return 0;
	}
	c->used[PLAN_TYPE_CALL] = sites->callers && sites->callers->ntype_calls > 0;
	for (uint32_t i = 0; i < plan->nsites; i++) {
		const struct plan_site *site = &plan->sites[i];

		if (site->point >= PLAN_POINTS)
			return -EINVAL;
		/* Where the sites of a point differ, the dearer counts. */
		if (!c->used[site->point] || site->price != PLAN_EMULATED)
			c->price[site->point] =
				site->price == PLAN_EMULATED ? SS_TRAPS_EMULATED : SS_TRAPS_STEPPED;
		c->used[site->point] = 1;
	}
	return c->used[PLAN_GROW_CALL]
		       ? grow_constants(&plan->grow_frame, mode->fold != SESSION_FOLD_SITES, c)
		       : 0;
}

static void set_constants(const struct programs *p, const struct programs_mode *mode)
{
	struct slicestat_bpf__rodata *ro = p->skel->rodata;
	const struct constants *c = &p->constants;

	ro->frame_start = c->frame_start;
	ro->frame_size = c->frame_size;
	ro->frame_base = c->frame_base;
	ro->frame_len = c->frame_len;
	ro->frame_cap = c->frame_cap;
	ro->frame_caller = c->frame_caller;
	ro->price_grow_call = c->price[PLAN_GROW_CALL];
	ro->price_grow_ret = c->price[PLAN_GROW_RET];
	ro->price_make_enter = c->price[PLAN_MAKE_ENTER];
	ro->price_make_ret = c->price[PLAN_MAKE_RET];
	ro->price_copy_enter = c->price[PLAN_COPY_ENTER];
	ro->price_slice_ret = c->price[PLAN_SLICE_RET];
	ro->price_string_ret = c->price[PLAN_STRING_RET];
	ro->price_conv_enter = c->price[PLAN_CONV_ENTER];
	ro->price_type_call = c->price[PLAN_TYPE_CALL];
	ro->price_func_enter = c->price[PLAN_FUNC_ENTER];
	ro->price_grow_enter = c->price[PLAN_GROW_ENTER];
	ro->price_scope_call = c->price[PLAN_SCOPE_CALL];
	ro->header_size = p->scope && p->scope->has_headers ? HEADER_SIZE : 0;
	ro->by_site = mode->fold == SESSION_FOLD_SITES;
	ro->by_chain = mode->fold == SESSION_FOLD_CHAINS;
	ro->with_stacks = mode->stacks;
	ro->following = mode->follow;
	ro->pid_ns = mode->pid_ns;
	ro->shard_mask = mode->shards - 1;
	ro->slot_mask = mode->slots - 1;
	if (mode->fold != SESSION_FOLD_CHAINS && mode->slots > EXACT_FILL_SLOTS)
		ro->fill_mask = FILL_STEP - 1;
	ro->marked_size = p->room.text_size;
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
	case PLAN_COPY_ENTER:
		return skel->progs.copy_enter;
	case PLAN_SLICE_RET:
		return skel->progs.slice_ret;
	case PLAN_STRING_RET:
		return skel->progs.string_ret;
	case PLAN_CONV_ENTER:
		return skel->progs.conv_enter;
	case PLAN_TYPE_CALL:
		return skel->progs.type_call;
	case PLAN_FUNC_ENTER:
		return skel->progs.func_enter;
	case PLAN_GROW_ENTER:
		return skel->progs.grow_enter;
	case PLAN_SCOPE_CALL:
		return skel->progs.scope_call;
	case PLAN_SCOPE_RET:
		return skel->progs.scope_ret;
	case PLAN_POINTS:
		break;
	}
	return NULL;
}

static int choose_programs(struct programs *p, const struct programs_mode *mode)
{
	for (int point = 0; point < PLAN_POINTS; point++) {
		struct bpf_program *prog = skel_program(p->skel, point);
		int err;

		p->wanted[point] = p->constants.used[point] && is_wanted(mode, point);
		err = bpf_program__set_autoload(prog, p->wanted[point]);
		if (!err)
			err = bpf_program__set_log_level(prog, mode->log_level);
		if (!err && mode->by == SESSION_UPROBE_MULTI)
			err = bpf_program__set_expected_attach_type(prog, BPF_TRACE_UPROBE_MULTI);
		if (err)
			return err;
	}
	return 0;
}

/* Every other map is the session's. */
static int share_maps(struct slicestat_bpf *skel, const struct maps_bpf *maps)
{
	struct bpf_map *map;

	bpf_object__for_each_map (map, skel->obj) {
		const struct bpf_map *shared;
		int err;

		if (own_maps_has(skel, map))
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
	struct feature missing;

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
	/* Trying what the kernel has would fail too, and then lack everything. */
	case -EMFILE:
		return reason_set(why, err, "too many open files: raise ulimit -n");
	default:
		if (features_missing(&missing))
			return reason_set(why, err, "cannot load the BPF programs: %s: %s",
					  missing.name, missing.text);
		return reason_set(why, err,
				  "cannot load the BPF programs: %s (-v shows the kernel's words)",
				  strerror(-err));
	}
}

/* The object, with room and constants, all but what is told of callers and scope. */
static int load(struct programs *p, struct maps_bpf *maps, const struct programs_mode *mode,
		struct reason *why)
{
	int err;

	p->skel = slicestat_bpf__open();
	if (!p->skel)
		return programs_explain(-errno, why);
	set_constants(p, mode);
	err = choose_programs(p, mode);
	if (!err)
		err = share_maps(p->skel, maps);
	if (!err)
		err = own_maps_size(p->skel, &p->room);
	if (!err)
		err = slicestat_bpf__load(p->skel);
	return err ? programs_explain(err, why) : 0;
}

static int plan_error(int err, struct reason *why)
{
	return reason_set(why, err, "the plan's frame slots cannot be read at once");
}

int programs_load(const struct programs_sites *sites, struct maps_bpf *maps,
		  const struct programs_mode *mode, struct programs **out, struct reason *why)
{
	struct programs *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	p->scope = sites->scope;
	p->room = own_maps_room(sites, mode);
	err = plan_constants(sites, mode, &p->constants);
	if (err)
		err = plan_error(err, why);
	else
		err = load(p, maps, mode, why);
	if (!err)
		err = programs_bind(p, sites, mode, why);
	if (err) {
		programs_free(p);
		return err;
	}
	*out = p;
	return 0;
}

int programs_preload(const struct plan *plan, uint64_t text_size, struct maps_bpf *maps,
		     const struct programs_mode *mode, struct programs **out, struct reason *why)
{
	const struct programs_sites sites = {.plan = plan};
	struct programs *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	p->preloaded = p->unbound = true;
	p->room = (struct own_maps_room){.text_size = text_size, .calls = CALLS_PRELOADED};
	err = plan_constants(&sites, mode, &p->constants);
	p->constants.used[PLAN_TYPE_CALL] = 1;
	if (err)
		err = plan_error(err, why);
	else
		err = load(p, maps, mode, why);
	if (err) {
		programs_free(p);
		return err;
	}
	*out = p;
	return 0;
}

int programs_bind(struct programs *p, const struct programs_sites *sites,
		  const struct programs_mode *mode, struct reason *why)
{
	int err = own_maps_fill(p->skel, sites, mode);

	if (err)
		return programs_explain(err, why);
	p->callers = sites->callers;
	p->unbound = false;
	return 0;
}

bool programs_unbound(const struct programs *p)
{
	return p->unbound;
}

void programs_free(struct programs *p)
{
	if (!p)
		return;
	slicestat_bpf__destroy(p->skel);
	free(p);
}

static bool has_room(const struct programs *p, const struct programs_sites *sites,
		     const struct programs_mode *mode)
{
	const struct own_maps_room needed = own_maps_room(sites, mode);

	return sites->callers && !sites->scope && needed.text_size == p->room.text_size &&
	       needed.calls <= p->room.calls;
}

bool programs_serve(const struct programs *p, const struct programs_sites *sites,
		    const struct programs_mode *mode)
{
	struct constants c;

	if (p->unbound ? !has_room(p, sites, mode)
		       : sites->callers != p->callers || sites->scope != p->scope)
		return false;
	if (plan_constants(sites, mode, &c))
		return false;
	if (p->preloaded)
		c.used[PLAN_TYPE_CALL] = p->constants.used[PLAN_TYPE_CALL];
	return !memcmp(&c, &p->constants, sizeof(c));
}

struct bpf_program *programs_at(const struct programs *p, enum plan_point point)
{
	return p->wanted[point] ? skel_program(p->skel, point) : NULL;
}
