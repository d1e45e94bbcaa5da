// SPDX-License-Identifier: BSD-2-Clause
#include "target/launch.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

/* As shells have it for a command that cannot be run. */
#define EXIT_NOT_RUN 126

static bool send_all(int fd, const void *from, size_t size)
{
	ssize_t n;

	do
		n = send(fd, from, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size;
}

static bool receive_all(int fd, void *to, size_t size)
{
	ssize_t n;

	do
		n = recv(fd, to, size, MSG_WAITALL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size;
}

static _Noreturn void run_child(char *const argv[], const sigset_t *mask, int parent)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	char go;
	int err;

	sigaction(SIGPIPE, &action, NULL);
	sigaction(SIGCHLD, &action, NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (!receive_all(parent, &go, sizeof(go)))
		_exit(EXIT_NOT_RUN);
	execvp(argv[0], argv);
	err = errno;
	send_all(parent, &err, sizeof(err));
	_exit(EXIT_NOT_RUN);
}

int launch_fork(char *const argv[], const sigset_t *mask, struct launch *l)
{
	int pair[2], err;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	l->socket = pair[0];
	l->pid = fork();
	if (l->pid == 0) {
		close(pair[0]);
		run_child(argv, mask, pair[1]);
	}
	err = l->pid < 0 ? -errno : 0;
	close(pair[1]);
	if (err)
		launch_close(l);
	return err;
}

void launch_go(const struct launch *l)
{
	send_all(l->socket, "", 1);
}

int launch_error(const struct launch *l)
{
	int err;

	return receive_all(l->socket, &err, sizeof(err)) ? -err : 0;
}

void launch_close(struct launch *l)
{
	close(l->socket);
	l->socket = -1;
}
