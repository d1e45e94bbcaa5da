/* SPDX-License-Identifier: BSD-2-Clause */
/* The stack of an event as Go itself tells it (runtime.Callers). */
#ifndef SS_SYMBOL_STACK_H
#define SS_SYMBOL_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbol/source.h"

struct stack_frame {
	struct gobin_frame at;
	uint64_t addr; /* link-time, of an instruction: within the call, or the one that faulted */
	bool inlined;  /* into the next one, which has the same address */
};

/*
 * The frames of all callers of the function that the call site lies in, innermost first, at most
 * max of them (the rest is cut). Wrappers that the compiler made are left out as Go does, and a
 * stack ends where C code called Go's.
 *
 * site: link-time return address of the event. stack: n link-time addresses of the same event, the
 * instruction with the probe first, then return addresses along the frame pointers. Between it and
 * the site there may be wrappers; the site itself is not there where the probed function had no
 * frame and the kernel did not look at the stack's top for it (before Linux 6.11 it never did).
 */
size_t stack_callers(const struct symbol_source *source, uint64_t site, const uint64_t *stack,
		     size_t n, struct stack_frame *frames, size_t max);

#endif
