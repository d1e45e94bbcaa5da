/* SPDX-License-Identifier: BSD-2-Clause */
/* What slicestat can be asked to do. Each returns the exit status: 0 done, 1 failed. */
#ifndef SS_CLI_VERBS_H
#define SS_CLI_VERBS_H

#include "cli/options.h"

/* Also the status of a traced command. */
int verb_trace(const struct options *opts);
/* Full-screen, until q. */
int verb_top(const struct options *opts);
/* What --detach has left: shown, and ended. */
int verb_attach(const struct options *opts);
int verb_stop(const struct options *opts);
/* From a file where one is named, else from a run. */
int verb_advise(const struct options *opts);
int verb_report(const struct options *opts);
/* 3 where --fail-over says so. */
int verb_diff(const struct options *opts);
int verb_plan(const struct options *opts);
int verb_check(const struct options *opts);
/* Prints a script that completes command lines in a shell. */
int verb_completion(const struct options *opts);

struct verb {
	const char *name; /* NULL: none is named */
	const struct argp *options;
	int (*run)(const struct options *opts);
};

/* The last one is that without a name. Advice is traced for like anything else. */
extern const struct verb verbs[];

#endif
