/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_PLAN_ARM64_PRICE_H
#define SS_PLAN_ARM64_PRICE_H

#include <stddef.h>
#include <stdint.h>

/*
 * enum plan_price of a uprobe on the instruction, or -ENOTSUP where the kernel refuses it or its
 * stepping would harm the process. Holds for Linux 5.10 to 7.2; where kernels differ, the dearer.
 */
int arm64_price(const uint8_t *bytes, size_t len);

#endif
