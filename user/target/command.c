// SPDX-License-Identifier: BSD-2-Clause
#include "target/command.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/launch.h"
#include "target/pidfd.h"
#include "target/tracees.h"

struct command {
	pid_t pid;
	int pidfd;
	int sigchld_fd;		 /* SIGCHLD, while following */
	struct tracees *tracees; /* NULL when let go */
	pid_t stopped;		 /* at its exec stop, 0 none */
	bool reported;		 /* the caller has been given `stopped` */
	bool ended;		 /* and reaped, */
	int status;		 /* with this wait status */
	struct sigaction old_action;
	bool old_blocked; /* SIGCHLD was blocked before command_start */
};

static void give_back_sigchld(struct command *c)
{
	sigset_t chld;

	sigaction(SIGCHLD, &c->old_action, NULL);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	if (!c->old_blocked)
		pthread_sigmask(SIG_UNBLOCK, &chld, NULL);
}

/* SIGCHLD tells of stops only when it is neither ignored nor set to SA_NOCLDSTOP. */
static int take_sigchld(struct command *c)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t chld, old;
	int err;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	if (sigaction(SIGCHLD, &action, &c->old_action))
		return -errno;
	if (pthread_sigmask(SIG_BLOCK, &chld, &old)) {
		sigaction(SIGCHLD, &c->old_action, NULL);
		return -EINVAL;
	}
	c->old_blocked = sigismember(&old, SIGCHLD);
	c->sigchld_fd = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->sigchld_fd >= 0)
		return 0;
	err = -errno;
	give_back_sigchld(c);
	return err;
}

static bool is_readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

/*
 * Handle the tree's events up to the next exec, which is noted in `stopped`. 0 also when the tree
 * has ended, -EINTR when stop_fd is readable. Before each look at the tracees the signal is taken,
 * so that one that comes after the look ends the poll.
 */
static int follow(struct command *c, int stop_fd)
{
	struct pollfd fds[] = {{.fd = stop_fd, .events = POLLIN},
			       {.fd = c->sigchld_fd, .events = POLLIN}};
	struct signalfd_siginfo info;
	struct tracees_news news = {0};
	int err;

	while (tracees_count(c->tracees)) {
		while (read(c->sigchld_fd, &info, sizeof(info)) > 0)
			;
		err = tracees_handle(c->tracees, &news);
		if (news.first_ended) {
			c->ended = true;
			c->status = news.status;
		}
		c->stopped = news.execed;
		if (err || c->stopped)
			return err;
		if (poll(fds, 2, news.any ? 0 : -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents)
			return -EINTR;
	}
	return 0;
}

/* Run the child up to its first exec, or to its end when that fails. */
static int start_following(struct command *c, struct launch *l, struct reason *why)
{
	int err = tracees_seize(c->tracees, l->pid);

	if (err)
		return reason_set(why, err,
				  "not permitted to ptrace a command (%s): see "
				  "kernel.yama.ptrace_scope, or start it apart and use -p PID",
				  strerror(-err));
	launch_go(l);
	err = follow(c, -1);
	if (err)
		reason_set(why, err, "cannot follow a command: %s", strerror(-err));
	return err;
}

/* End and reap the child that never got to its exec, or whose exec failed. */
static void discard_child(struct command *c)
{
	int status;
	pid_t got;

	tracees_free(c->tracees);
	c->tracees = NULL;
	if (!c->ended)
		kill(c->pid, SIGKILL);
	while (!c->ended) {
		got = waitpid(c->pid, &status, __WALL);
		c->ended = got < 0 ? errno != EINTR : !WIFSTOPPED(status);
	}
}

static int launch(struct command *c, char *const argv[], const sigset_t *mask, struct reason *why)
{
	struct launch l;
	int err = launch_fork(argv, mask, &l);

	if (err)
		return reason_set(why, err, "cannot start a process: %s", strerror(-err));
	c->pid = l.pid;
	c->pidfd = pidfd_of(c->pid);
	if (c->pidfd < 0)
		err = reason_set(why, c->pidfd, "cannot open process %d: %s", c->pid,
				 strerror(-c->pidfd));
	if (!err)
		err = start_following(c, &l, why);
	if (!err) {
		err = launch_error(&l);
		if (err)
			reason_set(why, err, "cannot run %s: %s", argv[0], strerror(-err));
	}
	launch_close(&l);
	if (err)
		discard_child(c);
	return err;
}

int command_start(char *const argv[], const sigset_t *mask, struct command **out,
		  struct reason *why)
{
	struct command *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return reason_set(why, -ENOMEM, "out of memory");
	c->pidfd = c->sigchld_fd = -1;
	c->tracees = tracees_new();
	if (!c->tracees) {
		free(c);
		return reason_set(why, -ENOMEM, "out of memory");
	}
	err = take_sigchld(c);
	if (err)
		reason_set(why, err, "cannot follow a command: %s", strerror(-err));
	else
		err = launch(c, argv, mask, why);
	if (err) {
		command_free(c);
		return err;
	}
	*out = c;
	return 0;
}

pid_t command_next_exec(struct command *c, int stop_fd, struct reason *why)
{
	int err;

	if (!c->tracees)
		return 0;
	if (c->stopped && c->reported) {
		tracees_resume(c->tracees, c->stopped);
		c->stopped = 0;
	}
	if (is_readable(stop_fd))
		return -EINTR;
	if (!c->stopped) {
		err = follow(c, stop_fd);
		if (err == -EINTR)
			return err;
		if (err)
			return reason_set(why, err, "cannot follow the command: %s",
					  strerror(-err));
	}
	c->reported = true;
	return c->stopped;
}

int command_release(struct command *c)
{
	int err;

	if (!c->tracees)
		return 0;
	tracees_leave(c->tracees);
	err = follow(c, -1);
	if (err)
		return err;
	tracees_free(c->tracees);
	c->tracees = NULL;
	c->stopped = 0;
	return 0;
}

int command_pidfd(const struct command *c)
{
	return c->pidfd;
}

int command_kill(const struct command *c, int sig)
{
	return pidfd_signal(c->pidfd, sig);
}

int command_wait(struct command *c)
{
	int err = command_release(c);
	pid_t got;

	if (err)
		return err;
	while (!c->ended) {
		got = waitpid(c->pid, &c->status, 0);
		if (got < 0 && errno != EINTR)
			return -errno;
		c->ended = got > 0;
	}
	return WIFSIGNALED(c->status) ? 128 + WTERMSIG(c->status) : WEXITSTATUS(c->status);
}

void command_free(struct command *c)
{
	if (!c)
		return;
	command_release(c);
	tracees_free(c->tracees);
	if (c->sigchld_fd >= 0) {
		close(c->sigchld_fd);
		give_back_sigchld(c);
	}
	if (c->pidfd >= 0)
		close(c->pidfd);
	free(c);
}
