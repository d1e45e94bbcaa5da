// SPDX-License-Identifier: BSD-2-Clause
#include "trace/rights.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "log/log.h"
#include "privilege/privilege.h"
#include "recording/save.h"

#define NICE (-10)

/*
 * Windows must be drained before they are full although the targets may take every CPU. Best
 * effort: without the right, the early flip at half a window is the only margin.
 */
static void raise_priority(void)
{
	if (setpriority(PRIO_PROCESS, 0, NICE))
		log_debug("priority not raised: %s", strerror(errno));
}

static int narrow(const struct privilege_needs *needs, struct reason *why)
{
	char held[256];
	int err = privilege_narrow(needs, why);

	if (err)
		return err;
	privilege_describe(held, sizeof(held));
	log_debug("capabilities: %s", held);
	return 0;
}

static bool records_elsewhere(const struct options *opts)
{
	char *directory = opts->record ? recording_directory(opts->record) : NULL;
	bool elsewhere = directory && privilege_needed_to_write(directory);

	free(directory);
	return elsewhere;
}

/* Lines of source are in advice, and in what advice can be made of. */
static bool quotes_sources(const struct options *opts)
{
	return opts->advise || (opts->record && opts->view == OUTPUT_CHAINS);
}

int trace_rights_set_up(const struct trace *trace, struct reason *why)
{
	const struct privilege_needs needs = {
		.find_targets = true,
		.perf_events = true,
		.lease_files = trace->opts->exe != NULL,
		.read_sources = quotes_sources(trace->opts),
		.write_files = records_elsewhere(trace->opts),
		.signal = trace->opts->command != NULL,
		.raise_limits = true,
	};

	return narrow(&needs, why);
}

int trace_rights_run(const struct trace *trace, struct reason *why)
{
	const bool again = trace->opts->any_view;
	const struct privilege_needs needs = {
		.find_targets = trace->follow != NULL || again,
		.lease_files = trace->follow != NULL,
		.perf_events = again || (!trace->picked_up &&
					 session_attach_by(trace->session) == SESSION_PERF_EVENT),
		.read_sources = quotes_sources(trace->opts),
		.write_files = records_elsewhere(trace->opts),
		.signal = trace->opts->command != NULL,
		.raise_limits = again,
	};

	if (!trace->picked_up)
		raise_priority();
	return narrow(&needs, why);
}
