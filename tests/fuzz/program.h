/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Made executables whose functions have fixed names and places; their code is the input's. What the
 * planner looks for is there, so that code cut from real executables can be put into its place.
 */
#ifndef SS_FUZZ_PROGRAM_H
#define SS_FUZZ_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "../unit/go_image.h"

#include "input.h"

/* A function and its bytes, padding included. */
struct slot {
	const char *name;
	uint16_t room;
};

struct program {
	const struct slot *slots;
	size_t nslots;
};

enum {
	PROGRAM_GROW,  /* growslice, makeslice, makeslicecopy, a function of the user's */
	PROGRAM_OTHER, /* the other functions that are planned, and more of the user's */
	PROGRAM_CALLS, /* callers of growslice and makeslice */
	PROGRAMS,
};

extern const struct program programs[PROGRAMS];

/* Two type descriptors, and behind them room for a jump table. */
#define PROGRAM_RODATA	     IMG_RODATA
#define PROGRAM_TYPE	     (IMG_RODATA_ADDR + 0x40)
#define PROGRAM_TYPE2	     (IMG_RODATA_ADDR + 0x80)
#define PROGRAM_TABLE	     (IMG_RODATA_ADDR + 0x200)
#define PROGRAM_RODATA_BYTES 0x400

/* The link-time address of slot number i. */
uint64_t program_addr(const struct program *program, size_t i);
/* That of the slot of this name, 0 where there is none. */
uint64_t program_find(const struct program *program, const char *name);

/*
 * The executable with the input's patches: place i is slot number i, then come the table of
 * functions, the read-only data, the moduledata.
 */
void program_make(const struct program *program, const struct img_layout *row, struct input *in,
		  struct go_image *img);

#endif
