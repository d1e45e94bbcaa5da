/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who traced what, for the system log (syslog(3), facility authpriv, as sudo(8) writes there): a
 * line when tracing begins and one when it ends.
 */
#ifndef SS_TRACE_AUDIT_H
#define SS_TRACE_AUDIT_H

#include "trace/run.h"

void audit_begin(const struct trace *trace);
/* The same where what another slicestat left is looked at. */
void audit_attach(const struct trace *trace);
/* With the counters of the last snapshot. */
void audit_end(const struct trace *trace);

#endif
