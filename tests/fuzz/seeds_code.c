// SPDX-License-Identifier: BSD-2-Clause
/*
 * The code of functions, moved to the places that program.h has for it, so that its calls and its
 * constant addresses lead to what stands for the same there: for fuzz_planner and fuzz_scope.
 * fuzz_decode takes it as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"
#include "plan/arch.h"
#include "plan/callsites.h"
#include "plan/code.h"

#include "program.h"
#include "require.h"
#include "seeds.h"

#define CODE_MAX    0x800
#define SCOPE_SEEDS 6l
/* Its numbers are the places in patches. */
#define SLOT_F 7 /* main.f of PROGRAM_CALLS */

/* A function's code at its new address. */
struct moved {
	const struct origin *origin;
	const struct program *program;
	uint64_t to;
	uint8_t bytes[CODE_MAX];
	size_t len;
};

/* What stands for the address: a slot of the same name, a type for any; 0: nothing does. */
static uint64_t stand_in(const struct moved *m, uint64_t addr)
{
	struct gobin_func func;
	uint64_t start, end, found;

	if (gobin_func_at(m->origin->bin, addr, &func) == 0) {
		found = func.addr == addr ? program_find(m->program, func.name) : 0;
		return found ? found : program_addr(m->program, 0);
	}
	gobin_types_range(m->origin->bin, &start, &end);
	if (addr >= start && addr < end)
		return addr / 64 % 2 ? PROGRAM_TYPE : PROGRAM_TYPE2;
	return PROGRAM_TABLE;
}

static void put_word(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

/* The last four bytes are the distance. */
static void retarget_amd64(struct moved *m, size_t at, const struct insn *insn)
{
	const size_t end = at + insn->len;

	if (insn->len >= 5)
		put_word(m->bytes + end - 4, (uint32_t)(stand_in(m, insn->target) - (m->to + end)));
}

/* b, bl; adrp with the add behind it. */
static void retarget_arm64(struct moved *m, size_t at, const struct insn *insn)
{
	const uint64_t pc = m->to + at;
	const uint32_t word = get_le32(m->bytes + at);
	uint64_t to = stand_in(m, insn->target);
	uint32_t next, pages;

	if (insn->kind == INSN_CALL || insn->kind == INSN_JUMP) {
		put_word(m->bytes + at,
			 (word & 0xfc000000) | ((uint32_t)(to - pc) >> 2 & 0x3ffffff));
		return;
	}
	if (insn->kind != INSN_ADDRESS || at + 8 > m->len)
		return;
	next = get_le32(m->bytes + at + 4);
	if ((next & 0xffc00000) == 0x91000000)
		to = stand_in(m, insn->target + (next >> 10 & 0xfff));
	pages = (uint32_t)((to >> 12) - (pc >> 12));
	put_word(m->bytes + at,
		 (word & 0x9f00001f) | (pages & 3) << 29 | (pages >> 2 & 0x7ffff) << 5);
	if ((next & 0xffc00000) == 0x91000000)
		put_word(m->bytes + at + 4, (next & 0xffc003ff) | (uint32_t)(to & 0xfff) << 10);
}

static void retarget(struct moved *m, const struct code *code, uint64_t from)
{
	for (size_t i = 0; i < code_count(code); i++) {
		const struct insn *insn = code_insn(code, i);
		const bool leaves = insn->kind == INSN_CALL || insn->kind == INSN_JUMP ||
				    insn->kind == INSN_BRANCH || insn->kind == INSN_ADDRESS;

		if (!leaves || !insn->target || insn->target - from < m->len)
			continue;
		if (gobin_arch(m->origin->bin) == GOBIN_AMD64)
			retarget_amd64(m, insn->addr - from, insn);
		else
			retarget_arm64(m, insn->addr - from, insn);
	}
}

/* False where the function is not there, or too large. */
static bool move_func(struct moved *m, const struct gobin_func *func)
{
	const struct plan_arch *arch = plan_arch_by_id(gobin_arch(m->origin->bin));
	struct code *code = NULL;
	struct reason why = {""};

	m->len = func->end - func->addr;
	if (m->len > sizeof(m->bytes) || gobin_read(m->origin->bin, func->addr, m->bytes, m->len) ||
	    code_decode_open(arch, m->bytes, m->len, func->addr, &code, &why))
		return false;
	retarget(m, code, func->addr);
	code_free(code);
	return true;
}

static struct moved moved_to(const struct origin *origin, size_t program, size_t slot)
{
	return (struct moved){.origin = origin,
			      .program = &programs[program],
			      .to = program_addr(&programs[program], slot)};
}

/* A function of the user's for those of which the program has none. */
static bool find_code(const struct origin *origin, const char *name, struct gobin_func *func)
{
	static const char *const users[][2] = {
		{"main.f", "main.appendMany"},
		{"main.(*T).m", "main.appendRows"},
		{"main.g[go.shape.int]", "main.grow[go.shape.uint16]"},
		{"main.S[go.shape.*uint8].m", "main.none"},
	};

	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		if (strcmp(name, users[i][0]) == 0)
			name = users[i][1];
	return gobin_find_func(origin->bin, name, func) == 0;
}

static void put_code(const struct origin *origin, struct seed *seed, size_t program, size_t slot)
{
	struct moved m = moved_to(origin, program, slot);
	const struct slot *to = &programs[program].slots[slot];
	struct gobin_func func;

	if (find_code(origin, to->name, &func) && to->room > 0x10 && move_func(&m, &func) &&
	    m.len <= to->room)
		seed_patch(seed, slot, 0, m.bytes, m.len);
}

/* All that the program has room for. */
static void put_plan(const struct origin *origin, size_t program, const char *record, size_t number)
{
	struct seed seed = {.len = 0};
	char part[32];

	seed_byte(&seed, origin->layout);
	seed_byte(&seed, (uint8_t)program);
	seed_u16(&seed, 0);
	seed_byte(&seed, record ? 3 : 0);
	seed_byte(&seed, program == PROGRAM_OTHER && number != 1);
	seed_put(&seed, record ? record : "", record ? strlen(record) + 1 : 1);
	for (size_t slot = 0; slot < programs[program].nslots; slot++)
		put_code(origin, &seed, program, slot);
	snprintf(part, sizeof(part), "%zu-%zu", program, number);
	seed_write(origin, "planner", part, &seed);
}

/* With and without a recorded function. */
static void put_planner(const struct origin *origin)
{
	static const char *const records[] = {NULL, "main.S.m", "main.(*T).m", "main.g[...]",
					      "main.L.func1"};

	put_plan(origin, PROGRAM_GROW, NULL, 0);
	put_plan(origin, PROGRAM_GROW, "main.f", 1);
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		put_plan(origin, PROGRAM_OTHER, records[i], i);
}

static bool put_scope(const struct origin *origin, const struct gobin_func *func, size_t number)
{
	struct moved m = moved_to(origin, PROGRAM_CALLS, SLOT_F);
	struct seed seed = {.len = 0};
	char part[32];

	if (!move_func(&m, func) || m.len > programs[PROGRAM_CALLS].slots[SLOT_F].room)
		return false;
	seed_byte(&seed, origin->layout);
	seed_byte(&seed, 0);
	seed_byte(&seed, 0);
	seed_byte(&seed, 0);
	seed_patch(&seed, SLOT_F, 0, m.bytes, m.len);
	snprintf(part, sizeof(part), "%zu", number);
	seed_write(origin, "scope", part, &seed);
	return true;
}

/* The start of the function, as it is. */
static void put_decode(const struct origin *origin, const struct gobin_func *func, size_t number)
{
	struct seed seed = {.len = 0};
	const size_t len = func->end - func->addr;
	uint8_t bytes[256];
	char part[32];

	if (len < sizeof(bytes) || gobin_read(origin->bin, func->addr, bytes, sizeof(bytes)))
		return;
	seed_byte(&seed, gobin_arch(origin->bin) != GOBIN_AMD64);
	seed_put(&seed, bytes, sizeof(bytes));
	snprintf(part, sizeof(part), "%zu", number);
	seed_write(origin, "decode", part, &seed);
}

/* Functions that call growslice and makeslice, from all over the program. */
static void put_scopes(const struct origin *origin)
{
	struct callee callees[2] = {{.type_arg = 4}, {.type_arg = 0}};
	struct callsite *sites = NULL;
	struct reason why = {""};
	struct gobin_func func;
	size_t number = 0;
	int64_t n;

	require(gobin_find_func(origin->bin, "runtime.growslice", &func) == 0);
	callees[0].addr = func.addr;
	require(gobin_find_func(origin->bin, "runtime.makeslice", &func) == 0);
	callees[1].addr = func.addr;
	n = callsites_find(origin->bin, callees, 2, &sites, &why);
	require(n > SCOPE_SEEDS);
	for (int64_t i = 0; i < n && number < SCOPE_SEEDS; i += n / (3 * SCOPE_SEEDS)) {
		if (gobin_func_at(origin->bin, sites[i].call, &func))
			continue;
		put_decode(origin, &func, number);
		number += put_scope(origin, &func, number);
	}
	free(sites);
}

void seeds_of_code(const struct origin *origin)
{
	put_planner(origin);
	put_scopes(origin);
}
