// SPDX-License-Identifier: BSD-2-Clause
/* What a session is attached to. */
#include "session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "session/attach.h"
#include "session/forget.h"
#include "session/inside.h"
#include "session/maps.h"

/* The kernel takes perf events off one by one, with grace periods for each: 0.1 to 0.2 s. */
#define PERF_DETACH_S 0.1

/* How long makes under way are waited for. */
#define PAUSE_WAIT_MS 5

static struct programs *find_programs(const struct session *s, const struct programs_sites *sites)
{
	for (size_t i = 0; i < s->nprograms; i++)
		if (programs_serve(s->programs[i], sites, &s->mode))
			return s->programs[i];
	return NULL;
}

static int keep_programs(struct session *s, struct programs *p, struct reason *why)
{
	struct programs **list = reallocarray(s->programs, s->nprograms + 1, sizeof(*list));

	if (!list) {
		programs_free(p);
		return reason_set(why, -ENOMEM, "out of memory");
	}
	s->programs = list;
	s->programs[s->nprograms++] = p;
	return 0;
}

static int load_programs(struct session *s, const struct programs_sites *sites,
			 struct programs **out, struct reason *why)
{
	int err;

	*out = find_programs(s, sites);
	if (*out)
		return programs_unbound(*out) ? programs_bind(*out, sites, &s->mode, why) : 0;
	err = programs_load(sites, s->maps, &s->mode, out, why);
	return err ? err : keep_programs(s, *out, why);
}

int session_preload(struct session *s, const struct plan *plan, uint64_t text_size,
		    struct reason *why)
{
	struct programs *p;
	int err = programs_preload(plan, text_size, s->maps, &s->mode, &p, why);

	return err ? err : keep_programs(s, p, why);
}

static int announce_target(struct session *s, const struct session_target *t,
			   const struct plan *plan)
{
	struct ss_target info = {
		.zerobase = plan->zerobase ? plan->zerobase + t->bias : 0,
		.text = t->callers ? t->callers->text + t->bias : 0,
	};

	if (t->id >= s->max_targets)
		return -E2BIG;
	return bpf_map_update_elem(bpf_map__fd(s->maps->maps.targets), &t->id, &info, BPF_ANY);
}

/* The executable of processes that the kernel's side will find. */
static int announce_file(struct session *s, const struct session_target *t, const struct plan *plan)
{
	const struct ss_executable info = {
		.zerobase = plan->zerobase ? plan->zerobase + t->bias : 0,
		.text = t->callers->text + t->bias,
	};

	if (t->id >= SS_EXECUTABLES_MAX)
		return -E2BIG;
	return bpf_map_update_elem(bpf_map__fd(s->maps->maps.executables), &t->id, &info, BPF_ANY);
}

static int attach(struct session *s, const struct attached *what, struct reason *refused,
		  struct reason *why)
{
	const struct attach a = {.by = s->by,
				 .links = s->links,
				 .target = &what->target,
				 .plan = what->plan,
				 .programs = what->programs};
	int err = attach_all(&a, refused, why);

	if (err)
		links_detach_target(s->links, what->target.id);
	return err;
}

int session_attach(struct session *s, const struct session_target *t, const struct plan *plan,
		   struct reason *refused, struct reason *why)
{
	const struct programs_sites sites = {plan, t->callers, t->scope};
	struct attached what = {.target = *t, .plan = plan};
	int err = s->mode.follow ? announce_file(s, t, plan) : announce_target(s, t, plan);

	if (err == -E2BIG)
		return reason_set(why, err, "too many: the limit is %u",
				  s->mode.follow ? SS_EXECUTABLES_MAX : s->max_targets);
	if (err)
		return reason_set(why, err, "cannot note process %d: %s", t->pid, strerror(-err));
	err = load_programs(s, &sites, &what.programs, why);
	if (!err)
		err = attach(s, &what, refused, why);
	if (err)
		return err;
	/* It can be attached: session_resume will do it. */
	if (s->paused)
		links_detach_target(s->links, t->id);
	s->attached[t->id] = what;
	return 0;
}

int session_detach(struct session *s, uint32_t target, bool ended)
{
	s->attached[target].programs = NULL;
	if (ended && s->by == SESSION_PERF_EVENT)
		return 0;
	return links_detach_target(s->links, target);
}

static bool is_in_use(const struct session *s, const struct programs *p)
{
	for (uint32_t i = 0; i < s->max_targets; i++)
		if (s->attached[i].programs == p)
			return true;
	return false;
}

static void free_unused_programs(struct session *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->nprograms; i++) {
		if (is_in_use(s, s->programs[i]))
			s->programs[kept++] = s->programs[i];
		else
			programs_free(s->programs[i]);
	}
	s->nprograms = kept;
}

int session_drop(struct session *s, uint32_t target)
{
	int err = links_detach_target(s->links, target);

	s->attached[target] = (struct attached){0};
	free_unused_programs(s);
	return err;
}

double session_detach_s(const struct session *s)
{
	return s->by == SESSION_PERF_EVENT ? PERF_DETACH_S * (double)links_count(s->links) : 0;
}

struct follow_maps session_follow_maps(const struct session *s)
{
	return (struct follow_maps){
		.targets = bpf_map__fd(s->maps->maps.targets),
		.processes = bpf_map__fd(s->maps->maps.processes),
		.executables = bpf_map__fd(s->maps->maps.executables),
		.free_targets = bpf_map__fd(s->maps->maps.free_targets),
		.comings = bpf_map__fd(s->maps->maps.comings),
		.max_targets = s->max_targets,
	};
}

int64_t session_forget(struct session *s, const uint32_t *targets, size_t n)
{
	bool *gone = calloc(s->max_targets, sizeof(*gone));
	int64_t makes = -ENOMEM;
	int err = 0;

	if (!gone)
		return makes;
	for (size_t i = 0; i < n; i++)
		gone[targets[i]] = true;
	makes = forget_calls(s->maps, gone);
	if (s->tails)
		err = forget_chains(s->maps, gone);
	free(gone);
	return err ? err : makes;
}

int session_pause(struct session *s)
{
	int64_t forgotten;
	int err;

	control_close_gate(s->control);
	maps_await_makes(s->maps, PAUSE_WAIT_MS);
	err = links_detach(s->links);
	s->paused = true;
	forgotten = forget_calls(s->maps, NULL);
	if (forgotten > 0)
		s->abandoned += (uint64_t)forgotten;
	return err ? err : forgotten < 0 ? (int)forgotten : 0;
}

int session_resume(struct session *s, struct reason *why)
{
	s->paused = false;
	for (uint32_t i = 0; i < s->max_targets; i++) {
		int err = s->attached[i].programs ? attach(s, &s->attached[i], NULL, why) : 0;

		if (err && err != -ESRCH)
			return err;
	}
	return 0;
}

uint64_t session_abandoned(const struct session *s)
{
	return s->abandoned;
}
