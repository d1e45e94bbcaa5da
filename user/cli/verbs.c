// SPDX-License-Identifier: BSD-2-Clause
#include "cli/verbs.h"

const struct verb verbs[] = {
	{"advise", &options_advise, verb_advise},
	{"top", &options_top, verb_top},
	{"record", &options_record, verb_trace},
	{"report", &options_report, verb_report},
	{"diff", &options_diff, verb_diff},
	{"serve", &options_serve, verb_trace},
	{"attach", &options_attach, verb_attach},
	{"stop", &options_stop, verb_stop},
	{"plan", &options_plan, verb_plan},
	{"check", &options_check, verb_check},
	{"completion", &options_completion, verb_completion},
	{NULL, &options_trace, verb_trace},
};
