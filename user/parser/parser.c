// SPDX-License-Identifier: BSD-2-Clause
#include "parser/parser.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/sandbox.h"
#include "parser/server.h"
#include "parser/timeout.h"
#include "parser/wire.h"

struct parser {
	pid_t pid;
	int socket;
};

/* What is handed over for each file. */
enum { CHILD_SOCKET, CHILD_FILE, CHILD_FDS };

struct handover {
	struct msghdr msg;
	struct iovec iov;
	char byte;
	union {
		struct cmsghdr head; /* aligns */
		char bytes[CMSG_SPACE(CHILD_FDS * sizeof(int))];
	} control;
};

static struct msghdr *handover_init(struct handover *h)
{
	*h = (struct handover){.iov = {.iov_base = &h->byte, .iov_len = sizeof(h->byte)}};
	h->msg.msg_iov = &h->iov;
	h->msg.msg_iovlen = 1;
	h->msg.msg_control = h->control.bytes;
	h->msg.msg_controllen = sizeof(h->control.bytes);
	return &h->msg;
}

static int send_fds(int socket, const int fds[CHILD_FDS])
{
	struct handover h;
	struct msghdr *msg = handover_init(&h);
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	ssize_t n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(CHILD_FDS * sizeof(int));
	memcpy(CMSG_DATA(c), fds, CHILD_FDS * sizeof(int));
	do
		n = sendmsg(socket, msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* False: the other end is closed. */
static bool receive_fds(int socket, int fds[CHILD_FDS])
{
	struct handover h;
	struct msghdr *msg = handover_init(&h);
	const struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(socket, msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n > 0 ? CMSG_FIRSTHDR(msg) : NULL;
	if (!c || c->cmsg_len != CMSG_LEN(CHILD_FDS * sizeof(int)))
		return false;
	memcpy(fds, CMSG_DATA(c), CHILD_FDS * sizeof(int));
	return true;
}

/* It says who it is before it reads anything that could make it lie. */
static _Noreturn void serve(const int fds[CHILD_FDS])
{
	struct wire_hello hello = {.pid = getpid()};
	struct wire_out out = {0};
	int err = sandbox_enter();

	hello.filtered = !err;
	/* An emulator of a kernel may have no filters; the rest of the fence stands. */
	if (err == -ENOSYS)
		err = 0;
	wire_put(&out, &hello, sizeof(hello));
	if (!wire_send(fds[CHILD_SOCKET], WIRE_FOR_EVER, WIRE_HELLO, err, &out) && !err)
		server_run(fds[CHILD_SOCKET], fds[CHILD_FILE]);
	_exit(0);
}

/* The process that makes the others: it reads nothing itself. */
static _Noreturn void make_children(int socket)
{
	int fds[CHILD_FDS];

	prctl(PR_SET_NAME, "slicestat-parse");
	if (signal(SIGCHLD, SIG_IGN) == SIG_ERR || sandbox_leave_world(socket, &socket))
		_exit(1);
	while (receive_fds(socket, fds)) {
		if (fork() == 0) {
			close(socket);
			serve(fds);
		}
		for (int i = 0; i < CHILD_FDS; i++)
			close(fds[i]);
	}
	_exit(0);
}

int parser_new(struct parser **out, struct reason *why)
{
	struct parser *p = calloc(1, sizeof(*p));
	int pair[2], err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		err = reason_set(why, -errno, "cannot make a socket: %s", strerror(errno));
		free(p);
		return err;
	}
	p->socket = pair[0];
	p->pid = fork();
	if (p->pid == 0)
		make_children(pair[1]);
	err = p->pid < 0 ? reason_set(why, -errno, "cannot start a process: %s", strerror(errno))
			 : 0;
	close(pair[1]);
	if (err) {
		parser_free(p);
		return err;
	}
	*out = p;
	return 0;
}

void parser_free(struct parser *p)
{
	if (!p)
		return;
	close(p->socket);
	if (p->pid > 0)
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	free(p);
}

static int greet(struct parser_child *child)
{
	struct wire_head head;
	struct wire_hello hello;
	struct wire_in in;
	int err = wire_receive(child->socket, wire_until(PARSER_TIMEOUT_MS), sizeof(hello), &head,
			       &in);

	if (err)
		return err;
	wire_get(&in, &hello, sizeof(hello));
	err = wire_is_whole(&in) && head.kind == WIRE_HELLO ? head.err : -EPROTO;
	wire_in_free(&in);
	if (err)
		return err;
	child->filtered = hello.filtered;
	child->pidfd = pidfd_open(hello.pid, 0);
	return child->pidfd < 0 ? -errno : 0;
}

int parser_start(struct parser *p, int fd, struct parser_child *out, struct reason *why)
{
	int pair[2], err;

	*out = (struct parser_child){.socket = -1, .pidfd = -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return reason_set(why, -errno, "cannot make a socket: %s", strerror(errno));
	out->socket = pair[0];
	err = send_fds(p->socket, (int[CHILD_FDS]){[CHILD_SOCKET] = pair[1], [CHILD_FILE] = fd});
	close(pair[1]);
	if (!err)
		err = greet(out);
	if (!err)
		return 0;
	parser_end(out);
	return reason_set(why, err, "cannot start the process that reads executables: %s",
			  err == -EPIPE ? "it ended at once, as where a limit of processes "
					  "(ulimit -u, pids.max) or of memory is reached"
					: strerror(-err));
}

void parser_end(struct parser_child *child)
{
	if (child->pidfd >= 0) {
		pidfd_send_signal(child->pidfd, SIGKILL, NULL, 0);
		close(child->pidfd);
	}
	if (child->socket >= 0)
		close(child->socket);
	*child = (struct parser_child){.socket = -1, .pidfd = -1};
}

bool parser_is_likely(struct parser *p, int fd)
{
	struct wire_head head = {.err = -EPIPE};
	const struct wire_out nothing = {0};
	const int64_t until = wire_until(PARSER_TIMEOUT_MS);
	struct parser_child child;
	struct wire_in in = {0};

	if (parser_start(p, fd, &child, NULL))
		return false;
	if (!wire_send(child.socket, until, WIRE_IS_LIKELY, 0, &nothing))
		wire_receive(child.socket, until, sizeof(struct reason), &head, &in);
	wire_in_free(&in);
	parser_end(&child);
	return head.err == 0;
}

int parser_try(bool *filtered, struct reason *why)
{
	struct parser_child child;
	struct parser *p = NULL;
	int err = parser_new(&p, why);

	if (!p)
		return err;
	err = parser_start(p, p->socket, &child, why);
	*filtered = child.filtered;
	parser_end(&child);
	parser_free(p);
	return err;
}
