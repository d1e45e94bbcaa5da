/* SPDX-License-Identifier: BSD-2-Clause */
/* The BPF programs of one plan: its slots are their constants, the session's maps their maps. */
#ifndef SS_SESSION_PROGRAMS_H
#define SS_SESSION_PROGRAMS_H

#include <stdbool.h>

#include <bpf/libbpf.h>

#include "log/reason.h"
#include "plan/plan.h"
#include "session/session.h"
#include "maps.skel.h"
#include "slicestat.skel.h"

struct programs;

/* What all programs of a session have in common. */
struct programs_mode {
	enum session_attach_by by;
	enum session_fold fold;
	bool stacks;
	bool follow;
	uint32_t pid_ns;    /* as of follow_pid_ns */
	uint32_t shards;    /* of a site; a power of two */
	uint32_t slots;	    /* of a window; a power of two */
	uint32_t log_level; /* what the verifier tells libbpf's log, also of success; 0: nothing */
};

/* Where the probes are, and what is known of the code around them. All must stay. */
struct programs_sites {
	const struct plan *plan;
	const struct plan_callers *callers; /* or NULL */
	const struct plan_scope *scope;	    /* or NULL */
};

/* Load programs for the sites over the maps of `maps`. 0 or a negative errno, why set. */
int programs_load(const struct programs_sites *sites, struct maps_bpf *maps,
		  const struct programs_mode *mode, struct programs **out, struct reason *why);
/*
 * The same for a plan whose callers are not known yet, but the size of the text that they lie in;
 * programs_bind then tells them.
 */
int programs_preload(const struct plan *plan, uint64_t text_size, struct maps_bpf *maps,
		     const struct programs_mode *mode, struct programs **out, struct reason *why);
int programs_bind(struct programs *p, const struct programs_sites *sites,
		  const struct programs_mode *mode, struct reason *why);
void programs_free(struct programs *p);
/* True when programs loaded for other sites, or preloaded, serve these too. */
bool programs_serve(const struct programs *p, const struct programs_sites *sites,
		    const struct programs_mode *mode);
/* Preloaded, and nothing has been bound. */
bool programs_unbound(const struct programs *p);
/* NULL where there is no site of this kind, or none that the mode needs. */
struct bpf_program *programs_at(const struct programs *p, enum plan_point point);

/* Words for an error of loading maps or programs; gives err back. */
int programs_explain(int err, struct reason *why);

#endif
