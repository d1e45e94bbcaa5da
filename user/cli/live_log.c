// SPDX-License-Identifier: BSD-2-Clause
#include "cli/live_log.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void take(void *ctx, enum log_level level, const char *line)
{
	struct live_log *log = ctx;
	char *kept = log->warnings[log->nwarnings % LIVE_WARNINGS];

	if (level > LOG_WARN)
		return;
	snprintf(kept, sizeof(log->warnings[0]), "%s", line);
	log->nwarnings++;
	log->note(log->ctx, kept);
}

void live_log_begin(struct live_log *log, void (*note)(void *ctx, const char *line), void *ctx)
{
	log->note = note;
	log->ctx = ctx;
	log_divert(take, log);
}

static void add_loss(struct live_log *log, const struct output_count *count)
{
	size_t i = 0;

	while (i < log->nlosses && strcmp(log->losses[i].name, count->name) != 0)
		i++;
	if (i == LIVE_LOSSES)
		return;
	if (i == log->nlosses)
		log->losses[log->nlosses++] = (struct output_count){.name = count->name};
	log->losses[i].value += count->value;
}

void live_log_losses(struct live_log *log, const struct output_report *r)
{
	for (size_t i = 0; i < r->ncounts; i++)
		if (r->counts[i].value && !strncmp(r->counts[i].name, "lost_", strlen("lost_")))
			add_loss(log, &r->counts[i]);
}

/* A terminal that takes nothing would be waited for. */
static bool stderr_takes_text(void)
{
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&fd, 1, 0) > 0 && fd.revents & POLLOUT;
}

void live_log_end(struct live_log *log)
{
	size_t first = log->nwarnings > LIVE_WARNINGS ? log->nwarnings - LIVE_WARNINGS : 0;

	log_divert(NULL, NULL);
	if (!stderr_takes_text())
		return;
	if (first)
		log_warn("%zu messages came before these", first);
	for (size_t i = first; i < log->nwarnings; i++)
		log_warn("%s", log->warnings[i % LIVE_WARNINGS]);
	for (size_t i = 0; i < log->nlosses; i++)
		log_warn("events in no row: %s %" PRIu64, log->losses[i].name,
			 log->losses[i].value);
}
