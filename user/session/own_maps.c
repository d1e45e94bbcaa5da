// SPDX-License-Identifier: BSD-2-Clause
#include "session/own_maps.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

static void *map_whole(const struct bpf_map *map, size_t bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
}

static int write_marks(const struct slicestat_bpf *skel, const struct plan_callers *callers)
{
	size_t bytes = callers->nmarks * sizeof(callers->marks[0]);
	void *marks = map_whole(skel->maps.marks, bytes);

	if (marks == MAP_FAILED)
		return -errno;
	memcpy(marks, callers->marks, bytes);
	return munmap(marks, bytes) ? -errno : 0;
}

/* Whether the programs must know what this call passes, so that user space need not ask later. */
static bool is_needed(const struct plan_callers *callers, const struct plan_constant_call *call,
		      const struct programs_mode *mode)
{
	return mode->fold == SESSION_FOLD_CHAINS ||
	       plan_callers_marks(callers, call->ret) & SS_MARK_WRAPPER;
}

static size_t count_needed(const struct plan_callers *callers, const struct programs_mode *mode)
{
	size_t n = 0;

	for (size_t i = 0; i < callers->nconstant_calls; i++)
		n += is_needed(callers, &callers->constant_calls[i], mode);
	return n;
}

static int write_calls(const struct slicestat_bpf *skel, const struct plan_callers *callers,
		       const struct programs_mode *mode)
{
	int err = 0;

	for (size_t i = 0; i < callers->nconstant_calls && !err; i++) {
		const struct plan_constant_call *call = &callers->constant_calls[i];
		uint64_t at = call->ret - callers->text;
		struct ss_call val = {.type = call->type - callers->text, .size = call->size};

		if (is_needed(callers, call, mode))
			err = bpf_map_update_elem(bpf_map__fd(skel->maps.calls), &at, &val,
						  BPF_ANY);
	}
	return err;
}

_Static_assert((int)SS_FORM_GROW == (int)SCOPE_GROW && (int)SS_FORM_GROW_BUF == (int)SCOPE_GROW_BUF,
	       "the plan's words are the programs'");
_Static_assert((int)SS_FORM_MAKE == (int)SCOPE_MAKE && (int)SS_FORM_COPY == (int)SCOPE_COPY,
	       "the plan's words are the programs'");
_Static_assert(SS_HOME_SLOT == BASEPOINT_SLOT, "the plan's words are the programs'");

static int write_scope(const struct slicestat_bpf *skel, const struct plan_scope *scope,
		       uint64_t text)
{
	size_t bytes = scope->ncalls * sizeof(struct ss_scoped);
	struct ss_scoped *list = map_whole(skel->maps.scoped, bytes);

	if (list == MAP_FAILED)
		return -errno;
	for (size_t i = 0; i < scope->ncalls; i++) {
		const struct plan_scope_call *call = &scope->calls[i];

		list[i] = (struct ss_scoped){
			.type = call->type ? call->type - text : 0,
			.size = call->size,
			.slot = call->base.slot,
			.behind = (uint16_t)(call->base.addr - call->ret),
			.home = call->base.reg,
			.trap = call->base.price == PLAN_EMULATED ? SS_TRAPS_EMULATED
								  : SS_TRAPS_STEPPED,
			.pointers = call->pointers,
			.form = call->form,
			.ends_one = i > 0 && plan_scope_ends_at_next(scope, i - 1),
		};
	}
	return munmap(list, bytes) ? -errno : 0;
}

bool own_maps_has(const struct slicestat_bpf *skel, const struct bpf_map *map)
{
	return bpf_map__is_internal(map) || map == skel->maps.marks || map == skel->maps.calls ||
	       map == skel->maps.scoped;
}

struct own_maps_room own_maps_room(const struct programs_sites *sites,
				   const struct programs_mode *mode)
{
	return (struct own_maps_room){
		.text_size = sites->callers ? sites->callers->text_size : 0,
		.calls = sites->callers ? count_needed(sites->callers, mode) : 0,
		.scoped = sites->scope ? sites->scope->ncalls : 0,
	};
}

static int size_map(struct bpf_map *map, uint64_t entries)
{
	return entries > UINT32_MAX
		       ? -E2BIG
		       : bpf_map__set_max_entries(map, entries ? (uint32_t)entries : 1);
}

int own_maps_size(const struct slicestat_bpf *skel, const struct own_maps_room *room)
{
	int err = size_map(skel->maps.marks, plan_callers_words(room->text_size));

	if (!err)
		err = size_map(skel->maps.calls, room->calls);
	return err ? err : size_map(skel->maps.scoped, room->scoped);
}

int own_maps_fill(const struct slicestat_bpf *skel, const struct programs_sites *sites,
		  const struct programs_mode *mode)
{
	int err = 0;

	if (sites->callers)
		err = write_marks(skel, sites->callers);
	if (sites->callers && !err)
		err = write_calls(skel, sites->callers, mode);
	if (sites->scope && !err)
		err = write_scope(skel, sites->scope, sites->callers ? sites->callers->text : 0);
	return err;
}
