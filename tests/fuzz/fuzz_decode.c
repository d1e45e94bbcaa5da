// SPDX-License-Identifier: BSD-2-Clause
/*
 * Instructions: what the planner tells from their encoding agrees with a disassembler, Capstone,
 * wherever that knows them. Input: the architecture, code.
 */
#include <stdbool.h>
#include <string.h>

#include "plan/arch.h"
#include "plan/arm64_keeps.h"
#include "plan/code.h"

#include "input.h"
#include "require.h"

#define CODE_MAX  256
#define CODE_ADDR 0x401000

/* Of Capstone's numbers of registers. */
#define REGS_MAX 512

struct decoder {
	const struct plan_arch *arch;
	csh cs;
	cs_insn *insn;
	/* By its number of a register: the general register that it is or is part of, or -1. */
	int general[REGS_MAX];
};

static int find_general(const struct plan_arch *arch, const char *name)
{
	static const char *const low[8][5] = {
		{"rax", "eax", "ax", "al", "ah"}, {"rcx", "ecx", "cx", "cl", "ch"},
		{"rdx", "edx", "dx", "dl", "dh"}, {"rbx", "ebx", "bx", "bl", "bh"},
		{"rsp", "esp", "sp", "spl", ""},  {"rbp", "ebp", "bp", "bpl", ""},
		{"rsi", "esi", "si", "sil", ""},  {"rdi", "edi", "di", "dil", ""},
	};
	const bool amd64 = arch->id == GOBIN_AMD64;
	char *end = NULL;
	long n;

	for (int i = 0; i < 8 && amd64; i++)
		for (int part = 0; part < 5; part++)
			if (strcmp(name, low[i][part]) == 0)
				return i;
	if (!amd64 && (strcmp(name, "fp") == 0 || strcmp(name, "lr") == 0))
		return name[0] == 'f' ? 29 : 30;
	if (name[0] != (amd64 ? 'r' : 'x') && (amd64 || name[0] != 'w'))
		return -1;
	n = strtol(name + 1, &end, 10);
	return end == name + 1 ? -1 : (int)n;
}

static void find_generals(struct decoder *d)
{
	for (unsigned int i = 0; i < REGS_MAX; i++) {
		const char *name = cs_reg_name(d->cs, i);

		d->general[i] = name ? find_general(d->arch, name) : -1;
	}
}

static const struct decoder *decoder_of(uint8_t number)
{
	static struct decoder decoders[2] = {{.arch = &plan_arch_amd64},
					     {.arch = &plan_arch_arm64}};
	struct decoder *d = &decoders[number % 2];

	if (!d->insn) {
		require(cs_open(d->arch->cs_arch, d->arch->cs_mode, &d->cs) == CS_ERR_OK);
		require(cs_option(d->cs, CS_OPT_DETAIL, CS_OPT_ON) == CS_ERR_OK);
		d->insn = cs_malloc(d->cs);
		require(d->insn);
		find_generals(d);
	}
	return d;
}

/* What an instruction is that leaves the straight line. */
static bool leaves(enum insn_kind kind)
{
	return kind == INSN_RET || kind == INSN_ESCAPE || kind == INSN_CALL || kind == INSN_JUMP ||
	       kind == INSN_BRANCH;
}

/* Whether there are an address size prefix, or an operand size and a repeat prefix. */
static bool has_odd_prefixes(const cs_insn *insn)
{
	bool size = false, repeat = false;

	for (uint16_t i = 0; i < insn->size && insn->bytes[i] &&
			     strchr("\x26\x2e\x36\x3e\x64\x65\x66\x67\xf0\xf2\xf3", insn->bytes[i]);
	     i++) {
		if (insn->bytes[i] == 0x67)
			return true;
		size = size || insn->bytes[i] == 0x66;
		repeat = repeat || insn->bytes[i] >= 0xf2;
	}
	return size && repeat;
}

/*
 * What Capstone 4 has wrong: comparisons write nothing, ud0 and ud1 have a ModRM, the address size
 * changes no branch, a repeat prefix hides no operand size, xchg of rax with itself and a prefix is
 * pause, the operand size no return's immediate, rounding takes no byte; sysret and sysexit always
 * fault in a process.
 */
static bool is_disputed(const struct decoder *d)
{
	static const char *const mnemonics[] = {"test", "cmp", "tst",  "cmn",	 "ud0",	   "ud1",
						"ud2b", "ret", "xchg", "sysret", "sysexit"};

	if (d->arch->id == GOBIN_AMD64 && has_odd_prefixes(d->insn))
		return true;
	if (strstr(d->insn->op_str, "-sae}"))
		return true;
	for (size_t i = 0; i < sizeof(mnemonics) / sizeof(mnemonics[0]); i++)
		if (strcmp(d->insn->mnemonic, mnemonics[i]) == 0)
			return true;
	return false;
}

static void check_step(const struct decoder *d, const struct step *step)
{
	struct insn lifted = {.addr = d->insn->address, .len = (uint8_t)d->insn->size};

	d->arch->lift(d->insn, &lifted);
	require(step->len == d->insn->size);
	if (step->kind == STEP_ON)
		require(!leaves(lifted.kind));
	if (lifted.kind == INSN_BRANCH || lifted.kind == INSN_JUMP)
		require(!step->target || step->target == lifted.target);
}

/* The general registers of which the instruction writes a part, but for amd64's stack pointer. */
static uint32_t written_by(const struct decoder *d)
{
	cs_regs read, written;
	uint8_t nread, nwritten;
	uint32_t mask = 0;

	if (cs_regs_access(d->cs, d->insn, read, &nread, written, &nwritten))
		return 0;
	for (uint8_t i = 0; i < nwritten; i++)
		if (written[i] < REGS_MAX && d->general[written[i]] >= 0)
			mask |= 1u << d->general[written[i]];
	return d->arch->id == GOBIN_AMD64 ? mask & ~(1u << 4) : mask;
}

/* "mov rax, rax", "mov x0, x0" */
static bool is_self_move(const cs_insn *insn)
{
	const char *comma = strchr(insn->op_str, ',');
	const size_t len = comma ? (size_t)(comma - insn->op_str) : 0;

	return comma && strcmp(insn->mnemonic, "mov") == 0 && strchr("rx", insn->op_str[0]) &&
	       strlen(comma) == len + 2 && strncmp(insn->op_str, comma + 2, len) == 0;
}

/* What is written is not kept. */
static void check_keeps(const struct decoder *d, const struct text *text, size_t at)
{
	const uint32_t written = written_by(d);

	for (uint8_t reg = 0; reg < 31; reg++)
		if (written >> reg & 1)
			require(!d->arch->calls->keeps(text, at, reg));
}

/* A value that is written over lies there no more; where it lies besides was written. */
static void check_carry(const struct decoder *d, const struct text *text, size_t at)
{
	const uint32_t written = written_by(d);

	for (uint8_t reg = 0; reg < 31; reg++) {
		struct homes homes = {.regs = 1u << reg};
		const uint32_t bit = 1u << reg;

		if (!d->arch->calls->carry(text, at, &homes))
			continue;
		if (written & bit)
			require(!(homes.regs & bit) || is_self_move(d->insn));
		require(!(homes.regs & ~bit & ~written));
		require(!homes.spilled || homes.slot >= 0);
	}
}

static void check_price(const struct decoder *d, const struct text *text, size_t at, size_t len)
{
	const int price = d->arch->price(text->bytes + at, len);

	require(price < 0 || price == PLAN_EMULATED || price == PLAN_STEPPED);
}

/* The length of what is there; 0 where nothing decodes. */
static size_t check_insn(const struct decoder *d, const struct text *text, size_t at)
{
	const uint8_t *next = text->bytes + at;
	uint64_t addr = text->addr + at;
	size_t left = text->len - at;
	struct step step;

	if (!d->arch->calls->step(text, at, &step))
		return 0;
	require(step.len > 0 && step.len <= left);
	check_price(d, text, at, step.len);
	if (!cs_disasm_iter(d->cs, &next, &left, &addr, d->insn) || is_disputed(d))
		return step.len;
	check_step(d, &step);
	check_keeps(d, text, at);
	if (step.kind == STEP_ON)
		check_carry(d, text, at);
	return step.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const struct decoder *d = decoder_of(input_byte(&in));
	uint8_t bytes[CODE_MAX];
	struct text text = {.bytes = bytes, .addr = CODE_ADDR};
	size_t len = 1;

	text.len = input_take(&in, bytes, sizeof(bytes));
	for (size_t at = 0; at < text.len && len; at += len)
		len = check_insn(d, &text, at);
	return 0;
}
