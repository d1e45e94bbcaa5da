/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc/PID/maps: where a file is mapped to be run. Layout: proc_pid_maps(5). */
#ifndef SS_TARGET_MAPS_H
#define SS_TARGET_MAPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct mapping {
	uint64_t start, end, offset;
	dev_t dev;
	uint64_t inode;
	bool executable;
	const char *path; /* inside the line; "" for anonymous memory; newlines read \012 */
};

/* The file that is looked for. */
struct mapped_file {
	dev_t dev;
	uint64_t inode;
	const char *path; /* as readlink shows it, " (deleted)" included */
};

/* Parse one line without its newline. 0 or -EINVAL. */
int mapping_parse(const char *line, struct mapping *out);

/*
 * First executable mapping of the file, by device and inode. overlayfs and btrfs show another
 * device (at times another inode) here than stat does: where no mapping has the right ones, the
 * first with the same path is taken. Sets its address and its offset in the file.
 * 0, -ENOENT no such mapping, -ESRCH the process is gone, or another negative errno.
 */
int maps_find_text(int proc_fd, const struct mapped_file *file, uint64_t *start, uint64_t *offset);

/* Returns whether to go on. */
typedef bool (*mapping_fn)(void *ctx, const struct mapping *mapping);

/* Hand each executable mapping to fn. 0, -ESRCH the process is gone, or another negative errno. */
int maps_each_text(int proc_fd, mapping_fn fn, void *ctx);

#endif
