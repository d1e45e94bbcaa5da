// SPDX-License-Identifier: BSD-2-Clause
#include "recording/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void stream_open(struct stream *s, int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	*s = (struct stream){.err = own < 0 ? -errno : 0};
	if (own < 0)
		return;
	s->gz = gzdopen(own, "wb");
	if (s->gz)
		return;
	s->err = -ENOMEM;
	close(own);
}

/* zlib tells in errno what write(2) said. */
static int error_of(int zlib)
{
	if (zlib == Z_ERRNO && errno)
		return -errno;
	return zlib == Z_MEM_ERROR ? -ENOMEM : -EIO;
}

static int make_room(struct stream *s, size_t size)
{
	uint8_t *more;

	if (size <= s->size)
		return 0;
	more = realloc(s->bytes, size);
	if (!more)
		return -ENOMEM;
	s->bytes = more;
	s->size = size;
	return 0;
}

void stream_put(struct stream *s, const Slicestat__Recording *part)
{
	const size_t size = slicestat__recording__get_packed_size(part);
	int zlib;

	if (!s->err)
		s->err = make_room(s, size);
	if (s->err || !size)
		return;
	slicestat__recording__pack(part, s->bytes);
	errno = 0;
	if (gzwrite(s->gz, s->bytes, (unsigned int)size) != (int)size) {
		gzerror(s->gz, &zlib);
		s->err = error_of(zlib);
	}
}

int stream_close(struct stream *s)
{
	int zlib;

	free(s->bytes);
	if (!s->gz)
		return s->err;
	errno = 0;
	zlib = gzclose(s->gz);
	if (zlib != Z_OK && !s->err)
		s->err = error_of(zlib);
	return s->err;
}
