// SPDX-License-Identifier: BSD-2-Clause
#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "session/attach.h"
#include "session/features.h"
#include "session/links.h"
#include "session/maps.h"
#include "session/programs.h"
#include "session/slots.h"
#include "session/tails.h"
#include "session/windows.h"

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
	struct maps_bpf *maps;	    /* an object without programs: owns the maps */
	struct ss_control *control; /* the map of that name, mapped */
	struct ring_buffer *wake;
	struct windows *windows;
	struct tails *tails; /* NULL where no chains are kept */
	struct links *links;
	struct attached *attached; /* by the target's number */
	uint64_t abandoned;
	struct programs **programs;
	size_t nprograms;
	int ncpus;
};

static int wake_nothing(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return 0;
}

static int map_control(struct session *s, uint32_t max_entries)
{
	int fd = bpf_map__fd(s->maps->maps.control);
	void *p = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		       0);

	if (p == MAP_FAILED)
		return -errno;
	s->control = p;
	s->control->wake_at = max_entries / 2 ? max_entries / 2 : 1;
	s->wake = ring_buffer__new(bpf_map__fd(s->maps->maps.wake), wake_nothing, NULL, NULL);
	return s->wake ? 0 : -errno;
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
	s->by = opts->by;
	if (s->by == SESSION_BEST)
		s->by = features_uprobe_multi() ? SESSION_UPROBE_MULTI : SESSION_PERF_EVENT;
	if (opts->max_targets > SS_TARGETS_MAX)
		return reason_set(why, -E2BIG, "at most %u processes can be traced at once",
				  SS_TARGETS_MAX);
	s->max_targets = opts->max_targets;
	s->mode = (struct programs_mode){
		.by = s->by,
		.fold = opts->fold,
		.stacks = opts->stacks,
		.shards = opts->fold == SESSION_FOLD_SITES ? maps_shards(s->ncpus) : 1,
	};
	entries = maps_entries(opts, s->mode.shards);
	s->mode.slots = slots_for(entries);
	if (!s->mode.slots)
		return programs_explain(-E2BIG, why);
	err = maps_new(opts, entries, &s->maps);
	if (!err)
		err = map_control(s, entries);
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
	int err = announce_target(s, t, plan);

	if (err == -E2BIG)
		return reason_set(why, err, "too many processes: the limit is %u", s->max_targets);
	if (err)
		return reason_set(why, err, "cannot note process %d: %s", t->pid, strerror(-err));
	err = load_programs(s, &sites, &what.programs, why);
	if (!err)
		err = attach(s, &what, refused, why);
	if (!err)
		s->attached[t->id] = what;
	return err;
}

int session_detach(struct session *s, uint32_t target)
{
	s->attached[target].programs = NULL;
	return links_detach_target(s->links, target);
}

void session_start(struct session *s)
{
	__atomic_store_n(&s->control->ready, 1, __ATOMIC_RELEASE);
}

enum session_attach_by session_attach_by(const struct session *s)
{
	return s->by;
}

int session_wake_fd(const struct session *s)
{
	return ring_buffer__epoll_fd(s->wake);
}

void session_wake_later(const struct session *s)
{
	ring_buffer__consume(s->wake);
}

/* Half of the room has been taken since it was last looked at: it may be full soon. */
static int make_room_for_tails(struct session *s)
{
	s->control->epoch++;
	if (__atomic_load_n(&s->control->fill, __ATOMIC_RELAXED) < s->control->wake_at)
		return 0;
	__atomic_store_n(&s->control->fill, 0, __ATOMIC_RELAXED);
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
	__atomic_store_n(&s->control->fill, 0, __ATOMIC_RELAXED);
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

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void wait_for_makes(const struct session *s, int64_t ms)
{
	const struct timespec tick = {.tv_nsec = 1000000};
	int64_t end = now_ms() + ms;

	while (session_pending(s) > 0 && now_ms() < end)
		nanosleep(&tick, NULL);
}

static void close_gate(struct session *s)
{
	__atomic_store_n(&s->control->ready, 0, __ATOMIC_RELEASE);
}

int session_pause(struct session *s)
{
	int64_t forgotten;
	int err;

	close_gate(s);
	wait_for_makes(s, PAUSE_WAIT_MS);
	err = links_detach(s->links);
	forgotten = maps_forget_calls(s->maps);
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

int session_stop(struct session *s)
{
	close_gate(s);
	wait_for_makes(s, STOP_WAIT_MS);
	return links_detach(s->links);
}

static void close_maps(struct session *s)
{
	ring_buffer__free(s->wake);
	if (s->control)
		munmap(s->control, (size_t)sysconf(_SC_PAGESIZE));
	maps_bpf__destroy(s->maps);
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
	close_maps(s);
	free(s);
}

size_t session_memory(const struct session *s)
{
	return maps_memory(s->maps);
}
