/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A made executable with functions of any names, whose text is hand-assembled. To be included
 * behind cmocka.h.
 */
#ifndef SS_TESTS_SCOPE_IMAGE_H
#define SS_TESTS_SCOPE_IMAGE_H

#include "call_image.h"
#include "plan/scope.h"
#include "slicestat.h"

#define GROW_OP (1u << SS_OP_GROW)
#define MAKE_OP (1u << SS_OP_MAKE)
#define COPY_OP (1u << SS_OP_COPY)
#define ALL_OPS (GROW_OP | MAKE_OP | COPY_OP)

/* From one function's entry, in bytes behind the start of Go's text, to the next one's. */
struct made_func {
	uint32_t entry;
	const char *name; /* NULL: the end */
};

#define MADE_FUNCS_MAX 12

/* Offsets from the function table's header; all of it lies before the types. */
#define MADE_NAMES   0x60
#define MADE_UNITS   0x150
#define MADE_FUNCTAB 0x160
#define MADE_SIZE    0x400

/* Put the functions in the place of those that the image has; their number. */
static inline size_t put_made_funcs(struct go_image *img, const struct made_func *funcs)
{
	const size_t at = IMG_PCLNTAB;
	size_t n = 0, name = MADE_NAMES, records;

	while (funcs[n].name)
		n++;
	assert_true(n <= MADE_FUNCS_MAX);
	records = (n + 1) * 8;
	memset(img->b + at + 8, 0, MADE_SIZE - 8);
	img_put(img, at + 8, n, 8);
	img_put(img, at + 32, MADE_NAMES, 8);
	for (size_t field = 40; field <= 56; field += 8)
		img_put(img, at + field, MADE_UNITS, 8);
	img_put(img, at + 64, MADE_FUNCTAB, 8);
	for (size_t i = 0; i <= n; i++) {
		const size_t record = records + i * 44, tab = at + MADE_FUNCTAB;

		img_put(img, tab + i * 8, funcs[i].entry, 4);
		if (i == n)
			break;
		img_put(img, tab + i * 8 + 4, record, 4);
		img_put(img, tab + record, funcs[i].entry, 4);
		img_put(img, tab + record + 4, name - MADE_NAMES, 4);
		assert_true(MADE_FUNCTAB + record + 44 <= MADE_SIZE);
		assert_true(name + strlen(funcs[i].name) < MADE_UNITS);
		memcpy(img->b + at + name, funcs[i].name, strlen(funcs[i].name) + 1);
		name += strlen(funcs[i].name) + 1;
	}
	return n;
}

/* Let the module's data tell of these functions, whose text begins at this address. */
static inline void put_made_module(struct go_image *img, uint64_t text,
				   const struct made_func *funcs, size_t n)
{
	const size_t at = IMG_MODULE;
	const uint64_t functab = IMG_PCLN_ADDR + MADE_FUNCTAB;

	img_put(img, at + 0x08, IMG_PCLN_ADDR + MADE_NAMES, 8);
	img_put(img, at + 0x68, functab, 8);
	img_put(img, at + 0x70, MADE_SIZE - MADE_FUNCTAB, 8);
	img_put(img, at + 0x80, functab, 8);
	img_put(img, at + 0x88, n + 1, 8);
	img_put(img, at + 0xa0, text, 8);
	img_put(img, at + 0xa8, text + funcs[n].entry, 8);
	img_put(img, at + 0xb0, text, 8);
	img_put(img, at + 0xb8, text + funcs[n].entry, 8);
}

static inline void scope_image(const struct assembly *a, const struct made_func *funcs,
			       struct go_image *img)
{
	caller_image(a, 0, img);
	put_made_module(img, IMG_GO_TEXT, funcs, put_made_funcs(img, funcs));
}

/* One pattern, or none. */
static inline int make_scope(const struct gobin *bin, uint32_t ops, const char *in,
			     const char *not_in, struct plan_scope **scope, struct reason *why)
{
	const struct plan_request request = {.ops = ops};
	const struct plan_patterns patterns = {
		.in = &in, .nin = in != NULL, .not_in = &not_in, .nnot_in = not_in != NULL};

	return plan_scope_make(bin, &request, &patterns, NULL, 0, scope, why);
}

#endif
