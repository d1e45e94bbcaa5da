/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Go changes from release to release, of all that is read from executables and memory: one row
 * each. tools/go-release.sh tells what a new one changes.
 */
#ifndef SS_GOBIN_RELEASE_H
#define SS_GOBIN_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

struct release {
	int minor;
	/*
	 * Whether the runtime's slice functions take and give back what the planner expects, in
	 * ABIInternal (src/runtime/slice.go): growslice(oldPtr, newLen, oldCap, num, et) gives
	 * (ptr, newLen, newcap), makeslice(et, len, cap) gives ptr. Up to Go 1.19 growslice gave
	 * back the old length.
	 */
	bool traced;
	/* Offsets in struct moduledata (src/runtime/symtab.go), in bytes. */
	uint16_t types;
	uint16_t etypes;
	uint16_t gofunc;
	uint16_t next; /* to the next module's, NULL at the last; behind all the others */
	/* abi.FuncIDWrapper: the last of a list that grows (src/internal/abi/symtab.go). */
	uint8_t wrapper;
	/* Objects with pointers that are larger than 512 bytes have a header
	 * (src/runtime/msize.go). */
	bool headers;
	/* reflect.StructOf named embedded fields twice, "struct { Reader io.Reader }". */
	bool names_embedded;
};

/* Of Go 1.minor; the newest known where the version is not known (0) or newer. */
const struct release *release_of(int minor);
/* The first and the last that can be traced; all between can. */
const struct release *release_first_traced(void);
const struct release *release_last(void);

#endif
