// SPDX-License-Identifier: BSD-2-Clause
#include "plan/homes.h"

#define WORD 8

static void set_home(struct homes *homes, uint8_t reg, bool is)
{
	homes->regs = (homes->regs & ~(1u << reg)) | (uint32_t)is << reg;
}

void homes_move(struct homes *homes, uint8_t to, uint8_t from)
{
	set_home(homes, to, homes->regs >> from & 1);
}

void homes_load(struct homes *homes, uint8_t reg, int32_t disp)
{
	set_home(homes, reg, homes->spilled && homes->slot == disp);
}

void homes_overwrite(struct homes *homes, int32_t disp, int32_t len)
{
	if ((int64_t)disp < (int64_t)homes->slot + WORD && homes->slot < (int64_t)disp + len)
		homes->spilled = false;
}

void homes_store(struct homes *homes, uint8_t reg, int32_t disp)
{
	homes_overwrite(homes, disp, WORD);
	if (homes->regs >> reg & 1 && !homes->spilled && disp >= 0) {
		homes->spilled = true;
		homes->slot = disp;
	}
}
