// SPDX-License-Identifier: BSD-2-Clause
#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "session/features.h"
#include "session/inside.h"
#include "session/maps.h"
#include "session/slots.h"

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

/* What its programs and maps are like. */
static int choose_mode(struct session *s, const struct session_options *opts, struct reason *why)
{
	int err;

	s->ncpus = libbpf_num_possible_cpus();
	if (s->ncpus < 0)
		return reason_set(why, s->ncpus, "cannot tell the number of CPUs");
	if (opts->max_targets > SS_TARGETS_MAX)
		return reason_set(why, -E2BIG, "at most %u processes can be traced at once",
				  SS_TARGETS_MAX);
	s->max_targets = opts->max_targets;
	s->lasts = opts->lasts;
	s->mode = (struct programs_mode){
		.by = s->by,
		.fold = opts->fold,
		.stacks = opts->stacks,
		.follow = opts->follow,
		.shards = opts->fold == SESSION_FOLD_SITES ? maps_shards(s->ncpus) : 1,
	};
	s->mode.slots = slots_for(maps_entries(opts, s->mode.shards));
	if (!s->mode.slots)
		return programs_explain(-E2BIG, why);
	err = follow_pid_ns(&s->mode.pid_ns);
	return err ? reason_set(why, err, "cannot tell the pid namespace: %s", strerror(-err)) : 0;
}

static int open_maps(struct session *s, const struct session_options *opts)
{
	const uint32_t entries = maps_entries(opts, s->mode.shards);
	int err = maps_new(opts, entries, &s->maps);

	if (!err)
		err = control_new(bpf_map__fd(s->maps->maps.control),
				  bpf_map__fd(s->maps->maps.wake), entries, &s->control);
	if (!err && opts->fold != SESSION_FOLD_CHAINS)
		err = maps_windows(s->maps, opts, entries, &s->windows);
	return err;
}

int session_prepare(struct session *s, const struct session_options *opts, struct reason *why)
{
	int err = choose_mode(s, opts, why);

	if (err)
		return err;
	s->links = links_new();
	s->attached = calloc(opts->max_targets, sizeof(*s->attached));
	return s->links && s->attached ? 0 : reason_set(why, -ENOMEM, "out of memory");
}

static int session_init(struct session *s, const struct session_options *opts, struct reason *why)
{
	int err;

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return reason_set(why, -ENOENT,
				  "no kernel BTF at /sys/kernel/btf/vmlinux: a kernel with "
				  "CONFIG_DEBUG_INFO_BTF=y is needed");
	err = choose_way(s, opts->by, why);
	if (!err)
		err = session_prepare(s, opts, why);
	if (err)
		return err;
	err = open_maps(s, opts);
	if (err)
		return programs_explain(err, why);
	if (opts->fold != SESSION_FOLD_CHAINS)
		return 0;
	s->tails = tails_new(bpf_map__fd(s->maps->maps.tails), bpf_map__fd(s->maps->maps.tail_ends),
			     opts->max_tails);
	return s->tails ? 0 : reason_set(why, -ENOMEM, "out of memory");
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

double session_take_window_fill(struct session *s)
{
	return s->windows ? windows_take_fill(s->windows) : 0;
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
	if (!s->tally)
		control_clear_fill(s->control);
	err = s->tally ? tally_read(s->tally, fn, ctx) : windows_drain(s->windows, fn, ctx);
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
	int64_t pending = maps_pending(s->maps);

	return pending < 0 ? pending : pending + (int64_t)s->given_up;
}

uint64_t session_forgotten(const struct session *s)
{
	return s->tails ? tails_forgotten(s->tails) : 0;
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
	maps_await_makes(s->maps, SESSION_STOP_WAIT_MS);
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
	tally_free(s->tally);
	tails_free(s->tails);
	control_free(s->control);
	maps_bpf__destroy(s->maps);
	free(s);
}

size_t session_memory(const struct session *s)
{
	return maps_memory(s->maps);
}
