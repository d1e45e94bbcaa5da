// SPDX-License-Identifier: BSD-2-Clause
#include "target/debugger.h"

#include <stdint.h>
#include <unistd.h>

#include "target/proc.h"

pid_t debugger_of_process(int proc_fd)
{
	uint64_t pid;

	if (proc_read_status(proc_fd, "TracerPid:", &pid) || (pid_t)pid == getpid())
		return 0;
	return (pid_t)pid;
}
