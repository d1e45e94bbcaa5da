// SPDX-License-Identifier: BSD-2-Clause
#include "target/file_lease.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/* How long a file that is being closed is waited for. */
#define CLOSING_MS 50

int file_lease_signals(void)
{
	sigset_t io;
	int fd;

	sigemptyset(&io);
	sigaddset(&io, SIGIO);
	if (sigprocmask(SIG_BLOCK, &io, NULL))
		return -errno;
	fd = signalfd(-1, &io, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

void file_lease_heard(int signals)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) > 0)
		;
}

/* inotify tells of a close before the file counts as closed (__fput in fs/file_table.c). */
int file_lease_take(int fd)
{
	const struct timespec tick = {.tv_nsec = 1000000};
	int err = fcntl(fd, F_SETLEASE, F_RDLCK) ? -errno : 0;

	for (int tries = 0; err == -EAGAIN && tries < CLOSING_MS; tries++) {
		nanosleep(&tick, NULL);
		err = fcntl(fd, F_SETLEASE, F_RDLCK) ? -errno : 0;
	}
	return err;
}

/* Of a lease that is being broken the kernel tells what it is to become (fcntl_getlease). */
bool file_lease_is_wanted(int fd)
{
	return fcntl(fd, F_GETLEASE) == F_UNLCK;
}

void file_lease_give_up(int fd)
{
	fcntl(fd, F_SETLEASE, F_UNLCK);
}
