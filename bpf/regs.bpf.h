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
#define GO_REG3(ctx) ((ctx)->di)
#define GO_REG4(ctx) ((ctx)->si)
#define GO_REG6(ctx) ((ctx)->r9)
#define GO_G(ctx)    ((ctx)->r14)
#define GO_SP(ctx)   ((ctx)->sp)
#define GO_FP(ctx)   ((ctx)->bp)
#define GO_PC(ctx)   ((ctx)->ip)

#define GO_REGS 9

/* The assembly keeps the cases apart: the context takes no offset that is computed. */
#define GO_REG_CASE(i, reg)                                                                        \
	case i:                                                                                    \
		v = ctx->reg;                                                                      \
		asm volatile("# register " #i : "+r"(v));                                          \
		return v

static __always_inline __u64 go_reg(const struct pt_regs *ctx, __u32 i)
{
	__u64 v;

	switch (i) {
		GO_REG_CASE(0, ax);
		GO_REG_CASE(1, bx);
		GO_REG_CASE(2, cx);
		GO_REG_CASE(3, di);
		GO_REG_CASE(4, si);
		GO_REG_CASE(5, r8);
		GO_REG_CASE(6, r9);
		GO_REG_CASE(7, r10);
		GO_REG_CASE(8, r11);
	default:
		return 0;
	}
}

/* By the number that instructions have for it; without those that are never a value's. */
static __always_inline __u64 machine_reg(const struct pt_regs *ctx, __u32 i)
{
	__u64 v;

	switch (i) {
		GO_REG_CASE(0, ax);
		GO_REG_CASE(1, cx);
		GO_REG_CASE(2, dx);
		GO_REG_CASE(3, bx);
		GO_REG_CASE(6, si);
		GO_REG_CASE(7, di);
		GO_REG_CASE(8, r8);
		GO_REG_CASE(9, r9);
		GO_REG_CASE(10, r10);
		GO_REG_CASE(11, r11);
		GO_REG_CASE(12, r12);
		GO_REG_CASE(13, r13);
		GO_REG_CASE(15, r15);
	default:
		return 0;
	}
}

/* Bytes of the instruction that calls a function directly. */
#define GO_CALL_BYTES 5

/* Plans put no probe on the branch itself: an instruction behind it is as cheap. */
static __always_inline int go_check_branches(const struct pt_regs *ctx)
{
	(void)ctx;
	return 0;
}

/* Before a function's frame is made and after it is gone, [rsp] is the return address. */
static __always_inline long go_return_address(struct pt_regs *ctx, __u64 *addr)
{
	return bpf_probe_read_user(addr, sizeof(*addr), (const void *)GO_SP(ctx));
}

#elif defined(__TARGET_ARCH_arm64)

#define GO_USER_REGS(ctx) ((const struct user_pt_regs *)(ctx))

#define GO_REG0(ctx) (GO_USER_REGS(ctx)->regs[0])
#define GO_REG1(ctx) (GO_USER_REGS(ctx)->regs[1])
#define GO_REG2(ctx) (GO_USER_REGS(ctx)->regs[2])
#define GO_REG3(ctx) (GO_USER_REGS(ctx)->regs[3])
#define GO_REG4(ctx) (GO_USER_REGS(ctx)->regs[4])
#define GO_REG6(ctx) (GO_USER_REGS(ctx)->regs[6])
#define GO_G(ctx)    (GO_USER_REGS(ctx)->regs[28])
#define GO_SP(ctx)   (GO_USER_REGS(ctx)->sp)
#define GO_FP(ctx)   (GO_USER_REGS(ctx)->regs[29])
#define GO_PC(ctx)   (GO_USER_REGS(ctx)->pc)

#define GO_REGS 16

#define GO_REG_CASE(i)                                                                             \
	case i:                                                                                    \
		v = GO_USER_REGS(ctx)->regs[i];                                                    \
		asm volatile("# register " #i : "+r"(v));                                          \
		return v

/* Arguments and results have the numbers that instructions have for them. */
static __always_inline __u64 go_reg(const struct pt_regs *ctx, __u32 i)
{
	__u64 v;

	switch (i) {
		GO_REG_CASE(0);
		GO_REG_CASE(1);
		GO_REG_CASE(2);
		GO_REG_CASE(3);
		GO_REG_CASE(4);
		GO_REG_CASE(5);
		GO_REG_CASE(6);
		GO_REG_CASE(7);
		GO_REG_CASE(8);
		GO_REG_CASE(9);
		GO_REG_CASE(10);
		GO_REG_CASE(11);
		GO_REG_CASE(12);
		GO_REG_CASE(13);
		GO_REG_CASE(14);
		GO_REG_CASE(15);
	default:
		return 0;
	}
}

/* Without those that are never a value's: x18 is the platform's, x27 and on have meanings. */
static __always_inline __u64 machine_reg(const struct pt_regs *ctx, __u32 i)
{
	__u64 v;

	if (i < GO_REGS)
		return go_reg(ctx, i);
	switch (i) {
		GO_REG_CASE(16);
		GO_REG_CASE(17);
		GO_REG_CASE(19);
		GO_REG_CASE(20);
		GO_REG_CASE(21);
		GO_REG_CASE(22);
		GO_REG_CASE(23);
		GO_REG_CASE(24);
		GO_REG_CASE(25);
		GO_REG_CASE(26);
	default:
		return 0;
	}
}

/*
 * Whether `b.ls`, the last branch of a stack check (src/cmd/internal/obj/arm64/obj7.go), is taken:
 * the carry flag clear, or the zero flag set.
 */
static __always_inline int go_check_branches(const struct pt_regs *ctx)
{
	return (GO_USER_REGS(ctx)->pstate >> 29 & 3) != 1;
}

/* Bytes of the instruction that calls a function directly. */
#define GO_CALL_BYTES 4

static __always_inline long go_return_address(struct pt_regs *ctx, __u64 *addr)
{
	*addr = GO_USER_REGS(ctx)->regs[30];
	return 0;
}

#else
#error "no register map for this architecture"
#endif

#endif
