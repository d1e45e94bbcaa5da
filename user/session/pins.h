/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A directory on a BPF file system in which a session's maps and links have names. Who pins or
 * stops holds a lock on it, which the kernel takes back when that process ends however it does.
 */
#ifndef SS_SESSION_PINS_H
#define SS_SESSION_PINS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "log/reason.h"

struct pins;

/*
 * Make the directory, or take one that is empty; a name that does not begin with / is below
 * /sys/fs/bpf. Locked. Sets *out, to be freed with pins_free, or returns a negative errno with why
 * set.
 */
int pins_new(const char *dir, struct pins **out, struct reason *why);
/* One that holds a session: -ENOENT, with why set, where there is none. Not locked. */
int pins_open(const char *dir, struct pins **out, struct reason *why);
/* Unless pins_keep has been called, what was pinned by this process goes. NULL is ok. */
void pins_free(struct pins *p);

const char *pins_path(const struct pins *p);

/* 0, or -EWOULDBLOCK: another process has it. */
int pins_lock(const struct pins *p);

/* Pin a map or a link under this name, which pins_remove knows, or number n. 0 or a negative errno.
 */
int pins_put(struct pins *p, const char *name, int fd);
int pins_put_link(struct pins *p, size_t n, int fd);
/*
 * An fd of it, or a negative errno. To read and write: the kernel maps no memory through one that
 * is only to be read from (VM_SHARED in bpf_map_mmap, kernel/bpf/syscall.c).
 */
int pins_get(const struct pins *p, const char *name);
/* 0 or -ENAMETOOLONG. */
int pins_link_path(const struct pins *p, size_t n, char path[PATH_MAX]);
/* They stay when pins_free is called. */
void pins_keep(struct pins *p);

/* Links lose their names: with the last fd, they are detached. 0 or a negative errno. */
int pins_remove_links(const struct pins *p);
/*
 * All names go, and the directory with them. 0, or a negative errno: -ENOTEMPTY where others have
 * put something there too.
 */
int pins_remove(const struct pins *p);

#endif
