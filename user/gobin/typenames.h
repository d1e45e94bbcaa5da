/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of types as Go's reflect.Type.String gives them, byte by byte. */
#ifndef SS_GOBIN_TYPENAMES_H
#define SS_GOBIN_TYPENAMES_H

#include <stddef.h>
#include <stdint.h>

#include "gobin/types.h"

/*
 * As gobin_type_name. Those of the compiler are in its type data. Those that reflect makes at run
 * time are put together as it does (src/reflect/type.go: ArrayOf, ChanOf, FuncOf, MapOf, PointerTo,
 * SliceOf, StructOf; the runtime's table of their names is not read).
 */
int typename_write(const struct type_space *space, uint64_t addr, char *buf, size_t size);

#endif
