// SPDX-License-Identifier: BSD-2-Clause
/*
 * One function with more calls than any has, each with a tree of inlined calls as deep as it may
 * be: what is looked up in such tables stays bounded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>

#include "scope_image.h"

#define CALLS	  140000u
#define CALL_LEN  5u
#define ENTRY	  0x10u /* of main.F, behind runtime.growslice */
#define TEXT_SIZE (ENTRY + (size_t)CALLS * CALL_LEN)
#define TREE_CALL 16u

/* Runs of a table that are read at most: values behind them are not known. */
#define RUNS_READ 131072u

/* In the file; the addresses lie apart. */
#define TEXT_AT	  0x4000
#define TEXT_ADDR 0x800000ull
#define TABS_AT	  ((TEXT_AT + TEXT_SIZE + 0xfff) & ~(size_t)0xfff)
#define TABS_ADDR 0x4000000ull

/* The table of functions, from its header on. */
#define NAMES	     "runtime.growslice\0main.F\0reflect.x"
#define NAME_F	     18
#define NAME_INLINED 25
#define AT_NAMES     0x60
#define AT_UNITS     (AT_NAMES + sizeof(NAMES))
#define AT_PCS	     0x100
#define PCS	     1u /* the only table of pcs */
#define AT_FUNCTAB   (AT_PCS + (2 * (CALLS + 2) + 16) / 8 * 8)
#define RECORDS	     0x18
#define RECORD	     72
#define TAB_SIZE     (AT_FUNCTAB + RECORDS + 2 * RECORD)
#define AT_TREE	     ((TAB_SIZE + 0xf) & ~(size_t)0xf)
#define TABS_SIZE    (AT_TREE + (size_t)CALLS * TREE_CALL)
#define FILE_SIZE    (TABS_AT + TABS_SIZE)

static void put(uint8_t *at, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

static void put_text(uint8_t *text)
{
	memset(text, 0x90, ENTRY);
	for (uint32_t i = 0; i < CALLS; i++) {
		uint8_t *call = text + ENTRY + (size_t)i * CALL_LEN;

		call[0] = 0xe8;
		put(call + 1, -(uint64_t)(ENTRY + (size_t)(i + 1) * CALL_LEN), 4);
	}
}

/* Each call has a run of its own, whose value is one more than that before. */
static void put_runs(uint8_t *pcs)
{
	for (uint32_t i = 0; i < CALLS; i++) {
		pcs[2ul * i] = 2;
		pcs[2ul * i + 1] = CALL_LEN;
	}
}

/* Each body is inlined at the first call, which is inlined there too. */
static void put_tree(uint8_t *tree)
{
	for (uint32_t i = 0; i < CALLS; i++) {
		put(tree + (size_t)i * TREE_CALL + 4, NAME_INLINED, 4);
		put(tree + (size_t)i * TREE_CALL + 8, 2ul * CALL_LEN, 4);
	}
}

static void put_record(uint8_t *tab, uint32_t i, uint32_t entry, uint32_t name)
{
	uint8_t *functab = tab + AT_FUNCTAB;
	uint8_t *record = functab + RECORDS + (size_t)i * RECORD;

	put(functab + 8ul * i, entry, 4);
	put(functab + 8ul * i + 4, RECORDS + (uint64_t)i * RECORD, 4);
	put(record, entry, 4);
	put(record + 4, name, 4);
	put(record + 28, 3, 4); /* npcdata */
	record[43] = 4;		/* nfuncdata */
	put(record + 52, i ? PCS : 0, 4);
	put(record + 68, i ? 0 : UINT32_MAX, 4);
}

static void put_tab(uint8_t *tab)
{
	put(tab, 0xfffffff1, 4);
	put(tab + 4, 0x08010000, 4);
	put(tab + 8, 2, 8);
	put(tab + 32, AT_NAMES, 8);
	for (size_t field = 40; field <= 48; field += 8)
		put(tab + field, AT_UNITS, 8);
	put(tab + 56, AT_PCS, 8);
	put(tab + 64, AT_FUNCTAB, 8);
	memcpy(tab + AT_NAMES, NAMES, sizeof(NAMES));
	put_runs(tab + AT_PCS + PCS);
	put_record(tab, 0, 0, 0);
	put_record(tab, 1, ENTRY, NAME_F);
	put(tab + AT_FUNCTAB + 16, TEXT_SIZE, 4);
	put_tree(tab + AT_TREE);
}

static void put_segment(struct go_image *img, size_t n, size_t offset, uint64_t addr, size_t size)
{
	img_put(img, IMG_PH(n, p_offset), offset, 8);
	img_put(img, IMG_PH(n, p_vaddr), addr, 8);
	img_put(img, IMG_PH(n, p_filesz), size, 8);
	img_put(img, IMG_PH(n, p_memsz), size, 8);
}

static void put_module(struct go_image *img)
{
	const size_t at = IMG_MODULE;

	img_put(img, at, TABS_ADDR, 8);
	img_put(img, at + 0x08, TABS_ADDR + AT_NAMES, 8);
	img_put(img, at + 0x68, TABS_ADDR + AT_FUNCTAB, 8);
	img_put(img, at + 0x70, TAB_SIZE - AT_FUNCTAB, 8);
	img_put(img, at + 0x80, TABS_ADDR + AT_FUNCTAB, 8);
	img_put(img, at + 0x88, 3, 8);
	img_put(img, at + 0xa0, TEXT_ADDR, 8);
	img_put(img, at + 0xa8, TEXT_ADDR + TEXT_SIZE, 8);
	img_put(img, at + 0xb0, TEXT_ADDR, 8);
	img_put(img, at + 0xb8, TEXT_ADDR + TEXT_SIZE, 8);
	img_put(img, at + 0x140, TABS_ADDR + AT_TREE, 8);
}

static struct opened open_hostile(void)
{
	uint8_t *file = calloc(1, FILE_SIZE);
	struct opened o = {.fd = -1};
	struct reason why = {""};
	struct go_image img;

	assert_non_null(file);
	img_make(&img, go124);
	put_segment(&img, IMG_PH_TEXT, TEXT_AT, TEXT_ADDR, TEXT_SIZE);
	put_segment(&img, IMG_PH_RODATA, TABS_AT, TABS_ADDR, TABS_SIZE);
	put_module(&img);
	memcpy(file, img.b, sizeof(img.b));
	put_text(file + TEXT_AT);
	put_tab(file + TABS_AT);
	o.fd = img_file(file, FILE_SIZE);
	free(file);
	if (gobin_open(o.fd, &o.bin, &why))
		fail_msg("%s", why.text);
	return o;
}

static int frames_of_call(const struct gobin *bin, uint32_t i)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX];

	return gobin_frames(bin, TEXT_ADDR + ENTRY + (uint64_t)i * CALL_LEN, frames,
			    GOBIN_FRAMES_MAX);
}

static void test_runs(void **state)
{
	struct opened o = open_hostile();

	(void)state;
	assert_int_equal(frames_of_call(o.bin, 0), GOBIN_FRAMES_MAX);
	assert_int_equal(frames_of_call(o.bin, RUNS_READ - 1), GOBIN_FRAMES_MAX);
	assert_int_equal(frames_of_call(o.bin, RUNS_READ), 1);
	assert_int_equal(frames_of_call(o.bin, CALLS - 1), 1);
	assert_int_equal(frames_of_call(o.bin, 1), GOBIN_FRAMES_MAX);
	close_image(&o);
}

static void test_bodies(void **state)
{
	struct opened o = open_hostile();
	struct plan_scope *scope = NULL;
	struct reason why = {""};

	(void)state;
	assert_int_equal(make_scope(o.bin, GROW_OP, "main.*", NULL, &scope, &why), -EFBIG);
	assert_string_equal(why.text, "more than 4194304 bodies are inlined into each other at the "
				      "calls; the file is corrupt or made up");
	assert_null(scope);
	close_image(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_bodies),
	};

	return cmocka_run_group_tests_name("hostile_tables", tests, NULL, NULL);
}
