/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who traced what, for the system log (syslog(3), facility authpriv, as sudo(8) writes there): a
 * line when tracing begins and one when it ends.
 */
#ifndef SS_CLI_AUDIT_H
#define SS_CLI_AUDIT_H

#include "cli/trace.h"

void audit_begin(const struct trace *trace);
/* With the counters of the last snapshot. */
void audit_end(const struct trace *trace);

#endif
