/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Types as reflect makes them, on the heap of a made process that runs a made executable. To be
 * included behind cmocka.h.
 */
#ifndef SS_TESTS_MADE_TYPES_H
#define SS_TESTS_MADE_TYPES_H

#include <stdbool.h>

#include "type_image.h"

#define UNCOMMON 0x01
#define NAMED	 0x04
#define EMBEDDED 0x08
#define TAG	 0x02

/* The executable has these types, at these run-time addresses. */
struct fixture {
	struct types_image t;
	struct opened o;
	struct process p;
	uint64_t item, error, row;
};

static inline void begin(struct fixture *f, const struct img_layout *row)
{
	make_types_image(&f->t, row);
	f->item = BIAS + add_type(&f->t, 0, (struct made_type){24, 0, NAMED, STRUCT, 0}, "m.item");
	f->error =
		BIAS + add_type(&f->t, 1, (struct made_type){16, 16, NAMED, INTERFACE, 0}, "error");
	f->row = BIAS + add_type(&f->t, 2, (struct made_type){24, 8, NAMED, SLICE, 0}, "m.row");
	f->o = open_image(&f->t.img);
	make_process(&f->p);
}

static inline void end(struct fixture *f)
{
	close_image(&f->o);
}

static inline void expect_name(struct fixture *f, uint64_t addr, const char *name)
{
	assert_named(f->o.bin, &f->p.memory, addr, name);
}

static inline void expect_none(struct fixture *f, uint64_t addr, int err)
{
	assert_nameless(f->o.bin, &f->p.memory, addr, err);
}

static inline uint8_t *bytes_at(struct fixture *f, uint64_t addr)
{
	return f->p.heap + (addr - HEAP);
}

/* A descriptor as reflect makes it, with room for n words behind it, which are set to words. */
static inline uint64_t make(struct fixture *f, uint8_t kind, uint64_t size, const uint64_t *words,
			    size_t n)
{
	const struct made_type made = {.size = size, .kind = kind, .str = -7};
	uint64_t addr;
	uint8_t *at = take_heap(&f->p, 48 + 8 * n, &addr);

	put_descriptor(at, &made);
	for (size_t i = 0; i < n; i++)
		put_le64(at + 48 + 8 * i, words[i]);
	return addr;
}

static inline uint64_t make_pointer(struct fixture *f, uint64_t elem)
{
	return make(f, POINTER, 8, &elem, 1);
}

static inline uint64_t make_slice(struct fixture *f, uint64_t elem)
{
	return make(f, SLICE, 24, &elem, 1);
}

static inline uint64_t make_array(struct fixture *f, uint64_t len, uint64_t elem)
{
	return make(f, ARRAY, 8, (uint64_t[]){elem, 0, len}, 3);
}

static inline uint64_t make_chan(struct fixture *f, uint64_t dir, uint64_t elem)
{
	return make(f, CHAN, 8, (uint64_t[]){elem, dir}, 2);
}

static inline uint64_t make_map(struct fixture *f, uint64_t key, uint64_t elem)
{
	return make(f, MAP, 8, (uint64_t[]){key, elem}, 2);
}

/* types holds in + out of them. */
static inline uint64_t make_func(struct fixture *f, uint16_t in, uint16_t out, bool variadic,
				 const uint64_t *types)
{
	uint64_t words[1 + 200] = {in | (uint64_t)(out | (variadic ? 0x8000 : 0)) << 16};

	memcpy(words + 1, types, (size_t)(in + out) * 8);
	return make(f, FUNC, 8, words, 1 + in + out);
}

struct field {
	uint8_t flags;
	const char *name;
	uint64_t type;
	const char *tag;
};

static inline uint64_t make_struct(struct fixture *f, const struct field *fields, size_t n)
{
	uint64_t list;
	uint8_t *at = take_heap(&f->p, (size_t)24 * n, &list);

	for (size_t i = 0; i < n; i++) {
		uint64_t name;
		uint8_t *text = take_heap(&f->p, 1200, &name);

		put_goname(text, fields[i].flags, fields[i].name, fields[i].tag);
		put_le64(at + 24 * i, name);
		put_le64(at + 24 * i + 8, fields[i].type);
	}
	return make(f, STRUCT, 24, (uint64_t[]){0, list, n}, 3);
}

#endif
