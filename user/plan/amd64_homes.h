/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_PLAN_AMD64_HOMES_H
#define SS_PLAN_AMD64_HOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/homes.h"

/* calls_arch.carry: over the instruction at the start of the left bytes. */
bool amd64_carry(const uint8_t *bytes, size_t left, struct homes *homes);

#endif
