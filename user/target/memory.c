// SPDX-License-Identifier: BSD-2-Clause
#include "target/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int memory_open(int proc_fd)
{
	int fd = openat(proc_fd, "mem", O_RDONLY | O_CLOEXEC);

	return fd >= 0 ? fd : -errno;
}

/*
 * The kernel (mem_rw in fs/proc/base.c) gives nothing once the address space is given up, -EIO for
 * what is not mapped, and less than asked for where that comes behind. pread refuses offsets that
 * are negative, in which no user memory lies.
 */
int memory_read(int mem_fd, uint64_t addr, void *buf, size_t len)
{
	size_t done = 0;

	if (addr > INT64_MAX || len > INT64_MAX - addr)
		return -EFAULT;
	while (done < len) {
		ssize_t n = pread(mem_fd, (char *)buf + done, len - done, (off_t)(addr + done));

		if (n == 0)
			return -ESRCH;
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			return errno == EIO ? -EFAULT : -errno;
	}
	return 0;
}
