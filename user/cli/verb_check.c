// SPDX-License-Identifier: BSD-2-Clause
#include "cli/verbs.h"

#include <stdio.h>

#include "parser/parser.h"
#include "session/calibrate.h"
#include "session/features.h"

static void print_line(const char *state, const char *name, const char *text)
{
	printf("%-8s  %-20s  %s\n", state, name, text);
}

/* 1 when it stands in the way of tracing. */
static int print_feature(const struct feature *f)
{
	static const char *const states[] = {
		[FEATURE_OK] = "OK", [FEATURE_FALLBACK] = "absent", [FEATURE_MISSING] = "missing"};

	print_line(states[f->state], f->name, f->text);
	return f->state == FEATURE_MISSING;
}

/* Count events of our own: the proof that all of the above works together. */
static int print_self_test(void)
{
	struct calibration cost;
	struct reason why;
	char text[160];

	if (calibrate(SESSION_BEST, &cost, &why)) {
		print_line("missing", "self-test", why.text);
		return 1;
	}
	snprintf(text, sizeof(text),
		 "every event counted; a hit costs %.2f us emulated, %.2f us stepped",
		 1e6 * cost.emulated_s, 1e6 * cost.stepped_s);
	print_line("OK", "self-test", text);
	return 0;
}

/* What a trace attaches by, and what that leaves out. */
static void print_way(void)
{
	char text[160];

	if (features_uprobe_multi()) {
		print_line("OK", "attaching", "by uprobe_multi");
		return;
	}
	snprintf(text, sizeof(text),
		 "by perf-event uprobes: at most %d calls in scope, and a used up budget ends the "
		 "run",
		 SESSION_PERF_EVENTS_MAX);
	print_line("OK", "attaching", text);
}

/* How executables are read. */
static int print_parser(void)
{
	struct reason why;
	bool filtered;

	if (parser_try(&filtered, &why)) {
		print_line("missing", "executables", why.text);
		return 1;
	}
	if (filtered)
		print_line("OK", "executables",
			   "read by processes without rights, behind a seccomp filter");
	else
		print_line("absent", "executables",
			   "read by processes without rights, but this kernel has no seccomp "
			   "filters");
	return 0;
}

int verb_check(const struct options *opts)
{
	struct feature list[FEATURES_MAX];
	int missing = print_parser();
	size_t n = features_probe(list);

	(void)opts; /* check has none */
	for (size_t i = 0; i < n; i++)
		missing += print_feature(&list[i]);
	missing += print_self_test();
	if (!missing)
		print_way();
	return missing ? 1 : 0;
}
