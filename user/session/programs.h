/* SPDX-License-Identifier: BSD-2-Clause */
/* The BPF programs of one plan: its slots are their constants, the session's maps their maps. */
#ifndef SS_SESSION_PROGRAMS_H
#define SS_SESSION_PROGRAMS_H

#include <stdbool.h>

#include <bpf/libbpf.h>

#include "log/reason.h"
#include "plan/plan.h"
#include "session/session.h"
#include "slicestat.skel.h"

struct programs;

/* Load programs for the plan's sites over the maps of `maps`. 0 or a negative errno, why set. */
int programs_load(const struct plan *plan, struct slicestat_bpf *maps, enum session_attach_by by,
		  struct programs **out, struct reason *why);
void programs_free(struct programs *p);
/* True when programs loaded for one plan serve this one too. */
bool programs_serve(const struct programs *p, const struct plan *plan);
/* NULL where the plan has no site of this kind. */
struct bpf_program *programs_at(const struct programs *p, enum plan_point point);

/* Words for an error of loading maps or programs; gives err back. */
int programs_explain(int err, struct reason *why);

#endif
