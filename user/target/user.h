/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a process is. */
#ifndef SS_TARGET_USER_H
#define SS_TARGET_USER_H

#include <stddef.h>

/* " (user NAME)" for the user that the process runs as; "" when that cannot be told. */
void user_describe(int proc_fd, char *text, size_t size);

#endif
