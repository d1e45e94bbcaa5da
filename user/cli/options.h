/* SPDX-License-Identifier: BSD-2-Clause */
/* From the command line to options: an argp parser for each verb, in a file of its own. */
#ifndef SS_CLI_OPTIONS_H
#define SS_CLI_OPTIONS_H

#include <argp.h>

#include "trace/options.h"

extern const struct argp options_trace;
extern const struct argp options_advise;
extern const struct argp options_top;
extern const struct argp options_attach;
extern const struct argp options_stop;
extern const struct argp options_plan;
extern const struct argp options_check;
extern const struct argp options_record;
extern const struct argp options_report;
extern const struct argp options_diff;
extern const struct argp options_completion;
extern const struct argp options_serve;

/* All that tells what to trace and how, for verbs that trace to some end. */
extern const struct argp options_trace_part;

/*
 * argv[0] is the program, the verb left out. Prints usage errors itself and exits with status 2,
 * --help and --version with 0. The lists are allocated; options_free returns them.
 */
void options_parse(const struct argp *argp, int argc, char **argv, struct options *out);
void options_free(struct options *opts);

/* For those parsers: options that mean the same to each verb that takes them. */
error_t options_parse_value(int key, char *arg, struct argp_state *state);

#endif
