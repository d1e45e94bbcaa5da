/* SPDX-License-Identifier: BSD-2-Clause */
/* A path at which another file may appear, as when a program is replaced. */
#ifndef SS_TARGET_FILE_WATCH_H
#define SS_TARGET_FILE_WATCH_H

#include <stdbool.h>

#include "log/reason.h"

struct file_watch;

/* Sets *out, to be freed with file_watch_free, or returns a negative errno with why set. */
int file_watch_new(const char *path, struct file_watch **out, struct reason *why);
void file_watch_free(struct file_watch *w);

/* Readable when something happened in the directory. */
int file_watch_fd(const struct file_watch *w);
/* Whether since the last call a file has been written, or moved to the path. */
bool file_watch_changed(struct file_watch *w);

#endif
