/* SPDX-License-Identifier: BSD-2-Clause */
/* The Go modules of a live process beyond its executable: plugins that it has opened. */
#ifndef SS_GOBIN_OTHERMODULES_H
#define SS_GOBIN_OTHERMODULES_H

#include <stdint.h>

#include "gobin/gobin.h"
#include "gobin/image.h"
#include "gobin/moduledata.h"
#include "gobin/release.h"

/* A process with more plugins is made up, or its list of modules runs in a circle. */
#define OTHERMODULES_MAX 256

/*
 * What has been read of the list. A name has many types: the list is walked once for all of them,
 * or made up ones would cost a hundred thousands of reads.
 */
struct othermodules {
	uint64_t last; /* the moduledata that was read last, a run-time address */
	size_t n;
	struct range types[OTHERMODULES_MAX];
};

void othermodules_begin(struct othermodules *others, const struct gobin_memory *memory,
			const struct moduledata *executable);

/*
 * The types of the module that holds the run-time address addr, by run-time addresses. release
 * is that of the executable: a process has modules of one Go version only (plugin.Open sees to
 * that). 0, -ENOENT where none of them holds it, or the errno of reading.
 */
int othermodules_types(struct othermodules *others, const struct gobin_memory *memory,
		       const struct release *release, uint64_t addr, struct range *out);

#endif
