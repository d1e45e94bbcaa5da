/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that speak to strangers: without rights, without signals, at usual priority. */
#ifndef SS_SERVE_THREAD_H
#define SS_SERVE_THREAD_H

#include <pthread.h>

/*
 * Run fn(ctx) in a thread that has no capability and never will; signals go to the others. 0 or a
 * negative errno.
 */
int thread_start(pthread_t *thread, void (*fn)(void *ctx), void *ctx);

#endif
