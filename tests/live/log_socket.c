// SPDX-License-Identifier: BSD-2-Clause
/* log_socket PATH: a system log's socket there; prints what comes, a line each, until ended. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "die.h"

int main(int argc, char **argv)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char line[8192];
	int fd;

	if (argc != 2 || strlen(argv[1]) >= sizeof(at.sun_path))
		die("usage: log_socket PATH");
	memcpy(at.sun_path, argv[1], strlen(argv[1]) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) || chmod(argv[1], 0666))
		die("cannot listen at %s", argv[1]);
	puts("listening");
	fflush(stdout);
	for (;;) {
		ssize_t n = recv(fd, line, sizeof(line) - 1, 0);

		if (n < 0)
			die("cannot receive");
		line[n] = '\0';
		puts(line);
		fflush(stdout);
	}
}
