/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Go code that a process runs from other files than its executable: plugins, and libraries built
 * for C. Each has a copy of its own of the runtime's functions, which is not probed.
 */
#ifndef SS_TRACE_LIBRARIES_H
#define SS_TRACE_LIBRARIES_H

#include "log/reason.h"
#include "parser/parsed.h"
#include "target/target.h"

/* Warn of those that a Go program has opened, or may open yet. */
void libraries_warn(struct parser *parser, const struct target *target,
		    const struct parsed_info *info);
/* Warn of those that a process of a file that is followed has opened. */
void libraries_warn_loaded(struct parser *parser, const struct target *target);
/* Warn of those that processes of the file may open. */
void libraries_warn_file(const char *path, const struct parsed_info *info);
/* Where a program that is not Go's has one, that is the cause. Returns err. */
int libraries_explain(struct parser *parser, const struct target *target, int err,
		      struct reason *why);

#endif
