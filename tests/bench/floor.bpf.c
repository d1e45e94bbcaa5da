// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* What every probe costs before anything is recorded. */
#include "slicestat.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("uprobe.multi")
int nothing_multi(void *ctx)
{
	return 0;
}

SEC("uprobe")
int nothing_single(void *ctx)
{
	return 0;
}
