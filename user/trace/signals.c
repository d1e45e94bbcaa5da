// SPDX-License-Identifier: BSD-2-Clause
/* Signals while a command is traced, and the command's end. */
#include "trace/trace.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#define FAILED 1

void trace_pass_signal(const struct trace *trace, const struct signalfd_siginfo *info)
{
	bool from_terminal = info->ssi_code == SI_KERNEL;

	if (!from_terminal)
		command_kill(trace->command, (int)info->ssi_signo);
}

/* The number of the signal that came, 0 for none. */
static int take_signal(const struct trace *trace, int signal_fd)
{
	struct signalfd_siginfo info;

	if (read(signal_fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	trace_pass_signal(trace, &info);
	return (int)info.ssi_signo;
}

int trace_wait_command(const struct trace *trace, int signal_fd)
{
	struct pollfd fds[] = {
		{.fd = command_pidfd(trace->command), .events = POLLIN},
		{.fd = signal_fd, .events = POLLIN},
	};
	int taken = 0, status;

	while (!fds[0].revents) {
		int sig;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return FAILED;
		sig = fds[1].revents ? take_signal(trace, signal_fd) : 0;
		if (sig && taken++)
			return 128 + sig;
	}
	status = command_wait(trace->command);
	return status < 0 ? FAILED : status;
}
