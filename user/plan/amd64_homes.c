// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where a value lies behind an instruction: copies are told from the encodings that compilers use
 * for them, all else from what amd64_keeps knows.
 */
#include "plan/amd64_homes.h"

#include "gobin/bytes.h"
#include "plan/amd64_keeps.h"
#include "plan/amd64_length.h"

#define RSP  4
#define REGS 16

#define REX_B 0x01
#define REX_X 0x02
#define REX_R 0x04
#define REX_W 0x08

#define MOV_STORE 0x89
#define MOV_LOAD  0x8b

/* The most that an instruction which amd64_keeps knows can write: a vector register. */
#define STORE_MAX 16

/* What ModRM.rm names, as far as it matters here. */
enum place {
	ELSEWHERE, /* or not known */
	REGISTER,
	FRAME,	/* [rsp + disp] */
	STATIC, /* [rip + disp]: no stack lies there */
};

struct operand {
	enum place place;
	int32_t disp;
};

/* Whether it starts without the legacy prefixes, which none of the forms told apart here has. */
static bool is_plain(const uint8_t *bytes, const struct amd64_insn *insn)
{
	if (insn->rex)
		return bytes[0] == insn->rex;
	return bytes[0] == (insn->map == AMD64_MAP_0F ? 0x0f : insn->opcode);
}

/* For instructions with ModRM. */
static struct operand operand_of(const uint8_t *bytes, const struct amd64_insn *insn)
{
	const uint8_t *modrm = bytes + (insn->rex != 0) + (insn->map == AMD64_MAP_0F) + 1;
	const uint8_t mod = insn->modrm >> 6;

	if (!is_plain(bytes, insn))
		return (struct operand){.place = ELSEWHERE};
	if (mod == 3)
		return (struct operand){.place = REGISTER};
	if ((insn->modrm & 0xc7) == 0x05)
		return (struct operand){.place = STATIC};
	/* SIB: rsp as base, no index. */
	if ((insn->modrm & 7) != 4 || (modrm[1] & 0x3f) != 0x24 || insn->rex & (REX_X | REX_B))
		return (struct operand){.place = ELSEWHERE};
	if (mod == 0)
		return (struct operand){.place = FRAME};
	return (struct operand){
		.place = FRAME,
		.disp = mod == 1 ? (int8_t)modrm[2] : (int32_t)get_le32(modrm + 2),
	};
}

/* mov of 8 bytes between a register and another one or memory. */
static bool is_move(const struct amd64_insn *insn)
{
	return insn->map == AMD64_MAP_ONE && insn->rex & REX_W &&
	       (insn->opcode == MOV_STORE || insn->opcode == MOV_LOAD);
}

/* Pushes, pops, and all that writes the stack pointer or what is not known. */
static bool moves_stack(const struct amd64_insn *insn)
{
	if (insn->map == AMD64_MAP_ONE && ((insn->opcode & 0xf0) == 0x50 ||
					   (insn->opcode == 0xff && (insn->modrm >> 3 & 7) == 6)))
		return true;
	return !amd64_keeps(insn, RSP);
}

static void move_word(struct homes *homes, const struct amd64_insn *insn,
		      const struct operand *operand)
{
	const uint8_t reg = (insn->modrm >> 3 & 7) | (insn->rex & REX_R ? 8 : 0);
	const uint8_t rm = (insn->modrm & 7) | (insn->rex & REX_B ? 8 : 0);
	const bool loads = insn->opcode == MOV_LOAD;

	if (operand->place == REGISTER)
		homes_move(homes, loads ? reg : rm, loads ? rm : reg);
	else if (loads)
		homes_load(homes, reg, operand->disp);
	else
		homes_store(homes, reg, operand->disp);
}

static void forget(struct homes *homes, const struct amd64_insn *insn,
		   const struct operand *operand)
{
	for (uint8_t reg = 0; reg < REGS; reg++)
		if (homes->regs >> reg & 1 && !amd64_keeps(insn, reg))
			homes->regs &= ~(1u << reg);
	if (!amd64_stores(insn) || operand->place == STATIC)
		return;
	if (operand->place == FRAME)
		homes_overwrite(homes, operand->disp, STORE_MAX);
	else
		homes->spilled = false;
}

bool amd64_carry(const uint8_t *bytes, size_t left, struct homes *homes)
{
	struct operand operand = {.place = ELSEWHERE};
	struct amd64_insn insn;

	if (amd64_length(bytes, left, &insn) || moves_stack(&insn))
		return false;
	if (is_move(&insn) || amd64_stores(&insn))
		operand = operand_of(bytes, &insn);
	if (is_move(&insn) && (operand.place == REGISTER || operand.place == FRAME))
		move_word(homes, &insn, &operand);
	else
		forget(homes, &insn, &operand);
	return true;
}
