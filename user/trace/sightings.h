/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that processes of any mount namespace run by the path of -e, which are then followed as
 * those that come to it here. The kernel tells which processes run a file of that name; each is
 * looked at, but new files are read one at a time, and for no more than a share of the time.
 */
#ifndef SS_TRACE_SIGHTINGS_H
#define SS_TRACE_SIGHTINGS_H

#include "trace/files.h"
#include "session/follow.h"

struct trace_sightings;

/* Looks at processes that came to nothing; who still runs is looked at again. */
struct trace_missed {
	uint64_t ended; /* before it was looked at: it may have had another path */
	uint64_t forbidden;
	uint64_t refused; /* its file cannot be traced */
};

/*
 * All are borrowed. Sets *out, to be freed with trace_sightings_free, or returns a negative errno
 * with why set. The kernel listens from then on.
 */
int trace_sightings_new(struct trace *trace, struct trace_files *files, struct follow *kernel,
			struct trace_sightings **out, struct reason *why);
void trace_sightings_free(struct trace_sightings *s);

/*
 * Look for all that run now, and follow their files: those that some seconds do not suffice for,
 * later. 0 or a negative errno with why set.
 */
int trace_sightings_begin(struct trace_sightings *s, struct reason *why);

/* Readable when there are processes to be looked at; what then is to be called. */
int trace_sightings_fd(const struct trace_sightings *s);
void trace_sightings_look(struct trace_sightings *s);

const struct trace_missed *trace_sightings_missed(const struct trace_sightings *s);

/* To be called sometimes: what the kernel had no room to tell is looked for. */
void trace_sightings_check(struct trace_sightings *s);
/* A file may not be followed any more that processes run. */
void trace_sightings_again(struct trace_sightings *s);

#endif
