/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command that slicestat starts: stopped at each exec in its process tree until the caller has
 * said whether this is the program to trace. Made with ptrace, which lets go at command_release.
 */
#ifndef SS_TARGET_COMMAND_H
#define SS_TARGET_COMMAND_H

#include <stdbool.h>
#include <signal.h>
#include <sys/types.h>

#include "log/reason.h"

struct command;

/*
 * Start argv (NULL-terminated, argv[0] looked up in PATH) with the signal mask `mask` (that of the
 * caller before it blocked anything). Sets *out, or returns a negative errno with why set when the
 * command cannot be started ("cannot run foo: No such file or directory").
 * SIGCHLD is blocked in this thread and its action the default one until command_free, which puts
 * both back. Until command_release the caller must leave SIGCHLD alone: not read it, have it in no
 * signalfd given as stop_fd and unblocked in no other thread; all calls come from one thread.
 */
int command_start(char *const argv[], const sigset_t *mask, struct command **out,
		  struct reason *why);

/*
 * Wait until a process of the tree has just exec'd; it is stopped then, its new image mapped, and
 * its id comes back. 0 when the whole tree has ended without a further exec; -EINTR when stop_fd
 * (any pollable fd, not read here) became readable; another negative errno with why set.
 * The process returned by the call before is let run on (and its children watched) at the next
 * call: "not the one".
 */
pid_t command_next_exec(struct command *c, int stop_fd, struct reason *why);

/*
 * Let every process of the tree go, the stopped one too: no ptrace from here on. Waits until each
 * can be let go; a parent in vfork(2) cannot before its child has exec'd or ended. 0, -errno.
 */
int command_release(struct command *c);

/* pidfd of the process that was started: readable when it has ended. Stays the command's. */
int command_pidfd(const struct command *c);
/* Send a signal to the process that was started. 0 or a negative errno. */
int command_kill(const struct command *c, int sig);
/*
 * Wait for the process that was started and return its status as a shell does: its exit code, or
 * 128 + signal. Negative errno when it cannot be told. Lets the tree go if that was not done.
 */
int command_wait(struct command *c);
/* Ends the ptrace if still on; does not kill. NULL is ok. */
void command_free(struct command *c);

#endif
