// SPDX-License-Identifier: BSD-2-Clause
#include "log/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static enum log_level shown = LOG_INFO;
static log_fn diverted;
static void *diverted_ctx;

void log_set_level(enum log_level level)
{
	shown = level;
}

void log_divert(log_fn take, void *ctx)
{
	diverted = take;
	diverted_ctx = ctx;
}

void log_print(enum log_level level, const char *fmt, ...)
{
	int saved = errno;
	char line[1024];
	va_list ap;

	if (level > shown)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (diverted)
		diverted(diverted_ctx, level, line);
	else
		fprintf(stderr, "slicestat: %s\n", line);
	errno = saved;
}
