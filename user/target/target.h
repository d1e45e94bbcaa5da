/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that is traced: pinned by pidfd and start time, opened through /proc/PID so that
 * containers, deleted and replaced files work. One target is one exec of one process.
 */
#ifndef SS_TARGET_TARGET_H
#define SS_TARGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/reason.h"

struct target;

enum target_state {
	TARGET_RUNNING,
	TARGET_GONE,   /* exited (a zombie counts as gone) */
	TARGET_EXECED, /* the process runs another program image now */
};

/*
 * Pin process pid. Sets *out, to be freed with target_free, or returns a negative errno with the
 * cause and remedy in why: -ESRCH no such process (or gone meanwhile), -EACCES not permitted,
 * -EINVAL a thread id that is not a process id (why names the process), -ENOEXEC a kernel thread.
 */
int target_open(pid_t pid, struct target **out, struct reason *why);
void target_free(struct target *t);

pid_t target_pid(const struct target *t);
const char *target_exe(const struct target *t); /* path as the process sees it, for people */
/* Its /proc/PID, which stays its own when the number is another process's. */
int target_proc_fd(const struct target *t);
int target_exe_fd(const struct target *t); /* the executable, O_RDONLY; stays the target's */
int target_pidfd(const struct target *t);  /* readable when the process is gone; the target's */
enum target_state target_state(const struct target *t);
/*
 * Whether it is the process that the kernel tells as started then, in ns since boot, with its code
 * from this address on. One that has run another program meanwhile may pass for it where both are
 * not position-independent.
 */
bool target_is(const struct target *t, uint64_t start_ns, uint64_t start_code);

/* Which exec of which process it is, for later: nothing else comes to have the same. */
struct target_stamp {
	uint64_t start_time;  /* in ticks since boot */
	uint64_t start_stack; /* 0: not known */
};

struct target_stamp target_stamp(const struct target *t);
/* TARGET_GONE: another process has its number now. */
enum target_state target_state_since(const struct target *t, const struct target_stamp *stamp);

/* CPU seconds it has used, all threads, as of some ms ago; what was known last of one that is gone
 * or runs another program. */
double target_cpu_s(struct target *t);

/*
 * Where the executable is mapped with execute permission: address in the process and file offset
 * of the first such mapping. 0, or -ESRCH gone, -ENOEXEC no executable mapping of the file (packed
 * programs run from anonymous memory), -EACCES.
 */
int target_text(const struct target *t, uint64_t *start, uint64_t *offset, struct reason *why);

/* Returns whether to go on; fd is open for reading during the call only. */
typedef bool (*target_library_fn)(void *ctx, int fd, const char *path);

/*
 * Hand each file beyond the executable that the process has mapped to run code from, and that can
 * be opened, to fn; one that is mapped in parts comes again. 0 or a negative errno.
 */
int target_libraries(const struct target *t, target_library_fn fn, void *ctx);

/*
 * Copy len bytes of the process's memory from addr on. 0; -EFAULT not all of it is mapped; -ESRCH
 * the process has ended or runs another program; -EACCES its memory was not open to the caller when
 * the target was opened; or another negative errno of reading, of which -EIO is none.
 */
int target_read(const struct target *t, uint64_t addr, void *buf, size_t len);

#endif
