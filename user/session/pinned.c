// SPDX-License-Identifier: BSD-2-Clause
#include "session/pinned.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "pinned.skel.h"
#include "session/programs.h"

struct pinned {
	struct pinned_bpf *skel; /* NULL: the fds are of their own */
	int session, traced;
};

static struct pinned *new_pinned(void)
{
	struct pinned *p = calloc(1, sizeof(*p));

	if (p)
		p->session = p->traced = -1;
	return p;
}

static int load(struct pinned *p, uint32_t ntargets)
{
	int err;

	p->skel = pinned_bpf__open();
	if (!p->skel)
		return -errno;
	err = bpf_map__set_max_entries(p->skel->maps.traced, ntargets ? ntargets : 1);
	if (!err)
		err = pinned_bpf__load(p->skel);
	p->session = bpf_map__fd(p->skel->maps.session);
	p->traced = bpf_map__fd(p->skel->maps.traced);
	return err;
}

int pinned_new(struct pins *pins, uint32_t ntargets, struct pinned **out, struct reason *why)
{
	struct pinned *p = new_pinned();
	int err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	err = load(p, ntargets);
	if (err) {
		pinned_free(p);
		return programs_explain(err, why);
	}
	err = pins_put(pins, "session", p->session);
	if (!err)
		err = pins_put(pins, "traced", p->traced);
	if (err) {
		pinned_free(p);
		return reason_set(why, err, "cannot pin maps in %.150s: %s", pins_path(pins),
				  strerror(-err));
	}
	*out = p;
	return 0;
}

/* A value of another size would be written beyond ours. */
static bool is_sized(int fd, size_t value_size)
{
	struct bpf_map_info info = {0};
	__u32 size = sizeof(info);

	return !bpf_map_get_info_by_fd(fd, &info, &size) && info.type == BPF_MAP_TYPE_ARRAY &&
	       info.value_size == value_size;
}

static int read_session(const struct pinned *p, const struct pins *pins, struct ss_session *session,
			struct reason *why)
{
	const uint32_t zero = 0;
	const int missing = p->session < 0 ? p->session : p->traced < 0 ? p->traced : 0;

	if (missing == -EACCES || missing == -EPERM)
		return reason_set(why, missing,
				  "not permitted to use what is pinned in %.150s: run as root, or "
				  "as who pinned it, with CAP_BPF and CAP_PERFMON",
				  pins_path(pins));
	if (missing == -ENOENT && p->session == -ENOENT)
		return reason_set(why, missing, "%.180s has been stopped", pins_path(pins));
	if (missing && missing != -ENOENT)
		return reason_set(why, missing, "cannot open what is pinned in %.150s: %s",
				  pins_path(pins), strerror(-missing));
	if (!is_sized(p->session, sizeof(*session)) ||
	    (!missing && !is_sized(p->traced, sizeof(struct ss_traced))) ||
	    bpf_map_lookup_elem(p->session, &zero, session) ||
	    (session->version && session->version != SS_PINNED_VERSION))
		return reason_set(why, -EPROTO,
				  "%.150s was pinned by another version of slicestat: use that one",
				  pins_path(pins));
	return 0;
}

int pinned_open(const struct pins *pins, struct pinned **out, struct ss_session *session,
		struct reason *why)
{
	struct pinned *p = new_pinned();
	int err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	p->session = pins_get(pins, "session");
	p->traced = pins_get(pins, "traced");
	err = read_session(p, pins, session, why);
	if (err) {
		pinned_free(p);
		return err;
	}
	session->slicestat[sizeof(session->slicestat) - 1] = '\0';
	session->words[sizeof(session->words) - 1] = '\0';
	*out = p;
	return 0;
}

void pinned_free(struct pinned *p)
{
	if (!p)
		return;
	if (!p->skel && p->session >= 0)
		close(p->session);
	if (!p->skel && p->traced >= 0)
		close(p->traced);
	pinned_bpf__destroy(p->skel);
	free(p);
}

int pinned_tell(const struct pinned *p, const struct ss_session *session)
{
	const uint32_t zero = 0;

	return bpf_map_update_elem(p->session, &zero, session, BPF_ANY);
}

int pinned_tell_target(const struct pinned *p, uint32_t number, const struct ss_traced *traced)
{
	return bpf_map_update_elem(p->traced, &number, traced, BPF_ANY);
}

int pinned_target(const struct pinned *p, uint32_t number, struct ss_traced *out)
{
	int err = bpf_map_lookup_elem(p->traced, &number, out);

	if (err)
		return err;
	out->path[sizeof(out->path) - 1] = '\0';
	out->go[sizeof(out->go) - 1] = '\0';
	out->arch[sizeof(out->arch) - 1] = '\0';
	return 0;
}
