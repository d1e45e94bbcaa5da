// SPDX-License-Identifier: BSD-2-Clause
#include "session/slots.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Slots that are mapped at a time: the whole of a table would count as memory of ours, and some
 * hundred pages cost little to map and to leave. So many slots of any size are whole pages.
 */
#define CHUNK 8192u

/* How far ahead of the slot that is read the next ones are fetched. */
#define AHEAD 16

uint32_t slots_for(uint32_t keys)
{
	uint32_t n = 1;

	if (keys > UINT32_MAX / 4)
		return 0;
	while (n < 2 * keys)
		n *= 2;
	return n;
}

static void drain_chunk(char *slots, uint32_t n, size_t size, slots_fn fn, void *ctx)
{
	for (char *slot = slots; slot < slots + n * size; slot += size) {
		__builtin_prefetch(slot + AHEAD * size);
		if (!*(const uint64_t *)slot)
			continue;
		fn(ctx, slot);
		memset(slot, 0, size);
	}
}

static int map_chunk(int fd, int prot, uint32_t first, uint32_t n, size_t slot_size, void **slots)
{
	*slots = mmap(NULL, n * slot_size, prot, MAP_SHARED, fd, (off_t)first * (off_t)slot_size);
	return *slots == MAP_FAILED ? -errno : 0;
}

int slots_drain(int fd, uint32_t nslots, size_t slot_size, slots_fn fn, void *ctx)
{
	for (uint32_t first = 0; first < nslots; first += CHUNK) {
		const uint32_t n = nslots - first < CHUNK ? nslots - first : CHUNK;
		void *slots;
		int err = map_chunk(fd, PROT_READ | PROT_WRITE, first, n, slot_size, &slots);

		if (err)
			return err;
		drain_chunk(slots, n, slot_size, fn, ctx);
		munmap(slots, n * slot_size);
	}
	return 0;
}

int slots_look(int fd, uint32_t nslots, size_t slot_size, slots_look_fn fn, void *ctx)
{
	for (uint32_t first = 0; first < nslots; first += CHUNK) {
		const uint32_t n = nslots - first < CHUNK ? nslots - first : CHUNK;
		void *slots;
		int err = map_chunk(fd, PROT_READ, first, n, slot_size, &slots);

		if (err)
			return err;
		for (uint32_t i = 0; i < n; i++) {
			const char *slot = (const char *)slots + i * slot_size;

			if (*(const volatile uint64_t *)slot)
				fn(ctx, first + i, slot);
		}
		munmap(slots, n * slot_size);
	}
	return 0;
}
