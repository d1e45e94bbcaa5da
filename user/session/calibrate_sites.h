/* SPDX-License-Identifier: BSD-2-Clause */
/* Code of our own that is probed: one emulated instruction and one that is stepped. */
#ifndef SS_SESSION_CALIBRATE_SITES_H
#define SS_SESSION_CALIBRATE_SITES_H

#include <stdint.h>

/* Run an emulated call with {base, 1, 2} as the slice in its frame, at the offsets below. */
void calibrate_emulated(uint64_t base);
/* Run a stepped instruction with {base, 1, 2} in the result registers. */
void calibrate_stepped(uint64_t base);

extern const char calibrate_emulated_site[];
extern const char calibrate_stepped_site[];

/* From the stack pointer at calibrate_emulated_site. */
#define CALIBRATE_BASE	 0x8
#define CALIBRATE_LEN	 0x10
#define CALIBRATE_CAP	 0x18
#define CALIBRATE_CALLER 0x28

#endif
