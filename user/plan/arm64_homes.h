/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_PLAN_ARM64_HOMES_H
#define SS_PLAN_ARM64_HOMES_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/homes.h"

/* calls_arch.carry: over the instruction. */
bool arm64_carry(uint32_t word, struct homes *homes);

#endif
