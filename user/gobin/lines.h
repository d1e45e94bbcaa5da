/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions as positions in the source: file, line, and the bodies that the compiler inlined, as
 * Go's own tracebacks know them (src/runtime/symtabinl.go).
 */
#ifndef SS_GOBIN_LINES_H
#define SS_GOBIN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "gobin/image.h"
#include "gobin/module.h"

/* What positions are read from; all of it stays the caller's. */
struct lines {
	const struct image *img;
	const struct module *mod;
	int minor;	  /* of the Go version, 0 unknown */
	bool bodies_only; /* no files, no lines */
};

/*
 * The frames, at most max, of the instruction pc bytes behind the entry of function number func, as
 * gobin_frames. Gives back how many.
 */
size_t lines_frames(const struct lines *lines, uint32_t func, uint32_t pc,
		    struct gobin_frame *frames, size_t max);

#endif
