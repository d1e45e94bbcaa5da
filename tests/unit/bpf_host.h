/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for vmlinux.h and bpf_helpers.h so that bpf/fold.bpf.h runs on the host: maps are
 * small tables found by the address of their definition, helpers work on those.
 */
#ifndef SS_TESTS_BPF_HOST_H
#define SS_TESTS_BPF_HOST_H

#include <linux/bpf.h>
#include <stdint.h>

/* Declarators take no parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */
#define SEC(name)
#define __uint(name, val)  int(*name)[val]
#define __type(name, val)  typeof(val) *name
#define __array(name, val) typeof(val) *name[]
/* NOLINTEND(bugprone-macro-parentheses) */

void *bpf_map_lookup_elem(const void *map, const void *key);
long bpf_map_update_elem(const void *map, const void *key, const void *value, uint64_t flags);
long bpf_map_delete_elem(const void *map, const void *key);
long bpf_ringbuf_output(const void *ring, void *data, uint64_t size, uint64_t flags);

#endif
