// SPDX-License-Identifier: BSD-2-Clause
#include "scratch.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "require.h"

int scratch_write(const void *bytes, size_t len)
{
	static int fd = -1;
	static size_t size;

	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	require(fd >= 0);
	if (size != len)
		require(ftruncate(fd, (off_t)len) == 0);
	size = len;
	require(pwrite(fd, bytes, len, 0) == (ssize_t)len);
	return fd;
}

struct gobin *scratch_open(const void *bytes, size_t len)
{
	struct reason why = {""};
	struct gobin *bin = NULL;
	const int err = gobin_open(scratch_write(bytes, len), &bin, &why);

	require(err <= 0);
	require(err == 0 || (!bin && why.text[0] && !strchr(why.text, '\n')));
	return bin;
}
