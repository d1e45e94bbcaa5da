/* SPDX-License-Identifier: BSD-2-Clause */
/* The executables of a run, by their numbers in the session. */
#ifndef SS_TRACE_EXECUTABLES_H
#define SS_TRACE_EXECUTABLES_H

#include "trace/run.h"

/* Read the executable behind fd, known as path, unless that has been done. 0 or a negative errno.
 */
int trace_executable(struct trace *trace, int fd, const char *path, struct executable **out,
		     struct reason *why);
/* The one that has been read from this file; NULL: none. */
struct executable *trace_find_executable(const struct trace *trace, int fd);
uint32_t trace_exe_number(const struct trace *trace, const struct executable *exe);
/* The next one's: that of one that is forgotten, else a new one; exe_room: all are taken. */
size_t trace_free_exe_number(const struct trace *trace);
/* Plan where to probe it, unless that has been done. 0 or a negative errno with why set. */
int trace_plan(struct trace *trace, struct executable *exe, struct reason *why);

#endif
