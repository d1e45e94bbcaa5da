/* SPDX-License-Identifier: BSD-2-Clause */
/* A plan, or the calls in scope in its place, attached in one process. */
#ifndef SS_SESSION_ATTACH_H
#define SS_SESSION_ATTACH_H

#include "log/reason.h"
#include "plan/plan.h"
#include "session/links.h"
#include "session/programs.h"
#include "session/session.h"

struct attach {
	enum session_attach_by by;
	struct links *links;
	const struct session_target *target;
	const struct plan *plan;
	const struct programs *programs;
};

/* As session_attach; what was attached before an error stays in links. */
int attach_all(const struct attach *a, struct reason *refused, struct reason *why);

#endif
