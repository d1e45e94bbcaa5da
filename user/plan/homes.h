/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a value is known to lie, as it is copied between registers and the frame. */
#ifndef SS_PLAN_HOMES_H
#define SS_PLAN_HOMES_H

#include <stdbool.h>
#include <stdint.h>

struct homes {
	uint32_t regs; /* a bit for each register */
	bool spilled;  /* in the frame too */
	int32_t slot;  /* there, in bytes from the stack pointer; never below it */
};

/* What an instruction does; words of the frame are told by bytes from the stack pointer. */

void homes_move(struct homes *homes, uint8_t to, uint8_t from);
void homes_load(struct homes *homes, uint8_t reg, int32_t disp);
void homes_store(struct homes *homes, uint8_t reg, int32_t disp);
/* So many bytes of the frame are written with something else. */
void homes_overwrite(struct homes *homes, int32_t disp, int32_t len);

#endif
