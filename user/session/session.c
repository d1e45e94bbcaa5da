// SPDX-License-Identifier: BSD-2-Clause
#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "session/attach.h"
#include "session/control.h"
#include "session/features.h"
#include "session/links.h"
#include "session/maps.h"
#include "session/programs.h"
#include "session/slots.h"
#include "session/tails.h"
#include "session/windows.h"

/* The kernel takes perf events off one by one, with grace periods for each: 0.1 to 0.2 s. */
#define PERF_DETACH_S 0.1

/* How long makes under way are waited for: a large one zeroes its memory first. */
#define STOP_WAIT_MS  200
#define PAUSE_WAIT_MS 5

/* A target that is attached while the session is not paused. */
struct attached {
	struct session_target target;
	const struct plan *plan;
	struct programs *programs; /* NULL: not attached */
};

struct session {
	enum session_attach_by by;
	struct programs_mode mode;
	uint32_t max_targets;
	struct maps_bpf *maps; /* an object without programs: owns the maps */
	struct control *control;
	struct windows *windows;
	struct tails *tails; /* NULL where no chains are kept */
	struct links *links;
	struct attached *attached; /* by the target's number */
	uint64_t abandoned;
	struct programs **programs;
	size_t nprograms;
	int ncpus;
};

static int choose_way(struct session *s, enum session_attach_by wanted, struct reason *why)
{
	const bool multi = wanted != SESSION_PERF_EVENT && features_uprobe_multi();

	s->by = multi ? SESSION_UPROBE_MULTI : SESSION_PERF_EVENT;
	if (wanted == SESSION_UPROBE_MULTI && !multi)
		return reason_set(why, -ENOTSUP,
				  "no uprobe_multi that can be used: it takes Linux 6.10 or newer, "
				  "and privileges (slicestat check says more)");
	return 0;
}

static int session_init(struct session *s, const struct session_options *opts, struct reason *why)
{
	uint32_t entries;
	int err;

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return reason_set(why, -ENOENT,
				  "no kernel BTF at /sys/kernel/btf/vmlinux: a kernel with "
				  "CONFIG_DEBUG_INFO_BTF=y is needed");
	s->ncpus = libbpf_num_possible_cpus();
	if (s->ncpus < 0)
		return reason_set(why, s->ncpus, "cannot tell the number of CPUs");
	err = choose_way(s, opts->by, why);
	if (err)
		return err;
	if (opts->max_targets > SS_TARGETS_MAX)
		return reason_set(why, -E2BIG, "at most %u processes can be traced at once",
				  SS_TARGETS_MAX);
	s->max_targets = opts->max_targets;
	s->mode = (struct programs_mode){
		.by = s->by,
		.fold = opts->fold,
		.stacks = opts->stacks,
		.follow = opts->follow,
		.shards = opts->fold == SESSION_FOLD_SITES ? maps_shards(s->ncpus) : 1,
	};
	entries = maps_entries(opts, s->mode.shards);
	s->mode.slots = slots_for(entries);
	if (!s->mode.slots)
		return programs_explain(-E2BIG, why);
	err = follow_pid_ns(&s->mode.pid_ns);
	if (err)
		return reason_set(why, err, "cannot tell the pid namespace: %s", strerror(-err));
	err = maps_new(opts, entries, &s->maps);
	if (!err)
		err = control_new(bpf_map__fd(s->maps->maps.control),
				  bpf_map__fd(s->maps->maps.wake), entries, &s->control);
	if (err)
		return programs_explain(err, why);
	if (opts->fold != SESSION_FOLD_CHAINS)
		err = maps_windows(s->maps, opts, entries, &s->windows);
	if (err)
		return programs_explain(err, why);
	s->links = links_new();
	s->attached = calloc(opts->max_targets, sizeof(*s->attached));
	if (opts->fold == SESSION_FOLD_CHAINS)
		s->tails = tails_new(bpf_map__fd(s->maps->maps.tails),
				     bpf_map__fd(s->maps->maps.tail_ends), opts->max_tails);
	if (!s->links || !s->attached || (opts->fold == SESSION_FOLD_CHAINS && !s->tails))
		return reason_set(why, -ENOMEM, "out of memory");
	return 0;
}

int session_new(const struct session_options *opts, struct session **out, struct reason *why)
{
	struct session *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return reason_set(why, -ENOMEM, "out of memory");
	err = session_init(s, opts, why);
	if (err) {
		session_free(s);
		return err;
	}
	*out = s;
	return 0;
}

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

	if (t->id >= SS_FOLLOWED_MAX)
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
				  s->mode.follow ? SS_FOLLOWED_MAX : s->max_targets);
	if (err)
		return reason_set(why, err, "cannot note process %d: %s", t->pid, strerror(-err));
	err = load_programs(s, &sites, &what.programs, why);
	if (!err)
		err = attach(s, &what, refused, why);
	if (!err)
		s->attached[t->id] = what;
	return err;
}

int session_detach(struct session *s, uint32_t target, bool ended)
{
	s->attached[target].programs = NULL;
	if (ended && s->by == SESSION_PERF_EVENT)
		return 0;
	return links_detach_target(s->links, target);
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

int64_t session_forget(struct session *s, uint32_t target)
{
	return maps_forget_calls(s->maps, &target);
}

void session_start(struct session *s)
{
	control_open_gate(s->control);
}

enum session_attach_by session_attach_by(const struct session *s)
{
	return s->by;
}

int session_wake_fd(const struct session *s)
{
	return control_wake_fd(s->control);
}

void session_wake_later(const struct session *s)
{
	control_wake_later(s->control);
}

/* Half of the room has been taken since it was last looked at: it may be full soon. */
static int make_room_for_tails(struct session *s)
{
	control_next_epoch(s->control);
	if (!control_is_filling(s->control))
		return 0;
	control_clear_fill(s->control);
	return tails_prune(s->tails);
}

static int snapshot_chains(struct session *s, session_entry_fn fn, void *ctx, struct reason *why)
{
	int err = make_room_for_tails(s);

	if (!err)
		err = maps_read_lives(s->maps, fn, ctx);
	if (err)
		reason_set(why, err, "cannot read the chains: %s", strerror(-err));
	return err;
}

int session_snapshot(struct session *s, session_entry_fn fn, void *ctx, struct reason *why)
{
	int err;

	session_wake_later(s);
	if (s->tails)
		return snapshot_chains(s, fn, ctx, why);
	/*
	 * Before the flip: what is inserted while the flip waits is then counted for the new window
	 * in any case, at worst too early.
	 */
	control_clear_fill(s->control);
	err = windows_drain(s->windows, fn, ctx);
	if (err)
		reason_set(why, err, "cannot read the window: %s", strerror(-err));
	return err;
}

int session_stack(const struct session *s, uint32_t id, uint64_t pcs[SS_STACK_DEPTH])
{
	return maps_stack(s->maps, id, pcs);
}

int session_counts(const struct session *s, uint64_t counts[SS_COUNTS])
{
	return maps_counts(s->maps, s->ncpus, counts);
}

int64_t session_pending(const struct session *s)
{
	return maps_pending(s->maps);
}

uint64_t session_forgotten(const struct session *s)
{
	return s->tails ? tails_forgotten(s->tails) : 0;
}

int session_pause(struct session *s)
{
	int64_t forgotten;
	int err;

	control_close_gate(s->control);
	maps_await_makes(s->maps, PAUSE_WAIT_MS);
	err = links_detach(s->links);
	forgotten = maps_forget_calls(s->maps, NULL);
	if (forgotten > 0)
		s->abandoned += (uint64_t)forgotten;
	return err ? err : forgotten < 0 ? (int)forgotten : 0;
}

int session_resume(struct session *s, struct reason *why)
{
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

static bool is_anyone_attached(const struct session *s)
{
	for (uint32_t i = 0; i < s->max_targets; i++)
		if (s->attached[i].programs)
			return true;
	return false;
}

int session_stop(struct session *s)
{
	control_close_gate(s->control);
	maps_await_makes(s->maps, STOP_WAIT_MS);
	/* Else only probes that nobody runs into are left: see session_detach. */
	return is_anyone_attached(s) ? links_detach(s->links) : 0;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	links_free(s->links);
	for (size_t i = 0; i < s->nprograms; i++)
		programs_free(s->programs[i]);
	free(s->programs);
	free(s->attached);
	windows_free(s->windows);
	tails_free(s->tails);
	control_free(s->control);
	maps_bpf__destroy(s->maps);
	free(s);
}

size_t session_memory(const struct session *s)
{
	return maps_memory(s->maps);
}
