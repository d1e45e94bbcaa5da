/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A made executable whose text is hand-assembled: one function that calls another, and a type
 * descriptor. To be included behind cmocka.h.
 */
#ifndef SS_TESTS_CALL_IMAGE_H
#define SS_TESTS_CALL_IMAGE_H

#include <stdlib.h>

#include "asm_amd64.h"
#include "open_image.h"
#include "plan/callsites.h"

_Static_assert(FUNC_ADDR == IMG_TEXT_ADDR, "assembly lies where the image has its text");

#define CALLER	   (IMG_GO_TEXT + 0x40)
#define CALLER_END (IMG_GO_TEXT + 0x120)
#define CALLEE	   CALLER_END
#define INDEX	   7

/* In the file's read-only data: the type descriptors, then room for a jump table. */
#define TYPES_OFFSET 0x2800
#define TYPES	     (IMG_RODATA_ADDR + TYPES_OFFSET - IMG_RODATA)
#define TYPES_BYTES  0x100
#define TYPE	     (TYPES + 0x40)
#define TYPE2	     (TYPES + 0x80)
#define NO_TYPE	     (TYPES + 0xc0) /* zeros */
#define TABLE_OFFSET 0x2a00
#define TABLE	     (IMG_RODATA_ADDR + TABLE_OFFSET - IMG_RODATA)

/* moduledata.types and etypes of Go 1.24. */
#define MODULE_TYPES  (IMG_MODULE + 0x128)
#define MODULE_ETYPES (IMG_MODULE + 0x130)

#define LEA_RSI "\x48\x8d\x35"

/* Text that ends where the caller's code begins; nops fill it, as they do behind the code. */
static inline struct assembly caller_begin(void)
{
	struct assembly a = {.len = CALLER - FUNC_ADDR};

	memset(a.bytes, 0x90, sizeof(a.bytes));
	return a;
}

static inline void put_type(struct go_image *img, uint64_t addr)
{
	const size_t at = TYPES_OFFSET + (addr - TYPES);

	img_put(img, at, 8, 8);		/* size */
	img_put(img, at + 21, 8, 1);	/* align */
	img_put(img, at + 22, 8, 1);	/* field align */
	img_put(img, at + 23, 6, 1);	/* kind: int64 */
	img_put(img, at + 40, 0x20, 4); /* name */
}

static inline void caller_image_of(const struct img_layout *layout, const struct assembly *a,
				   uint64_t table, struct go_image *img)
{
	img_make(img, layout);
	memcpy(img->b + IMG_TEXT, a->bytes, sizeof(a->bytes));
	img_put(img, MODULE_TYPES, TYPES, 8);
	img_put(img, MODULE_ETYPES, TYPES + TYPES_BYTES, 8);
	put_type(img, TYPE);
	put_type(img, TYPE2);
	img_put(img, TABLE_OFFSET, CALLER, 8);
	img_put(img, TABLE_OFFSET + 8, table, 8);
}

static inline void caller_image(const struct assembly *a, uint64_t table, struct go_image *img)
{
	caller_image_of(go124, a, table, img);
}

/* The calls of CALLEE, whose argument number type_arg is the type; table is a jump table's goal. */
static inline int64_t find_calls(const struct assembly *a, int type_arg, uint64_t table,
				 struct callsite **sites)
{
	const struct callee callee = {.addr = CALLEE, .type_arg = type_arg, .index = INDEX};
	struct reason why = {""};
	struct go_image img;
	struct opened o;
	int64_t n;

	caller_image(a, table, &img);
	o = open_image(&img);
	n = callsites_find(o.bin, &callee, 1, sites, &why);
	if (n < 0)
		print_error("%s\n", why.text);
	close_image(&o);
	return n;
}

/* The type of the only call, which lies at the address. */
static inline uint64_t type_at(const struct assembly *a, uint64_t call, int type_arg,
			       uint64_t table)
{
	struct callsite *sites = NULL;
	uint64_t type;

	assert_int_equal(find_calls(a, type_arg, table, &sites), 1);
	assert_int_equal(sites->call, call);
	assert_int_equal(sites->ret, call + 5);
	assert_int_equal(sites->index, INDEX);
	type = sites->type;
	free(sites);
	return type;
}

/* End the code with the call; the type that it is found to pass in rsi. */
static inline uint64_t type_of(struct assembly *a)
{
	const uint64_t call = asm_here(a);

	asm_rel32(a, "\xe8", CALLEE);
	return type_at(a, call, 4, 0);
}

#endif
