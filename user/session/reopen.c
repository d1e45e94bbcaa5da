// SPDX-License-Identifier: BSD-2-Clause
#include "session/reopen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/forget.h"
#include "session/inside.h"
#include "session/maps.h"

#define NAMED_MAX 16

/* A map that is pinned. */
struct named {
	const char *name;
	struct bpf_map *map;
};

/* The window of a session that lasts has the plain name. */
static size_t name_window(const struct session *s, struct named list[3])
{
	size_t n = 0;

	switch (s->mode.fold) {
	case SESSION_FOLD_BASES:
		list[n++] = (struct named){"windows", s->maps->maps.windows};
		list[n++] = (struct named){s->lasts ? "bases" : "bases_a", s->maps->maps.bases_a};
		if (!s->lasts)
			list[n++] = (struct named){"bases_b", s->maps->maps.bases_b};
		break;
	case SESSION_FOLD_SITES:
		list[n++] = (struct named){"site_windows", s->maps->maps.site_windows};
		list[n++] = (struct named){s->lasts ? "sites" : "sites_a", s->maps->maps.sites_a};
		if (!s->lasts)
			list[n++] = (struct named){"sites_b", s->maps->maps.sites_b};
		break;
	case SESSION_FOLD_CHAINS:
		list[n++] = (struct named){"tails", s->maps->maps.tails};
		list[n++] = (struct named){"tail_ends", s->maps->maps.tail_ends};
		list[n++] = (struct named){"lives", s->maps->maps.lives};
		break;
	}
	return n;
}

static size_t name_maps(const struct session *s, struct named list[NAMED_MAX])
{
	size_t n = name_window(s, list);

	list[n++] = (struct named){"counts", s->maps->maps.counts};
	list[n++] = (struct named){"control", s->maps->maps.control};
	list[n++] = (struct named){"targets", s->maps->maps.targets};
	list[n++] = (struct named){"pending", s->maps->maps.pending};
	if (s->mode.stacks)
		list[n++] = (struct named){"stacks", s->maps->maps.stacks};
	return n;
}

static int explain_pin(const char *what, int err, const struct pins *pins, struct reason *why)
{
	return reason_set(why, err, "cannot pin %s in %.150s: %s", what, pins_path(pins),
			  strerror(-err));
}

int session_pin(const struct session *s, struct pins *pins, struct reason *why)
{
	struct named list[NAMED_MAX];
	const size_t n = name_maps(s, list);

	for (size_t i = 0; i < n; i++) {
		int err = pins_put(pins, list[i].name, bpf_map__fd(list[i].map));

		if (err)
			return explain_pin(list[i].name, err, pins, why);
	}
	return 0;
}

int session_pin_links(const struct session *s, struct pins *pins, struct reason *why)
{
	int err = links_pin(s->links, pins);

	return err ? explain_pin("probes", err, pins, why) : 0;
}

void session_leave(const struct session *s)
{
	links_leave(s->links);
}

static int reuse_maps(const struct session *s, const struct pins *pins)
{
	struct named list[NAMED_MAX];
	const size_t n = name_maps(s, list);
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		int fd = pins_get(pins, list[i].name);

		if (fd < 0)
			return fd;
		err = bpf_map__reuse_fd(list[i].map, fd);
		close(fd);
	}
	return err;
}

/* A slot beyond the map's end would be read. */
static bool has_slots(const struct session *s, const struct bpf_map *window)
{
	return bpf_map__max_entries(window) == s->mode.slots;
}

static int open_window(struct session *s)
{
	const bool sites = s->mode.fold == SESSION_FOLD_SITES;
	const struct bpf_map *window = sites ? s->maps->maps.sites_a : s->maps->maps.bases_a;
	const struct bpf_map *outer = sites ? s->maps->maps.site_windows : s->maps->maps.windows;
	const struct windows_maps maps = {
		.hold = sites ? WINDOWS_SITES : WINDOWS_BASES,
		.outer = bpf_map__fd(outer),
		.fds = {bpf_map__fd(window)},
		.slots = s->mode.slots,
	};

	if (!has_slots(s, window))
		return -EPROTO;
	s->tally = tally_new(&maps);
	return s->tally ? 0 : -ENOMEM;
}

/* Maps that are not pinned are made anew, small: nobody fills them. */
static int open_maps(struct session *s, const struct pins *pins, bool readonly)
{
	int err;

	s->maps = maps_bpf__open();
	if (!s->maps)
		return -errno;
	err = reuse_maps(s, pins);
	if (!err)
		err = maps_bpf__load(s->maps);
	if (!err)
		err = control_reopen(bpf_map__fd(s->maps->maps.control),
				     bpf_map__fd(s->maps->maps.wake), readonly, &s->control);
	return err ? err : open_window(s);
}

static int explain_reopen(int err, const struct pins *pins, struct reason *why)
{
	if (err == -ENOENT)
		return reason_set(why, err, "%.150s has been stopped, or not all of it is there",
				  pins_path(pins));
	if (err == -EPROTO)
		return reason_set(why, err,
				  "what is pinned in %.150s is of another version of slicestat: "
				  "use that one",
				  pins_path(pins));
	return programs_explain(err, why);
}

int session_reopen(const struct session_options *opts, const struct pins *pins, bool readonly,
		   struct session **out, struct reason *why)
{
	struct session *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return reason_set(why, -ENOMEM, "out of memory");
	s->by = opts->by;
	err = session_prepare(s, opts, why);
	if (err) {
		session_free(s);
		return err;
	}
	err = open_maps(s, pins, readonly);
	if (err) {
		session_free(s);
		return explain_reopen(err, pins, why);
	}
	*out = s;
	return 0;
}

bool session_is_over(const struct session *s)
{
	return !control_is_open(s->control);
}

/*
 * A make that has not returned by now would be folded while the rest is read: it is forgotten, and
 * a program that is taking it at this moment is waited for.
 */
static int settle(struct session *s, uint64_t *given_up)
{
	int err = tally_settle(s->tally);
	int64_t makes = err ? err : forget_calls(s->maps, NULL);

	if (makes < 0)
		return (int)makes;
	s->given_up = *given_up += (uint64_t)makes;
	return tally_settle(s->tally);
}

/* A link's name holds it until a grace period after it is gone, so that the last fd may not. */
int session_stop_pinned(struct session *s, const struct pins *pins, uint64_t *given_up)
{
	int taken, err, settled;

	control_close_gate(s->control);
	maps_await_makes(s->maps, SESSION_STOP_WAIT_MS);
	taken = links_take(s->links, pins);
	err = pins_remove_links(pins);
	settled = settle(s, given_up);
	links_detach(s->links);
	return err ? err : settled ? settled : taken;
}
