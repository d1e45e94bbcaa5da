/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that Go's linker makes where a call does not reach its function: they jump there and do
 * nothing else (cmd/link/internal/arm64, trampoline).
 */
#ifndef SS_PLAN_TRAMPOLINE_H
#define SS_PLAN_TRAMPOLINE_H

#include <stddef.h>
#include <stdint.h>

#include "gobin/gobin.h"
#include "plan/calls_arch.h"
#include "plan/callsites.h"

/* The address to which the function jumps, 0 where it is no such function. */
uint64_t trampoline_target(const struct calls_arch *arch, const struct gobin *bin,
			   const struct gobin_func *func);

/*
 * The callees, and behind them the trampolines to them with what they stand for: *out, to be freed
 * with free. Their number, -ENOMEM, or -EFBIG for more than a linker makes.
 */
int64_t trampoline_callees(const struct calls_arch *arch, const struct gobin *bin,
			   const struct callee *callees, size_t n, struct callee **out);

#endif
