/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The capabilities that a session holds: those it needs from now on, as far as it has them, and no
 * others. Commands that it starts are not touched: what it gives up, it gives up when they are
 * started.
 */
#ifndef SS_PRIVILEGE_PRIVILEGE_H
#define SS_PRIVILEGE_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

#include "log/reason.h"

/* What a session does from now on. */
struct privilege_needs {
	/*
	 * Looks into processes of others, and reads executables of theirs. Who has no
	 * CAP_SYS_PTRACE may look into those of his own that have no more capabilities than he
	 * (__ptrace_may_access in the kernel's kernel/ptrace.c): then all are kept.
	 */
	bool find_targets;
	bool perf_events;  /* may attach by them: CAP_SYS_ADMIN */
	bool read_sources; /* of others as well */
	bool lease_files;  /* of others, while they are followed */
	bool raise_limits; /* its priority; the memory that BPF may lock, before Linux 5.11 */
	bool write_files;  /* into a directory of another user */
	bool signal;	   /* a command that may have become another user */
};

/* A setuid program would give its rights to whoever calls it. 0, or -EPERM with why set. */
int privilege_refuse_setuid(struct reason *why);

/*
 * Keep CAP_BPF, CAP_PERFMON (or, without them, CAP_SYS_ADMIN, which holds both) and what the needs
 * take; of the calling thread, which must be the only one. No program executed from here on has
 * more. 0 or a negative errno with why set.
 */
int privilege_narrow(const struct privilege_needs *needs, struct reason *why);

/*
 * Give up all of them, of the calling thread alone: for good, after privilege_narrow. 0 or a
 * negative errno.
 */
int privilege_drop_thread(void);

/*
 * Whether to make a file in this directory takes a capability. Capabilities are out of effect for
 * the moment.
 */
bool privilege_needed_to_write(const char *directory);

/* What is held now, as "cap_bpf,cap_perfmon=ep". */
void privilege_describe(char *buf, size_t size);

#endif
