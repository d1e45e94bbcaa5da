/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/PID/stat and status, read through an open /proc/PID: such a descriptor stays with its
 * process, so that a reused pid cannot be taken for it. Layout: proc_pid_stat(5),
 * proc_pid_status(5).
 */
#ifndef SS_TARGET_PROC_H
#define SS_TARGET_PROC_H

#include <stdbool.h>
#include <stdint.h>

struct proc_stat {
	char state;	      /* field 3: R, S, D, T, t, Z, X, ... */
	bool kernel_thread;   /* PF_KTHREAD in field 9 */
	uint64_t start_time;  /* field 22, clock ticks since boot */
	uint64_t memory;      /* field 23, bytes of address space; 0 once it is given up */
	uint64_t start_code;  /* field 26; 0 amid an exec, 1 where not permitted */
	uint64_t end_code;    /* field 27; 0 amid an exec, 1 where not permitted */
	uint64_t start_stack; /* field 28; 0 where not permitted. An exec sets it before and
			       * after end_code (setup_arg_pages, load_elf_binary) */
};

/* Parse the text of a stat file. 0 or -EINVAL. */
int proc_parse_stat(const char *text, struct proc_stat *out);
/* Read and parse stat. 0 or a negative errno; -ESRCH when the process has been reaped. */
int proc_read_stat(int proc_fd, struct proc_stat *out);

/* Whether that is the process which began so many ns after boot (start_boottime in the kernel). */
bool proc_began_at(const struct proc_stat *stat, uint64_t start_ns);

/* First number of the line that begins with key ("Tgid:") in a status file's text. 0 or -EINVAL. */
int proc_parse_status(const char *text, const char *key, uint64_t *out);
/* The same from the status file: for keys of its first 4 KiB, which Tgid and Uid are in. */
int proc_read_status(int proc_fd, const char *key, uint64_t *out);

/*
 * An unsigned number in this base at *text, followed by the character end, both of which are
 * stepped over (end '\0' is not). No sign, space or prefix is taken. False, *text as it was, if
 * not.
 */
bool proc_take_number(const char **text, unsigned int base, char end, uint64_t *out);

#endif
