// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/othermodules.h"

#include <errno.h>

#include "gobin/bytes.h"

static int read_word(const struct gobin_memory *memory, uint64_t addr, uint64_t *out)
{
	uint8_t raw[sizeof(*out)];
	int err = memory->read(memory->ctx, addr, raw, sizeof(raw));

	if (!err)
		*out = get_le64(raw);
	return err;
}

static int read_types(const struct gobin_memory *memory, uint64_t moduledata,
		      const struct release *release, struct range *out)
{
	uint64_t end;
	int err = read_word(memory, moduledata + release->types, &out->addr);

	if (!err)
		err = read_word(memory, moduledata + release->etypes, &end);
	if (!err)
		out->size = end > out->addr ? end - out->addr : 0;
	return err;
}

void othermodules_begin(struct othermodules *others, const struct gobin_memory *memory,
			const struct moduledata *executable)
{
	others->last = executable->addr + memory->bias;
	others->n = 0;
}

/* -ENOENT behind the last one. */
static int read_next(struct othermodules *others, const struct gobin_memory *memory,
		     const struct release *release)
{
	uint64_t next;
	int err;

	if (others->n == OTHERMODULES_MAX)
		return -ENOENT;
	err = read_word(memory, others->last + release->next, &next);
	if (!err && next == 0)
		return -ENOENT;
	if (!err)
		err = read_types(memory, next, release, &others->types[others->n]);
	if (err)
		return err;
	others->last = next;
	others->n++;
	return 0;
}

int othermodules_types(struct othermodules *others, const struct gobin_memory *memory,
		       const struct release *release, uint64_t addr, struct range *out)
{
	for (size_t i = 0;; i++) {
		int err = i < others->n ? 0 : read_next(others, memory, release);

		if (err)
			return err;
		*out = others->types[i];
		if (addr - out->addr < out->size)
			return 0;
	}
}
