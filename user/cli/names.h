/* SPDX-License-Identifier: BSD-2-Clause */
/* Names for the numbers in rows, from the executables of a run. */
#ifndef SS_CLI_NAMES_H
#define SS_CLI_NAMES_H

#include "trace/trace.h"
#include "output/output.h"

struct output_names names_of(struct trace *trace);
/* For rows of a recording: by_target for those whose groups are targets, and trace.finest. */
struct output_names names_of_recorded(struct trace *trace, bool by_target);

#endif
