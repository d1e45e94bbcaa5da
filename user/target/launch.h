/* SPDX-License-Identifier: BSD-2-Clause */
/* A child process that execs a command once its parent says so, and tells why it could not. */
#ifndef SS_TARGET_LAUNCH_H
#define SS_TARGET_LAUNCH_H

#include <signal.h>
#include <sys/types.h>

struct launch {
	pid_t pid;
	int socket; /* to the child: "go" there, the errno of a failed exec back */
};

/*
 * Fork. The child sets signal mask `mask` and default actions for SIGPIPE and SIGCHLD (others that
 * are ignored stay so: nohup, background jobs of a shell). It ends without running anything when
 * the socket is closed before launch_go. 0 or a negative errno.
 */
int launch_fork(char *const argv[], const sigset_t *mask, struct launch *l);
/* Let the child exec. That it is dead already is no error: its end tells so. */
void launch_go(const struct launch *l);
/* The errno of the exec that failed, negative; 0 if none did. Only after the exec or the end. */
int launch_error(const struct launch *l);
/* Close the socket; the child is the caller's to wait for. */
void launch_close(struct launch *l);

#endif
