// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where a value lies behind an instruction: copies are told from the encodings that compilers use
 * for them, all else from what arm64_writes knows.
 */
#include "plan/arm64_homes.h"

#include "plan/arm64_keeps.h"
#include "plan/arm64_word.h"

#define WORD 8

/* Bits of the encodings of loads and stores. */
#define LOADS  (1u << 22)
#define VECTOR (1u << 26)
#define WIDE   (1u << 23) /* of vectors: 16 bytes */

/* Of registers of 8 bytes. */
static const struct arm64_form words[] = {
	{0xff800000, 0xf9000000}, {0xffa00c00, 0xf8000000}, {0xff800000, 0xa9000000}, /* pairs */
};

/* By form of the address, where the base does not change. */
static const struct arm64_form scaled = {0x3b000000, 0x39000000};
static const struct arm64_form unscaled = {0x3b200c00, 0x38000000};
static const struct arm64_form pair = {0x3a800000, 0x28000000};

/* Bytes of the frame: len is 0 for other memory, or where that is not known. */
struct range {
	int32_t disp;
	int32_t len;
};

static unsigned int scale_of_one(uint32_t word)
{
	return word & VECTOR && word & WIDE ? 4 : word >> 30;
}

static unsigned int scale_of_pair(uint32_t word)
{
	return 2 + (word & VECTOR ? word >> 30 : word >> 31);
}

static struct range range_of(uint32_t word)
{
	struct range range = {0};

	if (arm64_rn(word) != ARM64_SP_ZR)
		return range;
	if (arm64_is(word, scaled)) {
		range.disp = (int32_t)(word >> 10 & 0xfff) << scale_of_one(word);
		range.len = 1 << scale_of_one(word);
	} else if (arm64_is(word, unscaled)) {
		range.disp = (int32_t)arm64_signed(word, 12, 9);
		range.len = 1 << scale_of_one(word);
	} else if (arm64_is(word, pair)) {
		range.len = 2 << scale_of_pair(word);
		range.disp = (int32_t)arm64_signed(word, 15, 7) * (range.len / 2);
	}
	return range;
}

static void move_words(struct homes *homes, uint32_t word, struct range range)
{
	const uint8_t regs[] = {arm64_rd(word), arm64_rt2(word)};

	for (int32_t i = 0; i < (arm64_is(word, pair) ? 2 : 1); i++) {
		if (word & LOADS)
			homes_load(homes, regs[i], range.disp + i * WORD);
		else
			homes_store(homes, regs[i], range.disp + i * WORD);
	}
}

static void forget(struct homes *homes, const struct arm64_writes *writes, struct range range)
{
	homes->regs &= ~writes->regs;
	if (!writes->memory)
		return;
	if (range.len)
		homes_overwrite(homes, range.disp, range.len);
	else
		homes->spilled = false;
}

bool arm64_carry(uint32_t word, struct homes *homes)
{
	const struct range range = range_of(word);
	struct arm64_writes writes;

	if (!arm64_writes(word, &writes) || writes.regs >> ARM64_SP_ZR)
		return false;
	if (arm64_is(word, ARM64_MOVE))
		homes_move(homes, arm64_rd(word), arm64_rm(word));
	else if (range.len && arm64_is_any(word, words, sizeof(words) / sizeof(words[0])))
		move_words(homes, word, range);
	else
		forget(homes, &writes, range);
	/* What the zero register was given is lost. */
	homes->regs &= ~(1u << ARM64_SP_ZR);
	return true;
}
