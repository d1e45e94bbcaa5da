// SPDX-License-Identifier: BSD-2-Clause
/* Descriptors of types that are passed to growslice and makeslice, with their names: fuzz_types. */
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/gonames.h"
#include "plan/callsites.h"

#include "require.h"
#include "seeds.h"
#include "types_layout.h"

#define STRIDE 0x40
#define TYPES  (TYPES_NAMES / STRIDE)

struct cut {
	const struct origin *origin;
	uint8_t types[TYPES_BYTES];
	size_t n;
	size_t names;
};

static void put_type(struct cut *cut, uint64_t addr)
{
	const struct moduledata *data = &cut->origin->mod.data;
	const struct type_source source = {
		.img = cut->origin->img, .start = data->types, .end = data->etypes};
	uint8_t *at = cut->types + cut->n * STRIDE;
	const uint32_t str = (uint32_t)cut->names;
	struct goname name;
	size_t len;

	if (type_source_read(&source, addr, at, STRIDE) ||
	    goname_read(&source, data->types + get_le32(at + TYPE_AT_STR), &name))
		return;
	len = name.text + name.len - (data->types + get_le32(at + TYPE_AT_STR));
	if (len > TYPES_BYTES - cut->names ||
	    type_source_read(&source, data->types + get_le32(at + TYPE_AT_STR),
			     cut->types + cut->names, len))
		return;
	memcpy(at + TYPE_AT_STR, &str, sizeof(str));
	cut->names += len;
	cut->n++;
}

static bool is_new(const struct callsite *sites, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (sites[j].type == sites[i].type)
			return false;
	return sites[i].type != 0;
}

static void put_seed(const struct cut *cut)
{
	struct seed seed = {.len = 0};

	seed_byte(&seed, cut->origin->layout);
	seed_u16(&seed, 1000);
	for (size_t i = 0; i < 4; i++)
		seed_u16(&seed, i * 2 * MADE_BYTES);
	seed_patch(&seed, 0, 0, cut->types, sizeof(cut->types));
	seed_write(cut->origin, "types", "types", &seed);
}

/* All kinds that are made in fuzz_types itself. */
static void put_made(const struct origin *origin)
{
	struct seed seed = {.len = 0};

	seed_byte(&seed, origin->layout);
	seed_u16(&seed, 1000);
	for (size_t i = 0; i < 4; i++)
		seed_u16(&seed, (i + 4) * MADE_BYTES);
	seed_write(origin, "types", "made", &seed);
}

void seeds_of_types(const struct origin *origin)
{
	struct cut cut = {.origin = origin, .names = TYPES_NAMES};
	struct callee callee = {.type_arg = 4};
	struct callsite *sites = NULL;
	struct reason why = {""};
	struct gobin_func func;
	int64_t n;

	require(gobin_find_func(origin->bin, "runtime.growslice", &func) == 0);
	callee.addr = func.addr;
	n = callsites_find(origin->bin, &callee, 1, &sites, &why);
	require(n > 0);
	for (size_t i = 0; i < (size_t)n && cut.n < TYPES; i++)
		if (is_new(sites, i))
			put_type(&cut, sites[i].type);
	free(sites);
	put_seed(&cut);
	put_made(origin);
}
