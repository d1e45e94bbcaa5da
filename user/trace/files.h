/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The executables of a run that follows files: probed while processes run them or may, known for
 * longer, bounded in number. A file that is known is leased, so that it stays what was read of it.
 */
#ifndef SS_TRACE_FILES_H
#define SS_TRACE_FILES_H

#include "trace/known.h"
#include "session/follow.h"

struct trace_files;

/*
 * Signals are blocked here: before there are threads. Sets *out, to be freed with trace_files_free,
 * or returns a negative errno with why set.
 */
int trace_files_new(struct trace *trace, struct trace_files **out, struct reason *why);
void trace_files_free(struct trace_files *f);
/* Both are borrowed; before the others are called that attach, or give up files. */
void trace_files_use(struct trace_files *f, struct trace_known *known, struct follow *kernel);

/* Read and plan the file behind fd. 0 or a negative errno with why set. */
int trace_files_plan(struct trace_files *f, int fd, struct executable **exe, struct reason *why);
/* Probe it, and have the kernel look out for its processes. 0 or a negative errno with why set. */
int trace_files_attach(struct trace_files *f, struct executable *exe, struct reason *why);

/*
 * Follow the file behind fd too, in the place of the oldest that nobody runs where there are too
 * many. 0: *exe is what was new, or NULL: it was followed already; a negative errno with why set.
 */
int trace_files_follow(struct trace_files *f, int fd, struct executable **exe, struct reason *why);

/*
 * To be called sometimes: forget those that nobody runs, but for a few. How many have their probes
 * off now, or a negative errno with why set.
 */
int trace_files_trim(struct trace_files *f, struct reason *why);

/*
 * Before probes are put on anew: files that an overlay has made a copy of meanwhile are not
 * followed any more, for what is behind their fds has not been read. Whether there were such.
 */
bool trace_files_check(struct trace_files *f);

/* Readable when a file is to be written into; what then is to be called. 0 or a negative errno. */
int trace_files_leases_fd(const struct trace_files *f);
int trace_files_leases(struct trace_files *f, struct reason *why);

#endif
