// SPDX-License-Identifier: BSD-2-Clause
/*
 * typename PID
 *
 * Reads run-time addresses of Go type descriptors from stdin, one hexadecimal number a line, and
 * prints what slicestat takes them for: address, name, size, bytes that may hold pointers and kind,
 * separated by tabs, or address and cause.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "gobin/gobin.h"
#include "target/target.h"

#define NAME_BYTES 65536

static int read_target(void *ctx, uint64_t addr, void *buf, size_t len)
{
	return target_read(ctx, addr, buf, len);
}

static uint64_t find_bias(const struct target *target, const struct gobin *bin)
{
	uint64_t mapped, mapped_offset, text, end, offset;
	struct reason why;

	gobin_text_range(bin, &text, &end);
	if (target_text(target, &mapped, &mapped_offset, &why))
		die("%s", why.text);
	if (gobin_file_offset(bin, text, &offset))
		die("the text is not in the file");
	return mapped + (offset - mapped_offset) - text;
}

static void print_types(const struct gobin *bin, const struct gobin_memory *memory)
{
	static char name[NAME_BYTES];
	struct gobin_type type;
	uint64_t addr;

	while (scanf("%" SCNx64, &addr) == 1) {
		int err = gobin_type_at(bin, memory, addr, &type);

		if (!err)
			err = gobin_type_name(bin, memory, addr, name, sizeof(name));
		if (err)
			printf("0x%" PRIx64 "\t%s\n", addr, strerror(-err));
		else
			printf("0x%" PRIx64 "\t%s\t%" PRIu64 "\t%" PRIu64 "\t%d\n", addr, name,
			       type.size, type.ptr_bytes, type.kind);
	}
}

int main(int argc, char **argv)
{
	struct gobin_memory memory = {.read = read_target};
	struct target *target;
	struct gobin *bin;
	struct reason why;

	if (argc != 2)
		die("usage: typename PID <ADDRESSES");
	if (target_open((pid_t)strtol(argv[1], NULL, 10), &target, &why) ||
	    gobin_open(target_exe_fd(target), &bin, &why))
		die("%s", why.text);
	memory.ctx = target;
	memory.bias = find_bias(target, bin);
	print_types(bin, &memory);
	gobin_free(bin);
	target_free(target);
	return 0;
}
