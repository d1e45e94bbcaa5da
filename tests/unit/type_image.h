/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A made executable with types, and the memory of a process that runs it, where tests put types as
 * reflect and plugins do. To be included behind cmocka.h.
 */
#ifndef SS_TESTS_TYPE_IMAGE_H
#define SS_TESTS_TYPE_IMAGE_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"
#include "gobin/gobin.h"

#include "go_image.h"
#include "open_image.h"

/* The types of the executable; names lie behind the descriptors. */
#define TYPES_OFFSET 0x2800
#define TYPES_BYTES  0x800
#define TYPES_ADDR   (IMG_RODATA_ADDR + TYPES_OFFSET - IMG_RODATA)
#define TYPES_NAMES  0x400

/* moduledata of Go 1.22 to 1.25 */
#define MODULE_TYPES	0x128
#define MODULE_ETYPES	0x130
#define MODULE_NEXT	0x240
#define MODULE_NEXT_122 0x248

#define BIAS	   0x7000000000ull
#define HEAP	   0xc000000000ull
#define HEAP_BYTES 0x4000

/* reflect.Kind */
enum {
	INVALID,
	INT = 2,
	UINT8 = 8,
	ARRAY = 17,
	CHAN,
	FUNC,
	INTERFACE,
	MAP,
	POINTER,
	SLICE,
	STRING,
	STRUCT,
	UNSAFE_POINTER,
};

/* What is put into a descriptor: abi.Type. */
struct made_type {
	uint64_t size, ptr_bytes;
	uint8_t flags, kind;
	int32_t str;
};

/* The process: its heap, and the moduledata of the executable, all else unmapped. */
struct process {
	uint8_t heap[HEAP_BYTES];
	uint64_t used; /* bytes of the heap */
	uint8_t module[0x250];
	unsigned int reads;
	struct gobin_memory memory;
};

struct types_image {
	struct go_image img;
	uint64_t names; /* bytes of names */
};

static inline void put_descriptor(uint8_t *at, const struct made_type *t)
{
	memset(at, 0, 48);
	put_le64(at, t->size);
	put_le64(at + 8, t->ptr_bytes);
	at[20] = t->flags;
	at[21] = at[22] = t->size % 8 || !t->size ? 1 : 8;
	at[23] = t->kind;
	for (int i = 0; i < 4; i++)
		at[40 + i] = (uint8_t)((uint32_t)t->str >> (8 * i));
}

static inline void make_types_image(struct types_image *t, const struct img_layout *row)
{
	img_make(&t->img, row);
	img_put(&t->img, IMG_MODULE + MODULE_TYPES, TYPES_ADDR, 8);
	img_put(&t->img, IMG_MODULE + MODULE_ETYPES, TYPES_ADDR + TYPES_BYTES, 8);
	t->names = TYPES_NAMES;
}

/* A name's bytes as abi.Name has them; the number of them. */
static inline size_t put_goname(uint8_t *at, uint8_t flags, const char *text, const char *tag)
{
	size_t used = 0;

	at[used++] = flags;
	for (const char *part = text; part; part = part == text ? tag : NULL) {
		size_t len = strlen(part);

		for (size_t left = len;; left >>= 7) {
			at[used++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
			if (left <= 0x7f)
				break;
		}
		for (size_t i = 0; i < len; i++)
			at[used++] = (uint8_t)part[i];
	}
	return used;
}

/* Put the descriptor number n with this name into the image; its link-time address. */
static inline uint64_t add_type(struct types_image *t, size_t n, struct made_type type,
				const char *name)
{
	type.str = (int32_t)t->names;
	put_descriptor(t->img.b + TYPES_OFFSET + 64 * n, &type);
	t->names += put_goname(t->img.b + TYPES_OFFSET + t->names, 0, name, NULL);
	assert_true(t->names <= TYPES_BYTES);
	return TYPES_ADDR + 64 * n;
}

static inline int read_process(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct process *p = ctx;
	const uint64_t module = IMG_MODULE_ADDR + BIAS;

	p->reads++;
	if (addr >= HEAP && addr - HEAP <= sizeof(p->heap) - len)
		memcpy(buf, p->heap + (addr - HEAP), len);
	else if (addr >= module && addr - module <= sizeof(p->module) - len)
		memcpy(buf, p->module + (addr - module), len);
	else
		return -EFAULT;
	return 0;
}

static inline void make_process(struct process *p)
{
	memset(p, 0, sizeof(*p));
	p->memory = (struct gobin_memory){.read = read_process, .ctx = p, .bias = BIAS};
}

/* Room on the heap; its address is in *addr. */
static inline uint8_t *take_heap(struct process *p, size_t bytes, uint64_t *addr)
{
	uint8_t *at = p->heap + p->used;

	*addr = HEAP + p->used;
	p->used += (bytes + 7) & ~(size_t)7;
	assert_true(p->used <= sizeof(p->heap));
	return at;
}

static inline void assert_named(const struct gobin *bin, const struct gobin_memory *memory,
				uint64_t addr, const char *name)
{
	struct gobin_type type;
	char got[4096];

	assert_int_equal(gobin_type_at(bin, memory, addr, &type), 0);
	assert_int_equal(gobin_type_name(bin, memory, addr, got, sizeof(got)), 0);
	assert_string_equal(got, name);
}

static inline void assert_nameless(const struct gobin *bin, const struct gobin_memory *memory,
				   uint64_t addr, int err)
{
	char got[4096] = "before";

	assert_int_equal(gobin_type_name(bin, memory, addr, got, sizeof(got)), err);
	assert_string_equal(got, "");
}

#endif
