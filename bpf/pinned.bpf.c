// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The maps that only a pinned session has. */
#include "pinned_maps.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_session);
} session SEC(".maps");

/* The loader sets max_entries. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_traced);
} traced SEC(".maps");
