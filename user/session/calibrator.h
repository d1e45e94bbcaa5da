/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A calibration in a process of its own, so that nothing waits for it: most of its time the kernel
 * waits for grace periods. The process is made at once, while this one is small and has no other
 * threads, and idles until it is told to start.
 */
#ifndef SS_SESSION_CALIBRATOR_H
#define SS_SESSION_CALIBRATOR_H

#include "log/reason.h"
#include "session/calibrate.h"

struct calibrator;

/* 0 or a negative errno with why set. */
int calibrator_new(enum session_attach_by by, struct calibrator **out, struct reason *why);
/* The process is waited for: it ends at once if it was not started, else when it is done. */
void calibrator_free(struct calibrator *c);

void calibrator_start(struct calibrator *c);
/* Wait for the result, once, after calibrator_start. As calibrate. */
int calibrator_result(struct calibrator *c, struct calibration *out, struct reason *why);

#endif
