/* SPDX-License-Identifier: BSD-2-Clause */
/* What session_snapshot brings, into the rows of the trace that ctx is. */
#ifndef SS_TRACE_FOLD_H
#define SS_TRACE_FOLD_H

void trace_fold_base(void *ctx, const void *key, const void *val);
void trace_fold_site(void *ctx, const void *key, const void *val);
/* A site with its stack. */
void trace_fold_stack(void *ctx, const void *key, const void *val);
void trace_fold_chain(void *ctx, const void *key, const void *val);

#endif
