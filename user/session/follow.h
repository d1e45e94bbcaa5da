/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes of executables, now and later: programs at exec and exit keep the table by which events
 * are told apart. Life cycle: follow_new, follow_file (at any time), follow_start, follow_comings
 * as often as follow_fd is readable, follow_free. Where a path is looked for, follow_listen before
 * follow_start.
 */
#ifndef SS_SESSION_FOLLOW_H
#define SS_SESSION_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/reason.h"
#include "slicestat.h"

struct follow;

/* The maps that it shares with the probes; the fds stay the caller's. */
struct follow_maps {
	int targets;
	int processes;
	int executables;
	int free_targets;
	int comings;
	uint32_t max_targets; /* SS_FOLLOWED_TARGETS_MAX or fewer */
};

/*
 * Load the programs. name: the last name of a path that is looked for in all mount namespaces, or
 * NULL. Sets *out, to be freed with follow_free, or returns a negative errno with why set.
 */
int follow_new(const struct follow_maps *maps, const char *name, struct follow **out,
	       struct reason *why);
void follow_free(struct follow *f);

/*
 * The namespace whose pids are told, by its inode: that of the caller. Processes that are not seen
 * there are no targets. 0 or a negative errno.
 */
int follow_pid_ns(uint32_t *inode);

/*
 * From now on processes that exec the file behind fd are targets, of executable number exe, before
 * their first instruction; those that run it already, as soon as follow_walk has been called. Both
 * as far as they have the file open as the same inode: through another mount of overlayfs it is
 * another one, and processes become targets by their first event. fd must stay open. 0; -E2BIG:
 * SS_FOLLOWED_MAX are followed; a negative errno.
 */
int follow_file(struct follow *f, int fd, uint32_t exe);
/* No more of its processes are taken; those that are targets stay. 0 or a negative errno. */
int follow_forget(struct follow *f, int fd);

/*
 * The inode that probes on the file behind fd are on, by its address in the kernel: where several
 * filesystems are laid over one, their files have one. It is no other file's while fd is open. Of
 * programs that were loaded with a name. 0 or a negative errno.
 */
int follow_probed_inode(struct follow *f, int fd, uint64_t *inode);

typedef void (*follow_sighting_fn)(void *ctx, pid_t pid);

/*
 * From now on fn is called, by follow_comings and follow_search, for processes that run a file of
 * the name which is not followed. It must call nothing of this.
 */
void follow_listen(struct follow *f, follow_sighting_fn fn, void *ctx);
/* As follow_walk; fn is called. */
int follow_search(struct follow *f);
/* Whether fn has not been called for some, since this was asked last. */
bool follow_has_missed(struct follow *f);

/* Watch execs and exits. 0 or a negative errno with why set. */
int follow_start(struct follow *f, struct reason *why);
/* Find the processes that run followed files and are no targets yet. 0 or a negative errno. */
int follow_walk(struct follow *f);

/* Readable when there is something for follow_comings. */
int follow_fd(const struct follow *f);

typedef void (*follow_coming_fn)(void *ctx, const struct ss_coming *coming);

/* Hand over what happened since, in order. 0 or a negative errno. */
int follow_comings(struct follow *f, follow_coming_fn fn, void *ctx);

/*
 * The target has left, and what the windows held of it has been drained: its number may be another
 * process's. 0 or a negative errno.
 */
int follow_release(struct follow *f, uint32_t target);

#endif
