/* SPDX-License-Identifier: BSD-2-Clause */
/* Who else has a hand on a process. */
#ifndef SS_TARGET_DEBUGGER_H
#define SS_TARGET_DEBUGGER_H

#include <sys/types.h>

/* The process that traces it with ptrace(2); 0: none but us, or that cannot be told. */
pid_t debugger_of_process(int proc_fd);

#endif
