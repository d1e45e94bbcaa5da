// SPDX-License-Identifier: BSD-2-Clause
#include "cli/signal_fd.h"

#include <errno.h>
#include <stddef.h>
#include <sys/signalfd.h>

int signal_fd_new(sigset_t *before)
{
	struct sigaction hangup;
	sigset_t mine;
	int fd;

	sigemptyset(&mine);
	sigaddset(&mine, SIGINT);
	sigaddset(&mine, SIGTERM);
	/* An ignored signal that is blocked would come all the same: nohup(1) means it. */
	if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN)
		sigaddset(&mine, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &mine, before) || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -errno;
	fd = signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}
