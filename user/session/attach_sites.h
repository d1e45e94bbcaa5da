/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sites get which program and cookie. All return 0, where there is nothing to attach too, or
 * a negative errno: -ENOTSUP where the kernel refuses to probe an instruction.
 */
#ifndef SS_SESSION_ATTACH_SITES_H
#define SS_SESSION_ATTACH_SITES_H

#include <stddef.h>
#include <stdint.h>

#include "session/attach.h"

/* Attach at all sites that a function of the plan has at one probe point, or at none. */
int attach_func_sites(const struct attach *a, uint32_t func, enum plan_point point);
/* Attach at the calls that pass a type only the run knows: all or none. */
int attach_type_calls(const struct attach *a);
/*
 * Attach at the calls in scope and, where bases are wanted, where their bases are had: there a call
 * whose base cannot be had is left out; *refused is their number.
 */
int attach_scope_calls(const struct attach *a, size_t *refused);

#endif
