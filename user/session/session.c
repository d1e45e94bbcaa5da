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

#include "session/features.h"
#include "session/links.h"
#include "session/programs.h"
#include "session/windows.h"

/* How long session_stop waits for makes under way: a large one zeroes its memory first. */
#define STOP_WAIT_MS 200

struct session {
	enum session_attach_by by;
	uint32_t max_targets;
	struct slicestat_bpf *maps; /* an object without programs: owns the maps */
	struct ss_control *control; /* the map of that name, mapped */
	struct ring_buffer *wake;
	struct windows *windows;
	struct links *links;
	struct programs **programs;
	size_t nprograms;
	int ncpus;
};

static int create_maps(struct session *s, const struct session_options *opts)
{
	struct bpf_program *prog;
	int err;

	s->maps = slicestat_bpf__open();
	if (!s->maps)
		return -errno;
	bpf_object__for_each_program (prog, s->maps->obj)
		bpf_program__set_autoload(prog, false);
	err = bpf_map__set_max_entries(s->maps->maps.bases_a, opts->max_bases);
	if (!err)
		err = bpf_map__set_max_entries(s->maps->maps.bases_b, opts->max_bases);
	if (!err)
		err = bpf_map__set_max_entries(s->maps->maps.pending, opts->max_pending);
	if (!err)
		err = bpf_map__set_max_entries(s->maps->maps.targets, opts->max_targets);
	return err ? err : slicestat_bpf__load(s->maps);
}

static int wake_nothing(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return 0;
}

static int map_control(struct session *s, uint32_t max_bases)
{
	int fd = bpf_map__fd(s->maps->maps.control);
	void *p = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		       0);

	if (p == MAP_FAILED)
		return -errno;
	s->control = p;
	s->control->wake_at = max_bases / 2 ? max_bases / 2 : 1;
	s->wake = ring_buffer__new(bpf_map__fd(s->maps->maps.wake), wake_nothing, NULL, NULL);
	return s->wake ? 0 : -errno;
}

static int session_init(struct session *s, const struct session_options *opts, struct reason *why)
{
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
	s->max_targets = opts->max_targets;
	err = create_maps(s, opts);
	if (!err)
		err = map_control(s, opts->max_bases);
	if (err)
		return programs_explain(err, why);
	s->windows =
		windows_new(bpf_map__fd(s->maps->maps.windows), bpf_map__fd(s->maps->maps.bases_a),
			    bpf_map__fd(s->maps->maps.bases_b), opts->max_bases);
	s->links = links_new();
	if (!s->windows || !s->links)
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

static struct programs *find_programs(const struct session *s, const struct plan *plan)
{
	for (size_t i = 0; i < s->nprograms; i++)
		if (programs_serve(s->programs[i], plan))
			return s->programs[i];
	return NULL;
}

static int load_programs(struct session *s, const struct plan *plan, struct programs **out,
			 struct reason *why)
{
	struct programs **list;
	int err;

	*out = find_programs(s, plan);
	if (*out)
		return 0;
	list = reallocarray(s->programs, s->nprograms + 1, sizeof(*list));
	if (!list)
		return reason_set(why, -ENOMEM, "out of memory");
	s->programs = list;
	err = programs_load(plan, s->maps, s->by, out, why);
	if (!err)
		s->programs[s->nprograms++] = *out;
	return err;
}

static int announce_target(struct session *s, const struct session_target *t,
			   const struct plan *plan)
{
	struct ss_target info = {.zerobase = plan->zerobase ? plan->zerobase + t->bias : 0};

	if (t->id >= s->max_targets)
		return -E2BIG;
	return bpf_map_update_elem(bpf_map__fd(s->maps->maps.targets), &t->id, &info, BPF_ANY);
}

/* All sites of one function, or none of them. */
static int attach_func(struct session *s, struct links_request *req, const struct programs *p)
{
	size_t mark = links_count(s->links);

	for (int point = 0; point < PLAN_POINTS; point++) {
		int err;

		req->point = point;
		req->prog = programs_at(p, point);
		err = req->prog ? links_attach(s->links, req) : 0;
		if (err) {
			links_detach_from(s->links, mark);
			return err;
		}
	}
	return 0;
}

static int explain_attach(int err, const struct session_target *t, const char *func,
			  struct reason *why)
{
	switch (err) {
	case -ESRCH:
		return reason_set(why, err, "process %d ended while slicestat attached", t->pid);
	case -EPERM:
	case -EACCES:
		return reason_set(why, err,
				  "not permitted to attach to process %d: run as root (slicestat "
				  "check says what is missing)",
				  t->pid);
	case -ENOTSUP:
		return reason_set(why, err, "%s: the kernel refuses to probe its instruction",
				  func);
	default:
		return reason_set(why, err, "cannot attach to %s in process %d: %s", func, t->pid,
				  strerror(-err));
	}
}

static int attach_funcs(struct session *s, const struct session_target *t, const struct plan *plan,
			struct reason *refused, struct reason *why)
{
	struct links_request req = {.by = s->by, .target = t, .plan = plan};
	struct reason cause = {.text = ""};
	struct programs *p;
	uint32_t attached = 0;
	int err;

	if (refused)
		refused->text[0] = '\0';
	err = announce_target(s, t, plan);
	if (err)
		return reason_set(why, err, "too many processes: the limit is %u", s->max_targets);
	err = load_programs(s, plan, &p, why);
	if (err)
		return err;
	for (req.func = 0; req.func < plan->nfuncs; req.func++) {
		if (plan->funcs[req.func].refused)
			continue;
		err = attach_func(s, &req, p);
		if (err == -ENOTSUP) {
			explain_attach(err, t, plan->funcs[req.func].name, &cause);
			continue;
		}
		if (err)
			return explain_attach(err, t, plan->funcs[req.func].name, why);
		attached++;
	}
	if (attached == 0)
		return reason_set(why, -ENOTSUP, "%s",
				  cause.text[0] ? cause.text : "nothing to attach to");
	if (refused)
		*refused = cause;
	return 0;
}

int session_attach(struct session *s, const struct session_target *t, const struct plan *plan,
		   struct reason *refused, struct reason *why)
{
	int err = attach_funcs(s, t, plan, refused, why);

	if (err)
		links_detach_target(s->links, t->id);
	return err;
}

int session_detach(struct session *s, uint32_t target)
{
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

int session_snapshot(struct session *s, session_base_fn fn, void *ctx, struct reason *why)
{
	int err;

	ring_buffer__consume(s->wake);
	/*
	 * Before the flip: what is inserted while the flip waits is then counted for the new window
	 * in any case, at worst too early.
	 */
	__atomic_store_n(&s->control->fill, 0, __ATOMIC_RELAXED);
	err = windows_drain(s->windows, fn, ctx);
	if (err)
		reason_set(why, err, "cannot read the window of bases: %s", strerror(-err));
	return err;
}

int session_counts(const struct session *s, uint64_t counts[SS_COUNTS])
{
	uint64_t *percpu = calloc((size_t)s->ncpus, sizeof(*percpu));
	int err = percpu ? 0 : -ENOMEM;

	/* Downwards, the fates first and SS_SEEN last: their sum is never above it. */
	for (uint32_t slot = SS_COUNTS; slot-- > 0 && !err;) {
		err = bpf_map_lookup_elem(bpf_map__fd(s->maps->maps.counts), &slot, percpu);
		counts[slot] = 0;
		for (int cpu = 0; cpu < s->ncpus && !err; cpu++)
			counts[slot] += percpu[cpu];
	}
	free(percpu);
	return err;
}

/*
 * Bucket by bucket: a walk from key to key would start again whenever its key is deleted, which
 * happens all the time here.
 */
int64_t session_pending(const struct session *s)
{
	enum { BATCH = 1024 };
	struct ss_pending_key *keys = calloc(BATCH, sizeof(*keys));
	struct ss_pending *vals = calloc(BATCH, sizeof(*vals));
	int fd = bpf_map__fd(s->maps->maps.pending);
	int err = keys && vals ? 0 : -ENOMEM;
	uint32_t cursor = 0;
	int64_t n = 0;

	for (bool first = true; !err; first = false) {
		uint32_t count = BATCH;

		err = bpf_map_lookup_batch(fd, first ? NULL : &cursor, &cursor, keys, vals, &count,
					   NULL);
		if (!err || err == -ENOENT)
			n += count;
	}
	free(keys);
	free(vals);
	return err == -ENOENT ? n : err;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void wait_for_makes(const struct session *s)
{
	const struct timespec tick = {.tv_nsec = 1000000};
	int64_t end = now_ms() + STOP_WAIT_MS;

	while (session_pending(s) > 0 && now_ms() < end)
		nanosleep(&tick, NULL);
}

int session_stop(struct session *s)
{
	__atomic_store_n(&s->control->ready, 0, __ATOMIC_RELEASE);
	wait_for_makes(s);
	return links_detach(s->links);
}

static void close_maps(struct session *s)
{
	ring_buffer__free(s->wake);
	if (s->control)
		munmap(s->control, (size_t)sysconf(_SC_PAGESIZE));
	slicestat_bpf__destroy(s->maps);
}

void session_free(struct session *s)
{
	if (!s)
		return;
	links_free(s->links);
	for (size_t i = 0; i < s->nprograms; i++)
		programs_free(s->programs[i]);
	free(s->programs);
	windows_free(s->windows);
	close_maps(s);
	free(s);
}

/* The kernel's own figure for a map; 0 where it does not tell. */
static size_t map_memory(const struct bpf_map *map)
{
	char path[64], line[128];
	unsigned long long bytes = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_map__fd(map));
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "memlock:", 8))
			bytes = strtoull(line + 8, NULL, 10);
	fclose(f);
	return bytes;
}

size_t session_memory(const struct session *s)
{
	const struct bpf_map *map;
	size_t sum = 0;

	bpf_object__for_each_map (map, s->maps->obj)
		sum += map_memory(map);
	return sum;
}
