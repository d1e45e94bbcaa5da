// SPDX-License-Identifier: BSD-2-Clause
#include "gobin/othermodules.h"

#include <errno.h>

#include "gobin/bytes.h"

/* A process with more plugins is made up, or its list of modules runs in a circle. */
#define MAX_MODULES 256

static int read_word(const struct gobin_memory *memory, uint64_t addr, uint64_t *out)
{
	uint8_t raw[sizeof(*out)];
	int err = memory->read(memory->ctx, addr, raw, sizeof(raw));

	if (!err)
		*out = get_le64(raw);
	return err;
}

static int read_types(const struct gobin_memory *memory, uint64_t moduledata,
		      const struct moduledata_layout *layout, struct range *out)
{
	uint64_t end;
	int err = read_word(memory, moduledata + layout->types, &out->addr);

	if (!err)
		err = read_word(memory, moduledata + layout->etypes, &end);
	if (!err)
		out->size = end > out->addr ? end - out->addr : 0;
	return err;
}

int othermodules_types(const struct gobin_memory *memory, const struct moduledata *executable,
		       const struct moduledata_layout *layout, uint64_t addr, struct range *out)
{
	uint64_t moduledata = executable->addr + memory->bias;

	for (unsigned int n = 0; n < MAX_MODULES; n++) {
		int err = read_word(memory, moduledata + layout->next, &moduledata);

		if (!err && moduledata == 0)
			return -ENOENT;
		if (!err)
			err = read_types(memory, moduledata, layout, out);
		if (err)
			return err;
		if (addr - out->addr < out->size)
			return 0;
	}
	return -ENOENT;
}
