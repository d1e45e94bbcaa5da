// SPDX-License-Identifier: BSD-2-Clause
#include "look.h"

#include <stdint.h>
#include <string.h>

#include "gobin/gobin.h"
#include "symbol/stack.h"
#include "symbol/symbols.h"

#include "../gobin_source.h"
#include "require.h"

/* Damaged tables may tell of more. */
#define FUNCS_LOOKED_AT 16

struct look look_take(struct input *in)
{
	struct look look;

	for (size_t i = 0; i < LOOK_PCS; i++)
		look.pcs[i] = input_u16(in);
	return look;
}

/* Reads all of each text: the sanitizer sees whether it ends. */
static size_t read_frames(const struct gobin_frame *frames, size_t n)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		require(frames[i].func && frames[i].line >= 0);
		bytes += strlen(frames[i].func);
		bytes += frames[i].file ? strlen(frames[i].file) : 0;
	}
	return bytes;
}

static void look_at_pc(const struct gobin *bin, struct symbols *symbols, uint64_t addr)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX], bodies[GOBIN_FRAMES_MAX];
	const int n = gobin_frames(bin, addr, frames, GOBIN_FRAMES_MAX);

	require(n == gobin_bodies(bin, addr, bodies, GOBIN_FRAMES_MAX));
	require(n != 0 && n <= GOBIN_FRAMES_MAX);
	(void)gobin_is_assembly(bin, addr);
	for (int i = 0; i < n; i++) {
		require(frames[i].func == bodies[i].func && frames[i].wrapper == bodies[i].wrapper);
		require(strlen(symbols_func_name(symbols, frames[i].func)) > 0 ||
			!frames[i].func[0]);
	}
	if (n > 0)
		read_frames(frames, (size_t)n);
	read_frames(frames, symbols_site(symbols, addr + 1, frames, 3));
}

static void look_at_func(const struct gobin *bin, struct symbols *symbols, size_t i)
{
	struct gobin_func func, found;
	uint8_t byte;

	gobin_func(bin, i, &func);
	require(func.addr <= func.end && func.name);
	require(gobin_find_func(bin, func.name, &found) != -2); /* ENOENT */
	if (func.addr == func.end)
		return;
	require(gobin_func_at(bin, func.end - 1, &found) == 0);
	require(found.addr <= func.end - 1 && func.end - 1 < found.end);
	require(gobin_read(bin, func.end - 1, &byte, 1) == 0);
	look_at_pc(bin, symbols, func.addr);
	look_at_pc(bin, symbols, func.addr + (func.end - func.addr) / 2);
	look_at_pc(bin, symbols, func.end - 1);
}

static void look_at_stack(const struct gobin *bin, const struct look *look, uint64_t text)
{
	const struct symbol_source source = source_of(bin);
	struct stack_frame frames[GOBIN_FRAMES_MAX];
	uint64_t stack[LOOK_PCS];
	size_t n;

	for (size_t i = 0; i < LOOK_PCS; i++)
		stack[i] = text + look->pcs[i];
	n = stack_callers(&source, stack[1], stack, LOOK_PCS, frames, GOBIN_FRAMES_MAX);
	require(n <= GOBIN_FRAMES_MAX);
	require(n == 0 || !frames[n - 1].inlined);
	for (size_t i = 0; i < n; i++)
		read_frames(&frames[i].at, 1);
}

static void look_at_ranges(const struct gobin *bin)
{
	const struct gobin_mapping mapping = gobin_text_mapping(bin);
	uint64_t start, end, offset, addr;
	char id[GOBIN_BUILD_ID_SIZE];

	gobin_text_range(bin, &start, &end);
	require(start < end);
	require(gobin_code_start(bin) <= start);
	require(strlen(gobin_arch_name(bin)) == 5); /* amd64, arm64 */
	require(gobin_file_offset(bin, start, &offset) == 0);
	require(gobin_addr_of_offset(bin, offset, &addr) == 0);
	require(mapping.start <= start && start < mapping.limit);
	require(offset - mapping.offset == start - mapping.start);
	gobin_build_id(bin, id);
	require(strlen(id) < sizeof(id));
	gobin_types_range(bin, &start, &end);
	require(start <= end);
	(void)gobin_is_pie(bin);
	(void)gobin_is_stripped(bin);
	require(strlen(gobin_version_text(bin)) > 0);
}

void look_at(const struct gobin *bin, const struct look *look)
{
	const struct symbols_skip skip = {NULL, 0};
	const struct symbol_source source = source_of(bin);
	struct symbols *symbols = NULL;
	uint64_t text, end;

	look_at_ranges(bin);
	require(symbols_new(&source, NULL, &skip, &symbols) == 0);
	gobin_text_range(bin, &text, &end);
	for (size_t i = 0; i < gobin_nfuncs(bin) && i < FUNCS_LOOKED_AT; i++)
		look_at_func(bin, symbols, i);
	for (size_t i = 0; i < LOOK_PCS; i++)
		look_at_pc(bin, symbols, text + look->pcs[i]);
	look_at_stack(bin, look, text);
	symbols_free(symbols);
}
