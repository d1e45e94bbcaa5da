// SPDX-License-Identifier: BSD-2-Clause
/*
 * watched RESULT BEGINNING COMMAND [ARG]...
 *
 * Runs the command and writes into the file RESULT what it took, a line each:
 *
 *   said_s   from its fork until a line on its stderr begins with BEGINNING
 *   wall_s   until its end
 *   cpu_s    user and system time
 *   rss_kib  most memory
 *
 * Its stderr is passed on, as are SIGINT and SIGTERM. The exit status is its own.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sample.h"

static volatile sig_atomic_t child;

static void pass_on(int sig)
{
	if (child > 0)
		kill((pid_t)child, sig);
}

/* A handler of its own: what is ignored here would be ignored there. */
static void catch_signals(void)
{
	struct sigaction act = {.sa_handler = pass_on, .sa_flags = SA_RESTART};

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
}

static FILE *start(char **argv)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		err(2, "pipe");
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	child = pid;
	close(ends[1]);
	return fdopen(ends[0], "r");
}

/* Pass on what it says; returns when that line came, or 0. */
static uint64_t listen_to(FILE *said, const char *beginning)
{
	const size_t length = strlen(beginning);
	uint64_t when = 0;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, said) > 0) {
		if (!when && !strncmp(line, beginning, length))
			when = clock_ns(CLOCK_MONOTONIC);
		fputs(line, stderr);
	}
	free(line);
	return when;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + 1e-6 * (double)t->tv_usec;
}

static void write_result(const char *path, double said_s, double wall_s, const struct rusage *use)
{
	FILE *file = fopen(path, "we");

	if (!file)
		err(2, "%s", path);
	fprintf(file, "said_s %.6f\nwall_s %.6f\ncpu_s %.6f\nrss_kib %ld\n", said_s, wall_s,
		seconds(&use->ru_utime) + seconds(&use->ru_stime), use->ru_maxrss);
	if (fclose(file))
		err(2, "%s", path);
}

int main(int argc, char **argv)
{
	struct rusage use;
	uint64_t begin, said;
	int status;
	FILE *out;

	if (argc < 4)
		errx(2, "usage: watched RESULT BEGINNING COMMAND [ARG]...");
	catch_signals();
	begin = clock_ns(CLOCK_MONOTONIC);
	out = start(argv + 3);
	if (!out)
		err(2, "fdopen");
	said = listen_to(out, argv[2]);
	while (wait4((pid_t)child, &status, 0, &use) < 0) {
		if (errno != EINTR)
			err(2, "wait4");
	}
	write_result(argv[1], said ? 1e-9 * (double)(said - begin) : 0,
		     1e-9 * (double)(clock_ns(CLOCK_MONOTONIC) - begin), &use);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
