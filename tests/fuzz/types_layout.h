/* SPDX-License-Identifier: BSD-2-Clause */
/* Where types lie in the made executable and in the made process that runs it. */
#ifndef SS_FUZZ_TYPES_LAYOUT_H
#define SS_FUZZ_TYPES_LAYOUT_H

#include "gobin/types.h"

#include "../unit/go_image.h"

/* Descriptors, and behind them names. */
#define TYPES_OFFSET 0x2800
#define TYPES_BYTES  0x800
#define TYPES_ADDR   (IMG_RODATA_ADDR + TYPES_OFFSET - IMG_RODATA)
#define TYPES_NAMES  0x400
#define MADE_BYTES   0x80 /* a descriptor with all that belongs to it */

#define MODULE_BYTES 0x250

#define BIAS	     0x7000000000ull
#define HEAP	     0xc000000000ull
#define HEAP_BYTES   0x1000
#define PLUGIN	     0x800 /* its moduledata */
#define PLUGIN_TYPES 0xc00

/* abi.Type */
#define TYPE_AT_ALIGN 21
#define TYPE_AT_KIND  23
#define TYPE_AT_STR   40

#endif
