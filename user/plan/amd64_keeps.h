/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_PLAN_AMD64_KEEPS_H
#define SS_PLAN_AMD64_KEEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/amd64_length.h"

/*
 * Whether the instruction is known to write no part of the general register, numbered as in ModRM
 * and REX; not the stack pointer. Instead of a disassembler's word: Capstone 4 does not tell all
 * registers that are written without being named (cmpxchg, xlatb, syscall).
 */
bool amd64_keeps(const struct amd64_insn *insn, uint8_t reg);

/* Whether it may write the memory that its ModRM names: in doubt it does. Pushes are no such. */
bool amd64_stores(const struct amd64_insn *insn);

#endif
