// SPDX-License-Identifier: BSD-2-Clause
#include "serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Who does not fit in asks again after a second, then after three: as many as the system allows. */
#define BACKLOG 4096

struct place {
	char address[INET6_ADDRSTRLEN];
	char port[8];
};

/* The address between brackets, or what stands before the last colon. */
static bool split(const char *where, struct place *p)
{
	const char *colon = strrchr(where, ':'), *begin = where, *end = colon;
	const char *port = colon ? colon + 1 : where;

	if (where[0] == '[') {
		begin = where + 1;
		end = strchr(where, ']');
		if (!end || end + 1 != colon)
			return false;
	} else if (colon && memchr(where, ':', (size_t)(colon - where))) {
		return false;
	}
	if (!*port || strspn(port, "0123456789") != strlen(port) || strlen(port) > 5)
		return false;
	snprintf(p->port, sizeof(p->port), "%s", port);
	snprintf(p->address, sizeof(p->address), "127.0.0.1");
	if (!colon)
		return true;
	if (end == begin || (size_t)(end - begin) >= sizeof(p->address))
		return false;
	memcpy(p->address, begin, (size_t)(end - begin));
	p->address[end - begin] = '\0';
	return true;
}

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t read_address(const struct place *p, union address *a)
{
	const unsigned long port = strtoul(p->port, NULL, 10);

	*a = (union address){.v6 = {.sin6_family = AF_INET6}};
	if (port > UINT16_MAX)
		return 0;
	if (inet_pton(AF_INET6, p->address, &a->v6.sin6_addr) == 1) {
		a->v6.sin6_port = htons((uint16_t)port);
		return sizeof(a->v6);
	}
	*a = (union address){.v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}};
	return inet_pton(AF_INET, p->address, &a->v4.sin_addr) == 1 ? sizeof(a->v4) : 0;
}

static bool is_loopback(const union address *a)
{
	if (a->any.sa_family == AF_INET)
		return ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
	/* 127.0.0.0/8, as IPv6 has it. */
	if (IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr))
		return a->v6.sin6_addr.s6_addr[12] == 127;
	return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
}

static int open_socket(const union address *a, socklen_t size)
{
	int fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err = 0;
	const int on = 1;

	if (fd < 0)
		return -errno;
	/* What a slicestat before this one has closed may linger. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) || bind(fd, &a->any, size) ||
	    listen(fd, BACKLOG))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* The address's size; 0 with why set: it is none. */
static socklen_t read_where(const char *where, union address *a, struct reason *why)
{
	struct place place;
	const socklen_t size = split(where, &place) ? read_address(&place, a) : 0;

	if (!size)
		reason_set(why, -EINVAL,
			   "--listen: '%.80s' is neither PORT nor ADDRESS:PORT, in numbers, like "
			   "127.0.0.1:9469 or [::1]:9469",
			   where);
	return size;
}

int listen_check(const char *where, struct reason *why)
{
	union address a;

	return read_where(where, &a, why) ? 0 : -EINVAL;
}

int listen_at(const char *where, bool *open, struct reason *why)
{
	union address a;
	const socklen_t size = read_where(where, &a, why);
	int fd;

	if (!size)
		return -EINVAL;
	*open = !is_loopback(&a);
	fd = open_socket(&a, size);
	return fd < 0 ? reason_set(why, fd, "cannot listen at %.80s: %s", where, strerror(-fd))
		      : fd;
}

void listen_name(int fd, char text[LISTEN_NAME_SIZE])
{
	union address a = {.v6 = {.sin6_family = AF_UNSPEC}};
	char address[INET6_ADDRSTRLEN] = "?";
	socklen_t size = sizeof(a);
	bool four;

	(void)getsockname(fd, &a.any, &size);
	four = a.any.sa_family == AF_INET;
	(void)inet_ntop(a.any.sa_family, four ? (void *)&a.v4.sin_addr : (void *)&a.v6.sin6_addr,
			address, sizeof(address));
	snprintf(text, LISTEN_NAME_SIZE, four ? "%s:%u" : "[%s]:%u", address,
		 ntohs(four ? a.v4.sin_port : a.v6.sin6_port));
}
