/* SPDX-License-Identifier: BSD-2-Clause */
/* A session on the very process. To be included behind cmocka.h. */
#ifndef SS_TESTS_SELF_SESSION_H
#define SS_TESTS_SELF_SESSION_H

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "session/calibrate.h"
#include "session/calibrate_sites.h"
#include "session/session.h"

/* Attached to this process by the plan and with the callers, or NULL; its gate is open. */
static inline struct session *self_session(const struct session_options *opts,
					   const struct plan *plan,
					   const struct plan_callers *callers)
{
	/* Open to the end: resuming needs it again. */
	static int exe_fd = -1;
	struct session_target self = {.pid = getpid(), .callers = callers};
	struct reason why = {.text = ""};
	struct session *s = NULL;

	if (exe_fd < 0)
		exe_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_true(exe_fd >= 0);
	self.exe_fd = exe_fd;
	if (session_new(opts, &s, &why) || session_attach(s, &self, plan, NULL, &why))
		fail_msg("%s", why.text);
	session_start(s);
	return s;
}

static inline void take_snapshot(struct session *s, session_entry_fn fn, void *ctx)
{
	struct reason why = {.text = ""};

	if (session_snapshot(s, fn, ctx, &why))
		fail_msg("%s", why.text);
}

/* The counter, summed over all CPUs. */
static inline uint64_t counted(const struct session *s, enum ss_count slot)
{
	uint64_t counts[SS_COUNTS];

	assert_int_equal(session_counts(s, counts), 0);
	return counts[slot];
}

#endif
