// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a uprobe costs on an A64 instruction: arch/arm64/kernel/probes/decode-insn.c of Linux, which
 * simulates what depends on where it lies.
 */
#include "plan/arm64_price.h"

#include <errno.h>

#include "gobin/bytes.h"
#include "plan/arm64_word.h"
#include "plan/plan.h"

#define COUNT(forms) (sizeof(forms) / sizeof((forms)[0]))

static const struct arm64_form simulated[] = {
	{0x7c000000, 0x14000000}, /* b, bl */
	{0xff000010, 0x54000000}, /* b.cond */
	{0x7c000000, 0x34000000}, /* cbz, cbnz, tbz, tbnz */
	{0xfffffc1f, 0xd61f0000}, /* br */
	{0xfffffc1f, 0xd63f0000}, /* blr */
	{0xfffffc1f, 0xd65f0000}, /* ret */
	{0x1f000000, 0x10000000}, /* adr, adrp */
};

/* What reads by its place, or loses its meaning when a trap comes before the next instruction. */
static const struct arm64_form refused[] = {
	{0x3b000000, 0x18000000}, /* literals; those of vectors kernels let pass, read wrongly */
	{0x3f800000, 0x08000000}, /* exclusive loads and stores */
	{0x3b200c00, 0x19000400}, /* copies and sets of memory, in three instructions */
	{0x18000000, 0x00000000}, /* undefined, unallocated, vectors of any length */
};

static const struct arm64_form stepped_system[] = {
	{0xfffff01f, 0xd503301f}, /* barriers */
	{0xfff00000, 0xd5300000}, /* mrs */
	{0xfff80000, 0xd5080000}, /* sys: caches and the like */
};

/* By number, what kernels step: nop (simulated since Linux 7), signing of addresses, bti. */
#define STEPPED_HINTS                                                                              \
	(1ull << 0 | 1ull << 7 | 1ull << 8 | 1ull << 10 | 0xfull << 24 | 1ull << 32 | 1ull << 34 | \
	 1ull << 36 | 1ull << 38)

static const struct arm64_form hint = {0xfffff01f, 0xd503201f};
static const struct arm64_form mrs_daif = {0xffffffe0, 0xd53b4220};

static bool is_stepped_system(uint32_t word)
{
	const unsigned int number = word >> 5 & 0x7f;

	if (arm64_is(word, hint))
		return number < 64 && STEPPED_HINTS >> number & 1;
	return arm64_is_any(word, stepped_system, COUNT(stepped_system)) &&
	       !arm64_is(word, mrs_daif);
}

int arm64_price(const uint8_t *bytes, size_t len)
{
	uint32_t word;

	if (len != ARM64_WORD)
		return -ENOTSUP;
	word = get_le32(bytes);
	if (arm64_is_any(word, simulated, COUNT(simulated)))
		return PLAN_EMULATED;
	if (arm64_is(word, ARM64_BRANCH_OR_SYSTEM))
		return is_stepped_system(word) ? PLAN_STEPPED : -ENOTSUP;
	return arm64_is_any(word, refused, COUNT(refused)) ? -ENOTSUP : PLAN_STEPPED;
}
