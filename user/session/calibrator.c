// SPDX-License-Identifier: BSD-2-Clause
#include "session/calibrator.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct calibrator {
	pid_t pid;
	int fd; /* our end of a socket pair */
};

/* What the process has found, in one message. */
struct finding {
	int err;
	struct calibration cost;
	struct reason why;
};

/* In the process: wait for the word, measure, tell. The end of the other end is no word. */
static void serve(int fd, enum session_attach_by by)
{
	struct finding f = {.why = {.text = ""}};
	struct session *s = NULL;
	char word;

	if (recv(fd, &word, sizeof(word), 0) != sizeof(word))
		return;
	f.err = calibrate_session(by, &s, &f.cost, &f.why);
	send(fd, &f, sizeof(f), MSG_NOSIGNAL);
	session_free(s);
}

/* What is open here may be waited for, or be locked, by others: it ends with who opened it. */
static void close_others(int fd)
{
	close_range(STDERR_FILENO + 1, (unsigned int)fd - 1, 0);
	close_range((unsigned int)fd + 1, ~0U, 0);
}

static int start_process(struct calibrator *c, enum session_attach_by by, struct reason *why)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return reason_set(why, -errno, "cannot make a socket: %s", strerror(errno));
	c->fd = fds[0];
	c->pid = fork();
	if (c->pid == 0) {
		close_others(fds[1]);
		serve(fds[1], by);
		_exit(0);
	}
	close(fds[1]);
	return c->pid < 0 ? reason_set(why, -errno, "cannot start a process: %s", strerror(errno))
			  : 0;
}

int calibrator_new(enum session_attach_by by, struct calibrator **out, struct reason *why)
{
	struct calibrator *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return reason_set(why, -ENOMEM, "out of memory");
	c->fd = -1;
	err = start_process(c, by, why);
	if (err) {
		calibrator_free(c);
		return err;
	}
	*out = c;
	return 0;
}

void calibrator_start(struct calibrator *c)
{
	send(c->fd, "", 1, MSG_NOSIGNAL);
}

int calibrator_result(struct calibrator *c, struct calibration *out, struct reason *why)
{
	struct finding f;
	ssize_t n;

	do
		n = recv(c->fd, &f, sizeof(f), 0);
	while (n < 0 && errno == EINTR);
	if (n != sizeof(f))
		return reason_set(why, -EPROTO,
				  "the self-test ended without a result: "
				  "it was killed, as where a limit of memory "
				  "is reached");
	*out = f.cost;
	return f.err ? reason_set(why, f.err, "%s", f.why.text) : 0;
}

/* The process is let finish: its probes are detached when it has ended. */
void calibrator_free(struct calibrator *c)
{
	if (!c)
		return;
	if (c->fd >= 0)
		close(c->fd);
	if (c->pid > 0)
		while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
			;
	free(c);
}
