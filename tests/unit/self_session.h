/* SPDX-License-Identifier: BSD-2-Clause */
/* A session on the very process. To be included behind cmocka.h. */
#ifndef SS_TESTS_SELF_SESSION_H
#define SS_TESTS_SELF_SESSION_H

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "session/calibrate.h"
#include "session/calibrate_sites.h"
#include "session/features.h"
#include "session/session.h"

static inline void skip_without_multi(void)
{
	if (!features_uprobe_multi())
		skip();
}

/*
 * Attached to this process by the plan and with the callers, or NULL; its gate is open. left_out,
 * or NULL, is as in session_attach.
 */
static inline struct session *self_session_but(const struct session_options *opts,
					       const struct plan *plan,
					       const struct plan_callers *callers,
					       struct reason *left_out)
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
	if (session_new(opts, &s, &why) || session_attach(s, &self, plan, left_out, &why))
		fail_msg("%s", why.text);
	session_start(s);
	return s;
}

static inline struct session *self_session(const struct session_options *opts,
					   const struct plan *plan,
					   const struct plan_callers *callers)
{
	return self_session_but(opts, plan, callers, NULL);
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
