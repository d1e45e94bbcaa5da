// SPDX-License-Identifier: BSD-2-Clause
/* What the kernel does with a probe, by A64 instruction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "plan/arm64_price.h"
#include "plan/plan.h"

static const struct {
	uint32_t word;
	int price;
} cases[] = {
	{0x14000010, PLAN_EMULATED}, /* b */
	{0x97ffffff, PLAN_EMULATED}, /* bl */
	{0x54000529, PLAN_EMULATED}, /* b.ls */
	{0x5400000e, PLAN_EMULATED}, /* b.al */
	{0xb4000040, PLAN_EMULATED}, /* cbz x0 */
	{0x35000040, PLAN_EMULATED}, /* cbnz w0 */
	{0xb6f80041, PLAN_EMULATED}, /* tbz x1, #63 */
	{0x37000040, PLAN_EMULATED}, /* tbnz w0, #0 */
	{0xd61f0200, PLAN_EMULATED}, /* br x16 */
	{0xd63f0020, PLAN_EMULATED}, /* blr x1 */
	{0xd65f03c0, PLAN_EMULATED}, /* ret */
	{0xd65f0020, PLAN_EMULATED}, /* ret x1 */
	{0x10000041, PLAN_EMULATED}, /* adr x1 */
	{0xb0000aa0, PLAN_EMULATED}, /* adrp x0 */

	{0xd503201f, PLAN_STEPPED}, /* nop */
	{0xf9400b90, PLAN_STEPPED}, /* ldr x16, [x28, #16] */
	{0xf81a0ffe, PLAN_STEPPED}, /* str x30, [sp, #-96]! */
	{0xeb3063ff, PLAN_STEPPED}, /* cmp sp, x16 */
	{0xd10023fd, PLAN_STEPPED}, /* sub x29, sp, #8 */
	{0xaa0103e0, PLAN_STEPPED}, /* mov x0, x1 */
	{0xa97ffbfd, PLAN_STEPPED}, /* ldp x29, x30, [sp, #-8] */
	{0x4e080c00, PLAN_STEPPED}, /* dup v0.2d, x0 */
	{0xc8dffc01, PLAN_STEPPED}, /* ldar x1, [x0] */
	{0xc8e1fc02, PLAN_STEPPED}, /* casal x1, x2, [x0] */
	{0xf8e10002, PLAN_STEPPED}, /* ldaddal x1, x2, [x0] */
	{0xd53be040, PLAN_STEPPED}, /* mrs x0, cntvct_el0 */
	{0xd5033bbf, PLAN_STEPPED}, /* dmb ish */
	{0xd50b7420, PLAN_STEPPED}, /* dc zva, x0 */
	{0xd503233f, PLAN_STEPPED}, /* paciasp */
	{0xd503245f, PLAN_STEPPED}, /* bti c */

	{0x58000040, -ENOTSUP},	    /* ldr x0, literal */
	{0x18000040, -ENOTSUP},	    /* ldr w0, literal */
	{0x98000040, -ENOTSUP},	    /* ldrsw x0, literal */
	{0xd8000040, -ENOTSUP},	    /* prfm literal */
	{0x5c000040, -ENOTSUP},	    /* ldr d0, literal */
	{0xc85ffc01, -ENOTSUP},	    /* ldaxr x1, [x0] */
	{0xc803fc01, -ENOTSUP},	    /* stlxr w3, x1, [x0] */
	{0x4820fc02, -ENOTSUP},	    /* casp */
	{0x19400440, -ENOTSUP},	    /* cpyfm */
	{0xd4000001, -ENOTSUP},	    /* svc #0 */
	{0xd4200000, -ENOTSUP},	    /* brk #0 */
	{0xd4000002, -ENOTSUP},	    /* hvc #0 */
	{0xd51b4400, -ENOTSUP},	    /* msr fpcr, x0 */
	{0xd50342df, -ENOTSUP},	    /* msr daifset, #2 */
	{0xd53b4220, -ENOTSUP},	    /* mrs x0, daif */
	{0xd69f03e0, -ENOTSUP},	    /* eret */
	{0xd65f0bff, -ENOTSUP},	    /* retaa */
	{0xd71f0800, -ENOTSUP},	    /* braa */
	{0x54000530, -ENOTSUP},	    /* bc.eq */
	{0xd503203f, -ENOTSUP},	    /* yield */
	{0xd503205f, -ENOTSUP},	    /* wfe */
	{0xd50323bf, -ENOTSUP},	    /* autiasp */
	{0x00000000, -ENOTSUP},	    /* udf #0 */
	{0x04200000, -ENOTSUP},	    /* of SVE */
	{0xffffffff, PLAN_STEPPED}, /* undefined, but as the kernel sees it a vector's */
};

static void test_prices(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int price = arm64_price((const uint8_t *)&cases[i].word, 4);

		if (price != cases[i].price)
			fail_msg("%08x: %d", cases[i].word, price);
	}
	assert_int_equal(arm64_price((const uint8_t *)&cases[0].word, 3), -ENOTSUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prices),
	};

	return cmocka_run_group_tests_name("arm64_price", tests, NULL, NULL);
}
