// SPDX-License-Identifier: BSD-2-Clause
/*
 * The signals that end a run are blocked and read from an fd: a write(2) that waits for a reader
 * that has stopped would not be ended by them.
 */
#include "cli/report_stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* After a signal, so long for a reader that is slow. */
#define PATIENCE_MS 2000

struct stream {
	int fd, stop_fd;
	bool given_up;
};

/* Until fd takes something, or has an error to tell. */
static bool await_reader(const struct stream *s)
{
	struct pollfd fds[] = {{.fd = s->fd, .events = POLLOUT},
			       {.fd = s->stop_fd, .events = POLLIN}};
	int n;

	do
		n = poll(fds, 2, -1);
	while (n < 0 && errno == EINTR);
	if (n < 0 || fds[0].revents)
		return true;
	return poll(fds, 1, PATIENCE_MS) != 0;
}

/* All of it, or 0 with errno set. A pipe that takes anything takes PIPE_BUF without waiting. */
static ssize_t stream_write(void *cookie, const char *buf, size_t size)
{
	struct stream *s = cookie;
	size_t done = 0;

	while (done < size) {
		ssize_t n;

		s->given_up = s->given_up || !await_reader(s);
		if (s->given_up) {
			errno = EINTR;
			return 0;
		}
		n = write(s->fd, buf + done, size - done < PIPE_BUF ? size - done : PIPE_BUF);
		if (n < 0 && errno != EINTR)
			return 0;
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)done;
}

static int stream_close(void *cookie)
{
	struct stream *s = cookie;
	int err = close(s->fd);

	free(s);
	return err;
}

int report_stream_check(int fd, const struct output_format *format, struct reason *why)
{
	if (!format->binary || !isatty(fd))
		return 0;
	return reason_set(why, -EINVAL,
			  "-o %s is not for a terminal: name a file with -w FILE, or a pipe",
			  format->name);
}

bool report_stream_color(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

FILE *report_stream(int fd, int stop_fd)
{
	static const cookie_io_functions_t functions = {.write = stream_write,
							.close = stream_close};
	struct stream *s = calloc(1, sizeof(*s));
	FILE *file;

	if (!s) {
		close(fd);
		return NULL;
	}
	*s = (struct stream){.fd = fd, .stop_fd = stop_fd};
	file = fopencookie(s, "w", functions);
	if (!file)
		stream_close(s);
	return file;
}
