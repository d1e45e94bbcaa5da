/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that could not be traced: each is told of once, and not read again for each process that
 * runs it. The oldest are forgotten.
 */
#ifndef SS_TRACE_REFUSED_H
#define SS_TRACE_REFUSED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define REFUSED_MAX 64

/* Zeros to begin with. */
struct refused {
	struct refused_file {
		/* As overlays have it of the file below, which device numbers are not. */
		ino_t inode;
		off_t size;
		struct timespec mtime, ctime;
		double until_s;
	} files[REFUSED_MAX];
	size_t next; /* to be filled in or, where all are, forgotten */
};

/* Whether it is not to be tried now. */
bool refused_is(const struct refused *r, const struct stat *st, double now_s);
/* It is not to be tried before then, INFINITY never. Whether it is new here. */
bool refused_add(struct refused *r, const struct stat *st, double until_s);

#endif
