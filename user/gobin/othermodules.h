/* SPDX-License-Identifier: BSD-2-Clause */
/* The Go modules of a live process beyond its executable: plugins that it has opened. */
#ifndef SS_GOBIN_OTHERMODULES_H
#define SS_GOBIN_OTHERMODULES_H

#include <stdint.h>

#include "gobin/gobin.h"
#include "gobin/image.h"
#include "gobin/moduledata.h"

/*
 * The types of the module that holds the run-time address addr, by run-time addresses. executable
 * and layout are those of the executable: a process has modules of one Go version only (plugin.Open
 * sees to that). 0, -ENOENT where none of them holds it, or the errno of reading.
 */
int othermodules_types(const struct gobin_memory *memory, const struct moduledata *executable,
		       const struct moduledata_layout *layout, uint64_t addr, struct range *out);

#endif
