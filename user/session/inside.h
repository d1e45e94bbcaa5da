/* SPDX-License-Identifier: BSD-2-Clause */
/* A session's inside: for what opens and reads it and for what attaches, not for others. */
#ifndef SS_SESSION_INSIDE_H
#define SS_SESSION_INSIDE_H

#include "session/control.h"
#include "session/links.h"
#include "session/programs.h"
#include "session/session.h"
#include "session/tails.h"
#include "session/tally.h"
#include "session/windows.h"

/* A target that is attached while the session is not paused. */
struct attached {
	struct session_target target;
	const struct plan *plan;
	struct programs *programs; /* NULL: not attached */
};

/* How long makes under way are waited for at the end: a large one zeroes its memory first. */
#define SESSION_STOP_WAIT_MS 200

struct session {
	enum session_attach_by by;
	struct programs_mode mode;
	uint32_t max_targets;
	struct maps_bpf *maps; /* an object without programs: owns the maps */
	struct control *control;
	struct windows *windows;
	struct tally *tally; /* NULL but for a session that was picked up again */
	bool lasts;
	bool paused;	     /* no target has links */
	struct tails *tails; /* NULL where no chains are kept */
	struct links *links;
	struct attached *attached; /* by the target's number */
	uint64_t abandoned;
	uint64_t given_up; /* makes under way when it was stopped, of one picked up again */
	struct programs **programs;
	size_t nprograms;
	int ncpus;
};

/* All but the maps and what needs them, for a way of attaching that has been chosen. 0 or -errno.
 */
int session_prepare(struct session *s, const struct session_options *opts, struct reason *why);

#endif
