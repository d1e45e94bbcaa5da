// SPDX-License-Identifier: BSD-2-Clause
#include "trace/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log/controls.h"

#define WORDS_MAX 1024
#define PIDS_MAX  256

/* The whole file, as a text, cut to size; "" where it cannot be read. */
static size_t read_text(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, size - 1, f) : 0;

	if (f)
		fclose(f);
	text[n] = '\0';
	return n;
}

/* Who logged in, whatever has become of it by su(1) or sudo(8); -1 nobody did. */
static int64_t login_uid(void)
{
	char text[24];
	uint32_t uid = UINT32_MAX;

	read_text("/proc/self/loginuid", text, sizeof(text));
	return sscanf(text, "%" SCNu32, &uid) == 1 && uid != UINT32_MAX ? (int64_t)uid : -1;
}

/*
 * The command line, but of a command that is started only its name: what is passed to it may be
 * secret.
 */
static void read_words(char text[WORDS_MAX])
{
	const size_t n = read_text("/proc/self/cmdline", text, WORDS_MAX);
	bool last = false, command = false;

	for (size_t at = 0, next; at < n && !last; at = next) {
		last = command;
		command = !strcmp(text + at, "--");
		next = at + strlen(text + at) + 1;
		if (next < n && !last)
			text[next - 1] = ' ';
	}
	controls_hide(text);
}

static void list_pids(const struct trace *trace, char *text, size_t size)
{
	size_t used = 0;

	snprintf(text, size, "%s", trace->follow ? "any" : "none");
	for (size_t i = 0; i < trace->ntargets && used < size && !trace->follow; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%d", i ? "," : "",
					 trace->targets[i].pid);
}

static void write_line(const struct trace *trace, const char *event, const char *rest)
{
	/* The first file that was followed may be forgotten by now. */
	const char *path = trace->follow ? trace->opts->exe : trace->exes[0]->path;
	char pids[PIDS_MAX], exe[WORDS_MAX];

	list_pids(trace, pids, sizeof(pids));
	snprintf(exe, sizeof(exe), "%s", path);
	controls_hide(exe);
	syslog(LOG_NOTICE, "%s: uid=%u login_uid=%" PRId64 " pids=%s exe=\"%s\" %s", event,
	       (unsigned int)getuid(), login_uid(), pids, exe, rest);
}

static void begin(const struct trace *trace, const char *event)
{
	char words[WORDS_MAX], rest[WORDS_MAX + 16];

	openlog("slicestat", LOG_PID, LOG_AUTHPRIV);
	read_words(words);
	snprintf(rest, sizeof(rest), "command=\"%s\"", words);
	write_line(trace, event, rest);
}

void audit_begin(const struct trace *trace)
{
	begin(trace, "begin");
}

void audit_attach(const struct trace *trace)
{
	begin(trace, "attach");
	closelog();
}

void audit_end(const struct trace *trace)
{
	struct timespec now;
	char rest[96];

	openlog("slicestat", LOG_PID, LOG_AUTHPRIV);

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(rest, sizeof(rest), "seconds=%.3f seen=%" PRIu64,
		 (double)(now.tv_sec - trace->begin.tv_sec) +
			 1e-9 * (double)(now.tv_nsec - trace->begin.tv_nsec),
		 trace->counts[SS_SEEN]);
	write_line(trace, "end", rest);
	closelog();
}
