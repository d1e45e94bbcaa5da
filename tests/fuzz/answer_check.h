/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold of an answer that was believed, whoever gave it: the rest of the code relies on
 * it.
 */
#ifndef SS_FUZZ_ANSWER_CHECK_H
#define SS_FUZZ_ANSWER_CHECK_H

#include "parser/parsed.h"

/* err is 0 or an errno, with a reason that can be printed. */
void check_refusal(int err, const struct reason *why);
void check_info(const struct parsed_info *info);
/* Of the file fd. */
void check_plan(const struct plan *plan, int fd);
void check_callers(const struct plan_callers *callers);
void check_scope(const struct plan_scope *scope);
/* n as parsed_frames gives it for so many at most. */
void check_frames(const struct gobin_frame *frames, int n, size_t max);

#endif
