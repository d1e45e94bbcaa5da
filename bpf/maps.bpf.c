// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The maps alone, without programs that would have to be fitted to the kernel: they are made while
 * it is still being found out which programs are wanted.
 */
#include "slicestat.h"

#include <bpf/bpf_helpers.h>

#include "maps.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
