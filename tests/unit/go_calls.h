/* SPDX-License-Identifier: BSD-2-Clause */
/* Direct calls in the code of real Go executables, of either architecture. */
#ifndef SS_TESTS_GO_CALLS_H
#define SS_TESTS_GO_CALLS_H

#include "gobin/bytes.h"
#include "gobin/gobin.h"

/* The most bytes that a call has. */
#define GO_CALL_MAX 5

static inline size_t go_call_len(const struct gobin *bin)
{
	return gobin_arch(bin) == GOBIN_ARM64 ? 4 : GO_CALL_MAX;
}

/* What the go_call_len bytes at addr call; 0 where they are no such call. */
static inline uint64_t go_call_target(const struct gobin *bin, uint64_t addr, const uint8_t *bytes)
{
	if (gobin_arch(bin) == GOBIN_ARM64) {
		const uint32_t word = get_le32(bytes);

		/* The lower 26 bits are a signed number of words. */
		if (addr % 4 || word >> 26 != 0x25)
			return 0;
		return addr + (uint64_t)((int64_t)(int32_t)(word << 6) / 16);
	}
	if (bytes[0] != 0xe8)
		return 0;
	return addr + GO_CALL_MAX + (uint64_t)(int64_t)(int32_t)get_le32(bytes + 1);
}

#endif
