// SPDX-License-Identifier: BSD-2-Clause
#include "top/rescue.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))

/* A signal handler is told nothing else. */
static struct {
	int fd;
	struct termios before;
	const char *text;
	size_t size;
	struct sigaction actions[CRASHES];
} rescue;

/* Both calls are safe in a handler (POSIX.1-2017, 2.4.3). It has been taken off when it runs. */
static void on_crash(int sig)
{
	ssize_t written = write(rescue.fd, rescue.text, rescue.size);

	(void)written;
	tcsetattr(rescue.fd, TCSANOW, &rescue.before);
	raise(sig);
}

int rescue_begin(int fd, const char *text)
{
	struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_NODEFER};

	rescue.fd = fd;
	rescue.text = text;
	rescue.size = strlen(text);
	if (tcgetattr(fd, &rescue.before))
		return -errno;
	for (size_t i = 0; i < CRASHES; i++)
		sigaction(crashes[i], &action, &rescue.actions[i]);
	return 0;
}

void rescue_end(void)
{
	for (size_t i = 0; i < CRASHES; i++)
		sigaction(crashes[i], &rescue.actions[i], NULL);
}
