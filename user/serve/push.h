/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OTLP by HTTP: requests wait in a queue that a thread of its own empties. A receiver that is away
 * or busy is tried again, later and later; where the queue is full the oldest goes, and is counted.
 */
#ifndef SS_SERVE_PUSH_H
#define SS_SERVE_PUSH_H

#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"

struct push;

/* Requests that wait, at most. */
#define PUSH_QUEUE_MAX ((size_t)120)
#define PUSH_BYTES_MAX ((size_t)32 << 20)

/*
 * Whether requests can be posted to such a URL: 0, or a negative errno with why set, where it is
 * none or has a password in it.
 */
int push_check_url(const char *url, struct reason *why);
/* The same of the headers that the environment names. */
int push_check_headers(struct reason *why);

/*
 * url, which has been checked, is where requests are posted to; headers, and the certificates of
 * who may sign the receiver's, are as the environment says. Nothing is sent before push_start. 0 or
 * a negative errno with why set.
 */
int push_new(const char *url, struct push **out, struct reason *why);
/* The thread that sends: when what it must not have has been given up. As above. */
int push_start(struct push *p, struct reason *why);

/* bytes are allocated, and the callee's then. */
void push_add(struct push *p, uint8_t *bytes, size_t size);

struct push_counts {
	uint64_t sent, dropped, retries;
	uint64_t rejected; /* samples, of requests that were taken */
	uint64_t queued;   /* now; requests, as the first two */
};
struct push_counts push_counts(struct push *p);

/*
 * Send what is queued, for so long at most; the rest is dropped. Half of the time is for the
 * newest, where it takes more than the other half to come to it. Nothing can be added then.
 */
struct push_counts push_finish(struct push *p, double patience_s);
void push_free(struct push *p);

#endif
