/* SPDX-License-Identifier: BSD-2-Clause */
/* The socket that metrics are asked for at. */
#ifndef SS_SERVE_LISTEN_H
#define SS_SERVE_LISTEN_H

#include <stdbool.h>

#include "log/reason.h"

/*
 * where: PORT, which is that of 127.0.0.1, or ADDRESS:PORT with an address in numbers, one of IPv6
 * in brackets. *open is set where others than this machine can reach it. The socket, or a negative
 * errno with why set.
 */
int listen_at(const char *where, bool *open, struct reason *why);
/* Whether that can be a place, without listening there. 0, or -EINVAL with why set. */
int listen_check(const char *where, struct reason *why);

#define LISTEN_NAME_SIZE 56

/* "127.0.0.1:9469", "[::1]:9469": where that socket is asked, also where the port was 0. */
void listen_name(int fd, char text[LISTEN_NAME_SIZE]);

#endif
