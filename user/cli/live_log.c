// SPDX-License-Identifier: BSD-2-Clause
#include "cli/live_log.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void keep_message(struct live_log *log, enum log_level level, const char *line)
{
	char *kept = log->messages[log->nmessages++ % LIVE_MESSAGES];

	snprintf(kept, sizeof(log->messages[0]), "%s", line);
	log->verbose |= level == LOG_DEBUG;
}

static void take(void *ctx, enum log_level level, const char *line)
{
	struct live_log *log = ctx;
	char *kept = log->warnings[log->nwarnings % LIVE_WARNINGS];

	if (level > LOG_WARN) {
		keep_message(log, level, line);
		return;
	}
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

static void say_messages(const struct live_log *log)
{
	const size_t first = log->nmessages > LIVE_MESSAGES ? log->nmessages - LIVE_MESSAGES : 0;

	if (!log->verbose)
		return;
	if (first)
		log_debug("%zu messages came before these", first);
	for (size_t i = first; i < log->nmessages; i++)
		log_debug("%s", log->messages[i % LIVE_MESSAGES]);
}

void live_log_end(struct live_log *log)
{
	size_t first = log->nwarnings > LIVE_WARNINGS ? log->nwarnings - LIVE_WARNINGS : 0;

	log_divert(NULL, NULL);
	if (!stderr_takes_text())
		return;
	say_messages(log);
	if (first)
		log_warn("%zu messages came before these", first);
	for (size_t i = first; i < log->nwarnings; i++)
		log_warn("%s", log->warnings[i % LIVE_WARNINGS]);
	for (size_t i = 0; i < log->nlosses; i++)
		log_warn("events in no row: %s %" PRIu64, log->losses[i].name,
			 log->losses[i].value);
}
