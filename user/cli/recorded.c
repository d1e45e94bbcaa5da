// SPDX-License-Identifier: BSD-2-Clause
#include "cli/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/report_stream.h"

int recorded_open(const char *path, struct recording **out, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err;

	if (fd < 0)
		return reason_set(why, -errno, "cannot read %s: %s", path, strerror(errno));
	err = recording_read(fd, path, out, why);
	close(fd);
	return err;
}

int recorded_write(const struct options *opts, recorded_write_fn write, void *ctx,
		   struct reason *why)
{
	const char *name = opts->write ? opts->write : "the report";
	FILE *f;
	int err, refused;

	/* A reader that has left is told by the stream. */
	signal(SIGPIPE, SIG_IGN);
	f = opts->write ? fopen(opts->write, "we") : stdout;
	if (!f)
		return reason_set(why, -errno, "cannot write %s: %s", name, strerror(errno));
	refused = report_stream_check(fileno(f), opts->format, why);
	err = refused ? 0 : write(f, report_stream_color(fileno(f)), ctx);
	if (opts->write && fclose(f) && !err)
		err = -errno;
	if (refused)
		return refused;
	if (err == -EPIPE && !opts->write)
		return 0;
	return err ? reason_set(why, err, "cannot write %s: %s", name, strerror(-err)) : 0;
}
