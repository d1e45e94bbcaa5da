/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A message written part by part: encoded messages, one behind the other, are the message that has
 * all their fields. So nobody needs it in memory as a whole.
 */
#ifndef SS_RECORDING_STREAM_H
#define SS_RECORDING_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "recording/recording.pb-c.h"

#define RECORDING_SCHEMA  "slicestat.recording"
#define RECORDING_VERSION 1

/* Remembers its first error: after it nothing more is written. */
struct stream {
	gzFile gz;
	uint8_t *bytes;
	size_t size;
	int err; /* 0 or -errno */
};

/* fd is left open. */
void stream_open(struct stream *s, int fd);
void stream_put(struct stream *s, const Slicestat__Recording *part);
/* Its first error, that of the end included. */
int stream_close(struct stream *s);

#endif
