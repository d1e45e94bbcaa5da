// SPDX-License-Identifier: BSD-2-Clause
#include "plan/code.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/arch.h"

struct code {
	const struct plan_arch *arch;
	csh cs;
	uint64_t addr;
	size_t len;
	size_t count;
	uint8_t *bytes;
	uint32_t *starts; /* by byte: 1 + index of the instruction that starts there, else 0 */
	struct insn *insns;
};

static struct code *code_new(const struct plan_arch *arch, const uint8_t *bytes, size_t len,
			     uint64_t addr)
{
	struct code *code = calloc(1, sizeof(*code));

	if (!code)
		return NULL;
	code->arch = arch;
	code->addr = addr;
	code->len = len;
	code->bytes = malloc(len);
	code->starts = calloc(len, sizeof(*code->starts));
	/* No instruction is shorter than a byte. */
	code->insns = calloc(len, sizeof(*code->insns));
	if (!code->bytes || !code->starts || !code->insns ||
	    cs_open(arch->cs_arch, arch->cs_mode, &code->cs) != CS_ERR_OK ||
	    cs_option(code->cs, CS_OPT_DETAIL, CS_OPT_ON) != CS_ERR_OK ||
	    cs_option(code->cs, CS_OPT_SKIPDATA, arch->insn_len ? CS_OPT_ON : CS_OPT_OFF) !=
		    CS_ERR_OK) {
		code_free(code);
		return NULL;
	}
	memcpy(code->bytes, bytes, len);
	return code;
}

void code_free(struct code *code)
{
	if (!code)
		return;
	if (code->cs)
		cs_close(&code->cs);
	free(code->insns);
	free(code->starts);
	free(code->bytes);
	free(code);
}

static int decode_insns(struct code *code, struct reason *why)
{
	const uint8_t *next = code->bytes;
	size_t left = code->len;
	uint64_t addr = code->addr;
	cs_insn *cs = cs_malloc(code->cs);

	if (!cs)
		return reason_set(why, -ENOMEM, "out of memory");
	while (left && cs_disasm_iter(code->cs, &next, &left, &addr, cs)) {
		struct insn *insn = &code->insns[code->count];

		insn->addr = cs->address;
		insn->len = (uint8_t)cs->size;
		code->arch->lift(cs, insn);
		code->starts[cs->address - code->addr] = (uint32_t)++code->count;
	}
	cs_free(cs, 1);
	if (left)
		return reason_set(why, -EBADMSG, "its code does not decode at +0x%zx",
				  code->len - left);
	return 0;
}

/*
 * What is loaded from the function itself is no code but constants: the assembler puts them behind
 * it. They end here as what is never passed, so that none is taken for an instruction.
 */
static void note_literals(struct code *code)
{
	for (size_t i = 0; i < code->count; i++) {
		const struct insn *insn = &code->insns[i];
		const uint64_t from = insn->target - code->addr;

		if (insn->kind != INSN_LITERAL)
			continue;
		for (uint64_t at = from; at - from < (uint64_t)insn->imm && at < code->len; at++)
			if (code->starts[at])
				code->insns[code->starts[at] - 1].kind = INSN_TRAP;
	}
}

static bool is_transfer(const struct insn *insn)
{
	return insn->kind == INSN_JUMP || insn->kind == INSN_BRANCH || insn->kind == INSN_CALL;
}

/* Returns are no way out that counts here, nor calls, which come back. */
static int refuse_exit(const struct code *code, const struct insn *insn, struct reason *why)
{
	uint64_t at = insn->addr - code->addr;

	if (insn->kind == INSN_ESCAPE)
		return reason_set(why, -EBADMSG,
				  "it can leave by the jump at +0x%llx, whose goal "
				  "the code does not tell",
				  (unsigned long long)at);
	if (is_transfer(insn) && insn->kind != INSN_CALL && insn->target - code->addr >= code->len)
		return reason_set(why, -EBADMSG, "it can leave by the jump at +0x%llx",
				  (unsigned long long)at);
	return 0;
}

static int note_transfer(struct code *code, const struct insn *insn, struct reason *why)
{
	uint64_t at = insn->addr - code->addr;
	uint64_t to = insn->target - code->addr;

	if (!is_transfer(insn) || to >= code->len)
		return 0;
	if (!code->starts[to])
		return reason_set(why, -EBADMSG,
				  "the branch at +0x%llx goes into the middle of an instruction",
				  (unsigned long long)at);
	if (insn->kind != INSN_CALL || to)
		code->insns[code->starts[to] - 1].entered++;
	return 0;
}

/* Behind these, padding included, control does not reach the next function. */
static bool ends_function(const struct insn *insn)
{
	return insn->kind == INSN_NOP || insn->kind == INSN_TRAP || insn->kind == INSN_RET ||
	       insn->kind == INSN_JUMP || insn->kind == INSN_CALL || insn->kind == INSN_ESCAPE;
}

static int note_transfers(struct code *code, bool open, struct reason *why)
{
	for (size_t i = 0; i < code->count; i++) {
		int err = open ? 0 : refuse_exit(code, &code->insns[i], why);

		if (!err)
			err = note_transfer(code, &code->insns[i], why);
		if (err)
			return err;
	}
	if (!ends_function(&code->insns[code->count - 1]))
		return reason_set(why, -EBADMSG, "its code runs on into the next function");
	return 0;
}

static int decode(const struct plan_arch *arch, const uint8_t *bytes, size_t len, uint64_t addr,
		  bool open, struct code **out, struct reason *why)
{
	struct code *code;
	int err;

	if (!len)
		return reason_set(why, -EBADMSG, "it has no code");
	if (len > (open ? CODE_OPEN_LEN_MAX : CODE_LEN_MAX))
		return reason_set(why, -EFBIG, "its %zu bytes of code are more than are looked at",
				  len);
	code = code_new(arch, bytes, len, addr);
	if (!code)
		return reason_set(why, -ENOMEM, "out of memory");
	err = decode_insns(code, why);
	if (!err) {
		note_literals(code);
		err = note_transfers(code, open, why);
	}
	if (err) {
		code_free(code);
		return err;
	}
	*out = code;
	return 0;
}

int code_decode(const struct plan_arch *arch, const uint8_t *bytes, size_t len, uint64_t addr,
		struct code **out, struct reason *why)
{
	return decode(arch, bytes, len, addr, false, out, why);
}

int code_decode_open(const struct plan_arch *arch, const uint8_t *bytes, size_t len, uint64_t addr,
		     struct code **out, struct reason *why)
{
	return decode(arch, bytes, len, addr, true, out, why);
}

const struct plan_arch *code_arch(const struct code *code)
{
	return code->arch;
}

size_t code_count(const struct code *code)
{
	return code->count;
}

const struct insn *code_insn(const struct code *code, size_t i)
{
	return &code->insns[i];
}

uint64_t code_offset(const struct code *code, size_t i)
{
	return code->insns[i].addr - code->addr;
}

const uint8_t *code_bytes(const struct code *code, size_t i)
{
	return code->bytes + code_offset(code, i);
}

int code_find(const struct code *code, uint64_t addr, size_t *i)
{
	uint64_t at = addr - code->addr;

	if (at >= code->len || !code->starts[at])
		return -ENOENT;
	*i = code->starts[at] - 1;
	return 0;
}

void code_text(const struct code *code, size_t i, char *buf, size_t size)
{
	const struct insn *insn = &code->insns[i];
	cs_insn *cs;
	size_t n = cs_disasm(code->cs, code_bytes(code, i), insn->len, insn->addr, 1, &cs);

	if (!n) {
		snprintf(buf, size, "?");
		return;
	}
	snprintf(buf, size, "%s%s%s", cs->mnemonic, cs->op_str[0] ? " " : "", cs->op_str);
	cs_free(cs, n);
}
