/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Go's internal ABI (since 1.17, src/cmd/compile/abi-internal.md) in the registers of a probe:
 * integer arguments and results in order, the goroutine, the return address at the edges of a
 * function.
 */
#ifndef SS_REGS_BPF_H
#define SS_REGS_BPF_H

#if defined(__TARGET_ARCH_x86)

#define GO_REG0(ctx) ((ctx)->ax)
#define GO_REG1(ctx) ((ctx)->bx)
#define GO_REG2(ctx) ((ctx)->cx)
#define GO_G(ctx)    ((ctx)->r14)
#define GO_SP(ctx)   ((ctx)->sp)

/* Before a function's frame is made and after it is gone, [rsp] is the return address. */
static __always_inline long go_return_address(struct pt_regs *ctx, __u64 *addr)
{
	return bpf_probe_read_user(addr, sizeof(*addr), (const void *)GO_SP(ctx));
}

#elif defined(__TARGET_ARCH_arm64)

#define GO_REG0(ctx) (((const struct user_pt_regs *)(ctx))->regs[0])
#define GO_REG1(ctx) (((const struct user_pt_regs *)(ctx))->regs[1])
#define GO_REG2(ctx) (((const struct user_pt_regs *)(ctx))->regs[2])
#define GO_G(ctx)    (((const struct user_pt_regs *)(ctx))->regs[28])
#define GO_SP(ctx)   (((const struct user_pt_regs *)(ctx))->sp)

static __always_inline long go_return_address(struct pt_regs *ctx, __u64 *addr)
{
	*addr = ((const struct user_pt_regs *)ctx)->regs[30];
	return 0;
}

#else
#error "no register map for this architecture"
#endif

#endif
