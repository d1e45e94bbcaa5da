// SPDX-License-Identifier: BSD-2-Clause
/* What A64 instructions write, and where a value lies behind them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/arm64_homes.h"
#include "plan/arm64_keeps.h"

#define X(n) (1u << (n))
#define SP   X(31)

static const struct {
	uint32_t word;
	uint32_t regs;
	bool memory;
} known[] = {
	{0xf9400020, X(0), false},		 /* ldr x0, [x1] */
	{0xb9400020, X(0), false},		 /* ldr w0, [x1] */
	{0x39c00020, X(0), false},		 /* ldrsb w0, [x1] */
	{0xf940003f, 0, false},			 /* ldr xzr, [x1] */
	{0xf9000020, 0, true},			 /* str x0, [x1] */
	{0x39000020, 0, true},			 /* strb w0, [x1] */
	{0xf8627820, X(0), false},		 /* ldr x0, [x1, x2, lsl #3] */
	{0xf8227820, 0, true},			 /* str x0, [x1, x2, lsl #3] */
	{0xf85f8020, X(0), false},		 /* ldur x0, [x1, #-8] */
	{0xf81f8020, 0, true},			 /* stur x0, [x1, #-8] */
	{0xf8408420, X(0) | X(1), false},	 /* ldr x0, [x1], #8 */
	{0xf8408c20, X(0) | X(1), false},	 /* ldr x0, [x1, #8]! */
	{0xf8008420, X(1), true},		 /* str x0, [x1], #8 */
	{0xf81a0ffe, SP, true},			 /* str x30, [sp, #-96]! */
	{0xf84607fe, X(30) | SP, false},	 /* ldr x30, [sp], #96 */
	{0xfd400020, 0, false},			 /* ldr d0, [x1] */
	{0x3dc00020, 0, false},			 /* ldr q0, [x1] */
	{0x3d800020, 0, true},			 /* str q0, [x1] */
	{0xfc408420, X(1), false},		 /* ldr d0, [x1], #8 */
	{0xa9400820, X(0) | X(2), false},	 /* ldp x0, x2, [x1] */
	{0xa9000820, 0, true},			 /* stp x0, x2, [x1] */
	{0x28c10820, X(0) | X(1) | X(2), false}, /* ldp w0, w2, [x1], #8 */
	{0xa8810820, X(1), true},		 /* stp x0, x2, [x1], #16 */
	{0xad400820, 0, false},			 /* ldp q0, q2, [x1] */
	{0xad000820, 0, true},			 /* stp q0, q2, [x1] */
	{0xacc10820, X(1), false},		 /* ldp q0, q2, [x1], #32 */
	{0xc8dffc20, X(0), false},		 /* ldar x0, [x1] */
	{0xc89ffc20, 0, true},			 /* stlr x0, [x1] */
	{0x58000040, X(0), false},		 /* ldr x0, literal */
	{0x98000040, X(0), false},		 /* ldrsw x0, literal */
	{0x91000420, X(0), false},		 /* add x0, x1, #1 */
	{0x910003fd, X(29), false},		 /* mov x29, sp */
	{0xd10043ff, SP, false},		 /* sub sp, sp, #16 */
	{0xf100043f, 0, false},			 /* cmp x1, #1 */
	{0xf1000420, X(0), false},		 /* subs x0, x1, #1 */
	{0x92400020, X(0), false},		 /* and x0, x1, #1 */
	{0x9240003f, SP, false},		 /* and sp, x1, #1 */
	{0xf240003f, 0, false},			 /* tst x1, #1 */
	{0xd2800020, X(0), false},		 /* mov x0, #1 */
	{0xd37df020, X(0), false},		 /* lsl x0, x1, #3 */
	{0x90000000, X(0), false},		 /* adrp x0 */
	{0xaa0103e0, X(0), false},		 /* mov x0, x1 */
	{0xeb02003f, 0, false},			 /* cmp x1, x2 */
	{0xeb3063ff, 0, false},			 /* cmp sp, x16 */
	{0x8b20603f, SP, false},		 /* add sp, x1, x0 */
	{0x9b027c20, X(0), false},		 /* mul x0, x1, x2 */
	{0x9a820020, X(0), false},		 /* csel x0, x1, x2, eq */
	{0x9e670020, X(0), false},		 /* fmov d0, x1: as if it were a general register */
	{0x9e660020, X(0), false},		 /* fmov x0, d1 */
	{0x14000010, 0, false},			 /* b */
	{0x54000529, 0, false},			 /* b.ls */
	{0xb4000040, 0, false},			 /* cbz x0 */
	{0xd503201f, 0, false},			 /* nop */
	{0xd5033abf, 0, false},			 /* dmb ishst */
};

static const uint32_t unknown[] = {
	0x94000010, /* bl */
	0xd63f0020, /* blr x1 */
	0xd65f03c0, /* ret */
	0xc85ffc01, /* ldaxr x1, [x0] */
	0xc803fc01, /* stlxr w3, x1, [x0] */
	0xc8e1fc02, /* casal x1, x2, [x0] */
	0xf8e10002, /* ldaddal x1, x2, [x0] */
	0xf8200420, /* ldraa x0, [x1] */
	0x69000820, /* stgp x0, x2, [x1] */
	0x19400440, /* cpyfm */
	0x0cdf7820, /* ld1 with a base that changes */
	0xd53be040, /* mrs x0, cntvct_el0 */
	0xd50b7420, /* dc zva, x0 */
	0xd4000001, /* svc #0 */
	0x9ac01020, /* irg x0, x1 */
	0x00000000, /* udf */
	0x04200000, /* of SVE */
};

static void test_writes(void **state)
{
	struct arm64_writes writes;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!arm64_writes(known[i].word, &writes) || writes.regs != known[i].regs ||
		    writes.memory != known[i].memory)
			fail_msg("%08x: %08x %d", known[i].word, writes.regs, writes.memory);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (arm64_writes(unknown[i], &writes))
			fail_msg("%08x is known", unknown[i]);
}

#define NO_SLOT (-1)

/* The value is in x0 and, unless NO_SLOT, in the frame at 16. */
static const struct {
	uint32_t word;
	int32_t before;
	uint32_t regs;
	int32_t slot;
} carried[] = {
	{0xaa0003e3, NO_SLOT, X(0) | X(3), NO_SLOT}, /* mov x3, x0 */
	{0xaa0103e0, NO_SLOT, 0, NO_SLOT},	     /* mov x0, x1 */
	{0x2a0003e0, NO_SLOT, 0, NO_SLOT},	     /* mov w0, w0 */
	{0xaa0003ff, NO_SLOT, X(0), NO_SLOT},	     /* mov xzr, x0 */
	{0xf9000fe0, NO_SLOT, X(0), 24},	     /* str x0, [sp, #24] */
	{0xf81f83e0, NO_SLOT, X(0), NO_SLOT},	     /* stur x0, [sp, #-8] */
	{0xf80083e0, NO_SLOT, X(0), 8},		     /* stur x0, [sp, #8] */
	{0xf9000fe1, NO_SLOT, X(0), NO_SLOT},	     /* str x1, [sp, #24] */
	{0xf9000fff, NO_SLOT, X(0), NO_SLOT},	     /* str xzr, [sp, #24] */
	{0xa9020be0, NO_SLOT, X(0), 32},	     /* stp x0, x2, [sp, #32] */
	{0xa90203e2, NO_SLOT, X(0), 40},	     /* stp x2, x0, [sp, #32] */
	{0xb9001be0, NO_SLOT, X(0), NO_SLOT},	     /* str w0, [sp, #24] */
	{0xf9000c20, NO_SLOT, X(0), NO_SLOT},	     /* str x0, [x1, #24] */
	{0xf9400be5, 16, X(0) | X(5), 16},	     /* ldr x5, [sp, #16] */
	{0xf9400fe5, 16, X(0), 16},		     /* ldr x5, [sp, #24] */
	{0xf9400fe0, 16, 0, 16},		     /* ldr x0, [sp, #24] */
	{0xf9400bff, 16, X(0), 16},		     /* ldr xzr, [sp, #16] */
	{0xa94117e4, 16, X(0) | X(4), 16},	     /* ldp x4, x5, [sp, #16] */
	{0xa940d7e4, 16, X(0) | X(21), 16},	     /* ldp x4, x21, [sp, #8] */
	{0xb94013e5, 16, X(0), 16},		     /* ldr w5, [sp, #16] */
	{0xf9000be1, 16, X(0), NO_SLOT},	     /* str x1, [sp, #16] */
	{0xb90017e1, 16, X(0), NO_SLOT},	     /* str w1, [sp, #20] */
	{0xb9001be1, 16, X(0), 16},		     /* str w1, [sp, #24] */
	{0xb9000fe1, 16, X(0), 16},		     /* str w1, [sp, #12] */
	{0x3d8003e1, 16, X(0), 16},		     /* str q1, [sp] */
	{0x3d8007e1, 16, X(0), NO_SLOT},	     /* str q1, [sp, #16] */
	{0xad0007e0, 16, X(0), NO_SLOT},	     /* stp q0, q1, [sp] */
	{0x6d0007e0, 16, X(0), 16},		     /* stp d0, d1, [sp] */
	{0xa90007e1, 16, X(0), 16},		     /* stp x1, x1, [sp] */
	{0xa900ffff, 16, X(0), NO_SLOT},	     /* stp xzr, xzr, [sp, #8] */
	{0xf9000c22, 16, X(0), NO_SLOT},	     /* str x2, [x1, #24] */
	{0xf8226be1, 16, X(0), NO_SLOT},	     /* str x1, [sp, x2] */
	{0x91000400, 16, 0, 16},		     /* add x0, x0, #1 */
	{0xf100041f, 16, X(0), 16},		     /* cmp x0, #1 */
	{0x90000001, 16, X(0), 16},		     /* adrp x1 */
	{0xd503201f, 16, X(0), 16},		     /* nop */
};

static void test_carry(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(carried) / sizeof(carried[0]); i++) {
		struct homes homes = {.regs = X(0),
				      .spilled = carried[i].before != NO_SLOT,
				      .slot = carried[i].before};

		if (!arm64_carry(carried[i].word, &homes) || homes.regs != carried[i].regs ||
		    homes.spilled != (carried[i].slot != NO_SLOT) ||
		    (homes.spilled && homes.slot != carried[i].slot))
			fail_msg("%08x: %08x %d %d", carried[i].word, homes.regs, homes.spilled,
				 homes.slot);
	}
}

/* What moves the stack pointer, or is not known. */
static void test_carries_no_further(void **state)
{
	static const uint32_t words[] = {
		0xf81a0ffe, /* str x30, [sp, #-96]! */
		0xf84607fe, /* ldr x30, [sp], #96 */
		0x910183ff, /* add sp, sp, #96 */
		0x9100029f, /* mov sp, x20 */
		0x94000010, /* bl */
		0xc85ffc01, /* ldaxr x1, [x0] */
		0xd50b7420, /* dc zva, x0 */
	};
	struct homes homes = {.regs = X(0)};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (arm64_carry(words[i], &homes))
			fail_msg("%08x", words[i]);
}

/* What a register held before it was the zero register's is not found there again. */
static void test_zero_register(void **state)
{
	struct homes homes = {.regs = X(0)};

	(void)state;
	assert_true(arm64_carry(0xaa0003ff, &homes)); /* mov xzr, x0 */
	assert_true(arm64_carry(0xaa1f03e1, &homes)); /* mov x1, xzr */
	assert_int_equal(homes.regs, X(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_carry),
		cmocka_unit_test(test_carries_no_further),
		cmocka_unit_test(test_zero_register),
	};

	return cmocka_run_group_tests_name("arm64_keeps", tests, NULL, NULL);
}
