/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that must not change while they are probed: the kernel puts its breakpoints into whatever
 * is there. Who opens such a file for writing waits until the lease has been given up, or for
 * /proc/sys/fs/lease-break-time seconds.
 */
#ifndef SS_TARGET_FILE_LEASE_H
#define SS_TARGET_FILE_LEASE_H

#include <stdbool.h>

/*
 * Block SIGIO, before there are threads. Returns an fd, to be closed by the caller, that is
 * readable when a lease may be wanted back, or a negative errno.
 */
int file_lease_signals(void);
/* What made it readable is noticed. */
void file_lease_heard(int signals);

/*
 * Lease the file behind fd, which is open for reading alone. Who has just closed it is waited for,
 * some milliseconds. 0; -EAGAIN: it is open for writing; -EACCES: it is another user's, and
 * CAP_LEASE is not there; another negative errno: its filesystem has none.
 */
int file_lease_take(int fd);
/* Somebody waits for it, or has not waited any longer. */
bool file_lease_is_wanted(int fd);
/* Closing the last duplicate of fd does the same. */
void file_lease_give_up(int fd);

#endif
