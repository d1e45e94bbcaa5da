// SPDX-License-Identifier: BSD-2-Clause
/*
 * held RESULT COMMAND [ARG]...
 *
 * Starts the command and stops it at its exec, before its first instruction. Says "held PID" on
 * stdout, lets it go at a line on stdin, and writes into the file RESULT what it took from there to
 * its end, a line each: wall_s, cpu_s (user and system time). Its exit status is the command's.
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sample.h"

/* The command must not read the line that is for us, nor write among what we say. */
static void become(char **argv)
{
	const int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		err(127, "cannot redirect");
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		err(127, "ptrace");
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

/* Let go of it, but stopped, so that others can attach to it. */
static pid_t start_stopped(char **argv)
{
	const pid_t pid = fork();
	int status;

	if (pid < 0)
		err(2, "fork");
	if (!pid)
		become(argv);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		errx(2, "%s did not start", argv[0]);
	if (ptrace(PTRACE_DETACH, pid, NULL, (void *)SIGSTOP))
		err(2, "cannot let go of process %d", pid);
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		errx(2, "%s did not stop", argv[0]);
	return pid;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + 1e-6 * (double)t->tv_usec;
}

static void write_result(const char *path, double wall_s, const struct rusage *use)
{
	FILE *file = fopen(path, "we");

	if (!file)
		err(2, "%s", path);
	fprintf(file, "wall_s %.6f\ncpu_s %.6f\n", wall_s,
		seconds(&use->ru_utime) + seconds(&use->ru_stime));
	if (fclose(file))
		err(2, "%s", path);
}

int main(int argc, char **argv)
{
	struct rusage use;
	uint64_t begin;
	int status;
	pid_t pid;

	if (argc < 3)
		errx(2, "usage: held RESULT COMMAND [ARG]...");
	pid = start_stopped(argv + 2);
	printf("held %d\n", pid);
	fflush(stdout);
	while (getchar() != '\n') {
		if (feof(stdin)) {
			kill(pid, SIGKILL);
			errx(2, "not told to go on");
		}
	}
	begin = clock_ns(CLOCK_MONOTONIC);
	kill(pid, SIGCONT);
	if (wait4(pid, &status, 0, &use) != pid)
		err(2, "wait4");
	write_result(argv[1], 1e-9 * (double)(clock_ns(CLOCK_MONOTONIC) - begin), &use);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
