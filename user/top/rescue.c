// SPDX-License-Identifier: BSD-2-Clause
#include "top/rescue.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))

/* A signal handler is told nothing else. */
static struct {
	int fd;
	pid_t pid; /* a process that this one has forked has no terminal */
	struct termios before;
	const char *text;
	size_t size;
	struct sigaction actions[CRASHES];
} rescue;

void rescue_mode(void)
{
	tcsetattr(rescue.fd, TCSANOW, &rescue.before);
}

/* All calls are safe in a handler (POSIX.1-2017, 2.4.3). It has been taken off when it runs. */
static void on_crash(int sig)
{
	if (getpid() == rescue.pid) {
		ssize_t written = write(rescue.fd, rescue.text, rescue.size);

		(void)written;
		rescue_mode();
	}
	raise(sig);
}

int rescue_begin(int fd, const char *text)
{
	struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_NODEFER};

	rescue.fd = fd;
	rescue.pid = getpid();
	rescue.text = text;
	rescue.size = strlen(text);
	if (tcgetattr(fd, &rescue.before))
		return -errno;
	for (size_t i = 0; i < CRASHES; i++) {
		/* One that is ignored goes on to be. */
		sigaction(crashes[i], NULL, &rescue.actions[i]);
		if (rescue.actions[i].sa_handler != SIG_IGN)
			sigaction(crashes[i], &action, NULL);
	}
	return 0;
}

void rescue_end(void)
{
	for (size_t i = 0; i < CRASHES; i++)
		sigaction(crashes[i], &rescue.actions[i], NULL);
}
