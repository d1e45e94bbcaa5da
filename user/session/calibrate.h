/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a probe hit costs on this host, measured on code of our own with the programs that run in
 * the target: a small session on this very process. Also a self-test: every event must be counted.
 */
#ifndef SS_SESSION_CALIBRATE_H
#define SS_SESSION_CALIBRATE_H

#include "log/reason.h"
#include "session/session.h"

/*
 * Medians over batches. On a shared virtual machine 20 runs lay in two groups: half of them within
 * 3 % of each other, the others up to 1.5 times as dear, while the host as a whole was slower. The
 * maps are warm: an event in a target that misses the caches costs more.
 */
struct calibration {
	double emulated_s; /* CPU seconds of the probed thread a hit, fold included */
	double stepped_s;
};

/*
 * Measure probes attached in this way. 0 or a negative errno with why set; -EPROTO when the kernel
 * did not count every event. Takes about 0.1 s, most of it the kernel's detaching. Must run before
 * other threads exist.
 */
int calibrate(enum session_attach_by by, struct calibration *out, struct reason *why);

/* The same but for detaching, which is done by freeing *session. */
int calibrate_session(enum session_attach_by by, struct session **session, struct calibration *out,
		      struct reason *why);

/* The plan for the code of calibrate_sites.h in this process. 0 or a negative errno. */
int calibrate_plan(struct plan *plan);

#endif
