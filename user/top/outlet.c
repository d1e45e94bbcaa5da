// SPDX-License-Identifier: BSD-2-Clause
#include "top/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Bytes at a time where a write could wait: a terminal that says it takes some takes these. */
#define SMALL 16

struct outlet {
	int tty;
	int file;
	bool waits; /* the terminal could not be opened anew: a write to it could wait */
	off_t done; /* what of the file has been written */
};

/*
 * Not to wait is a flag of an open file, and that of the standard output is the shell's, too: the
 * terminal is opened once more.
 */
static int open_again(int tty)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", tty);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int outlet_new(struct outlet **out, int tty)
{
	struct outlet *o = calloc(1, sizeof(*o));
	int err;

	if (!o)
		return -ENOMEM;
	o->tty = open_again(tty);
	o->waits = o->tty < 0;
	if (o->waits)
		o->tty = fcntl(tty, F_DUPFD_CLOEXEC, 0);
	o->file = memfd_create("slicestat screen", MFD_CLOEXEC);
	if (o->tty < 0 || o->file < 0) {
		err = -errno;
		outlet_free(o);
		return err;
	}
	*out = o;
	return 0;
}

void outlet_free(struct outlet *o)
{
	if (!o)
		return;
	if (o->tty >= 0)
		close(o->tty);
	if (o->file >= 0)
		close(o->file);
	free(o);
}

int outlet_file(const struct outlet *o)
{
	return o->file;
}

int outlet_fd(const struct outlet *o)
{
	return o->tty;
}

static bool takes_more(const struct outlet *o, int ms)
{
	struct pollfd fd = {.fd = o->tty, .events = POLLOUT};

	return poll(&fd, 1, ms) > 0 && fd.revents & POLLOUT;
}

static void drop(struct outlet *o)
{
	if (ftruncate(o->file, 0) == 0)
		lseek(o->file, 0, SEEK_SET);
	o->done = 0;
}

/* What of the bytes was written; below 0 where the terminal takes none, or has gone. */
static ssize_t put(const struct outlet *o, const char *bytes, size_t n)
{
	if (!o->waits)
		return write(o->tty, bytes, n);
	errno = EAGAIN;
	return takes_more(o, 0) ? write(o->tty, bytes, n < SMALL ? n : SMALL) : -1;
}

bool outlet_flush(struct outlet *o)
{
	char bytes[4096];
	ssize_t n, put_now;

	while ((n = pread(o->file, bytes, sizeof(bytes), o->done)) > 0) {
		put_now = put(o, bytes, (size_t)n);
		if (put_now < 0 && errno == EINTR)
			continue;
		if (put_now < 0 && errno == EAGAIN)
			return false;
		/* It has gone: nobody is going to see it. */
		if (put_now < 0)
			break;
		o->done += put_now;
	}
	drop(o);
	return true;
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void outlet_finish(struct outlet *o, int ms)
{
	const long end = now_ms() + ms;
	long left = ms;

	while (!outlet_flush(o) && left > 0) {
		takes_more(o, (int)left);
		left = end - now_ms();
	}
	drop(o);
}
