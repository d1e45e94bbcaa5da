/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages while a screen is drawn: shown there, and said again when it is gone. */
#ifndef SS_CLI_LIVE_LOG_H
#define SS_CLI_LIVE_LOG_H

#include "log/log.h"
#include "output/output.h"

/* The last warnings that are kept, and losses of so many names. */
#define LIVE_WARNINGS 8
#define LIVE_LOSSES   16
/* And with -v of other messages. */
#define LIVE_MESSAGES 64

struct live_log {
	void (*note)(void *ctx, const char *line);
	void *ctx;
	char warnings[LIVE_WARNINGS][256];
	size_t nwarnings; /* in all */
	char messages[LIVE_MESSAGES][256];
	size_t nmessages; /* in all */
	bool verbose;	  /* there was one that only -v asks for */
	struct output_count losses[LIVE_LOSSES];
	size_t nlosses;
};

/* Warnings and errors go to note from here on, and all messages are kept for the end. */
void live_log_begin(struct live_log *log, void (*note)(void *ctx, const char *line), void *ctx);
/* A session has ended with these counts. */
void live_log_losses(struct live_log *log, const struct output_report *r);
/* To stderr: what was kept. */
void live_log_end(struct live_log *log);

#endif
