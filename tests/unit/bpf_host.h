/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for vmlinux.h and bpf_helpers.h so that bpf's headers run on the host: maps are small
 * tables found by the address of their definition, helpers work on those.
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

/* What the loader sets, tests set. */
#define SS_CONSTANT static __attribute__((unused))

#define __noinline __attribute__((noinline))

/* The registers of a probe, as in vmlinux.h. */
#define __TARGET_ARCH_x86
struct pt_regs {
	uint64_t r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, ip, sp;
};

void *bpf_map_lookup_elem(const void *map, const void *key);
long bpf_map_update_elem(const void *map, const void *key, const void *value, uint64_t flags);
long bpf_map_delete_elem(const void *map, const void *key);
long bpf_ringbuf_output(const void *ring, void *data, uint64_t size, uint64_t flags);
uint32_t bpf_get_smp_processor_id(void);
long bpf_probe_read_user(void *to, uint32_t size, const void *from);
long bpf_get_stackid(void *ctx, const void *map, uint64_t flags);

#endif
