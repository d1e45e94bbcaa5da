/* SPDX-License-Identifier: BSD-2-Clause */
/* Positions in made executables: exact in every layout, and what is left of corrupt ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gobin/gobin.h"
#include "gobin/moduledata.h"
#include "gobin/release.h"

#include "open_image.h"

/* Where the tables lie, in bytes from the header on; there is more room than in img_put_pclntab. */
#define AT_NAMES  0xac /* those of inlined bodies, behind the functions' */
#define AT_UNITS  0xd0
#define AT_FILES  0xe0
#define AT_PCS	  0xf0
#define AT_RECORD 0x230 /* of runtime.growslice, in place of a shorter one */
#define AT_PCDATA (AT_RECORD + 44)
#define AT_CALLS  0x2a0 /* the tree of inlined calls, reached through moduledata.gofunc */
#define GOFUNC	  0x280
#define GROWSLICE 1 /* number of the function */
#define ENTRY	  (IMG_GO_TEXT + 0x40)
#define STEP	  0x10ul /* the positions are multiples of this */
#define NAMES	  "main.in\0main.mid\0go/x.init"
#define OF_MID	  8
#define OF_INIT	  17
#define FILES	  "a.go\0dir/b.go"

/* The value changes by change for the next length steps. */
struct run {
	int change;
	unsigned int length;
};

/*
 * In steps: 0 own code; 1 main.in, inlined into main.mid; 2 main.mid, inlined at 0; 3 to 12 own
 * code; 13 padding.
 */
static const struct run calls[] = {{0, 1}, {2, 1}, {-1, 1}, {-1, 10}};
static const struct run files[] = {{1, 1}, {1, 1}, {-1, 11}};
static const struct run lines[] = {{11, 1}, {11, 1}, {10, 1}, {-19, 10}};

/* The made executable in one layout. */
struct made {
	const struct img_layout *row;
	bool old; /* magic of Go 1.18 */
	struct go_image img;
	size_t at_table[3]; /* calls, files, lines */
	size_t at_gofunc;
};

static size_t put_uvarint(struct go_image *img, size_t at, uint32_t v)
{
	for (; v >= 0x80; v >>= 7)
		img->b[at++] = (uint8_t)(v | 0x80);
	img->b[at++] = (uint8_t)v;
	return at;
}

/* Gives back where the next one begins. */
static size_t put_table(struct made *m, size_t at, const struct run *runs, size_t n)
{
	const unsigned int minlc = m->row->machine == EM_X86_64 ? 1 : 4;

	for (size_t i = 0; i < n; i++) {
		const int change = runs[i].change;

		at = put_uvarint(&m->img, at,
				 change < 0 ? 2 * (uint32_t)-change - 1 : 2 * (uint32_t)change);
		at = put_uvarint(&m->img, at, runs[i].length * STEP / minlc);
	}
	m->img.b[at++] = 0;
	return at;
}

static void put_call(struct made *m, size_t i, uint32_t name, uint32_t parent, uint8_t id)
{
	const size_t at = IMG_PCLNTAB + AT_CALLS + i * (m->old ? 20 : 16);

	img_put(&m->img, at + (m->old ? 2 : 0), id, 1);
	img_put(&m->img, at + (m->old ? 12 : 4), name, 4);
	img_put(&m->img, at + (m->old ? 16 : 8), parent, 4);
}

/* The number of abi.FuncIDWrapper. */
static uint8_t wrapper_of(const struct img_layout *row)
{
	if (row->magic == 0xfffffff0)
		return 21;
	return strcmp(row->version, "go1.24.4") == 0 ? 22 : 23;
}

static void put_record(struct made *m)
{
	const size_t record = IMG_PCLNTAB + AT_RECORD;
	const size_t words = m->old ? record + 40 : record + 44;

	img_put(&m->img, IMG_PCLNTAB + PCLN_FUNCS + GROWSLICE * 8 + 4, AT_RECORD - PCLN_FUNCS, 4);
	img_put(&m->img, record, 0x40, 4);
	img_put(&m->img, record + 4, strlen(img_func_names[0]) + 1, 4);
	img_put(&m->img, record + 20, m->at_table[1] - IMG_PCLNTAB - AT_PCS, 4);
	img_put(&m->img, record + 24, m->at_table[2] - IMG_PCLNTAB - AT_PCS, 4);
	img_put(&m->img, record + 28, 3, 4); /* npcdata */
	img_put(&m->img, record + 32, 1, 4); /* cuOffset */
	img_put(&m->img, words - 1, 4, 1);   /* nfuncdata */
	img_put(&m->img, words + 8, m->at_table[0] - IMG_PCLNTAB - AT_PCS, 4);
	img_put(&m->img, words + 12 + 12, AT_CALLS - GOFUNC, 4);
}

static void put_names(struct made *m)
{
	uint8_t *header = m->img.b + IMG_PCLNTAB;

	img_put(&m->img, IMG_PCLNTAB + 40, AT_UNITS, 8);
	img_put(&m->img, IMG_PCLNTAB + 48, AT_FILES, 8);
	img_put(&m->img, IMG_PCLNTAB + 56, AT_PCS, 8);
	memcpy(header + AT_NAMES, NAMES, sizeof(NAMES));
	memcpy(header + AT_FILES, FILES, sizeof(FILES));
	img_put(&m->img, IMG_PCLNTAB + AT_UNITS + 4, 0, 4);
	img_put(&m->img, IMG_PCLNTAB + AT_UNITS + 8, strlen("a.go") + 1, 4);
}

static void make(struct made *m, const struct img_layout *row)
{
	const size_t pcs = IMG_PCLNTAB + AT_PCS + 1; /* 0 means none */
	const uint32_t names = AT_NAMES - row->names;
	size_t at;

	*m = (struct made){.row = row, .old = row->magic == 0xfffffff0};
	img_make(&m->img, row);
	put_names(m);
	m->at_table[0] = pcs;
	m->at_table[1] = put_table(m, pcs, calls, sizeof(calls) / sizeof(calls[0]));
	m->at_table[2] = put_table(m, m->at_table[1], files, sizeof(files) / sizeof(files[0]));
	at = put_table(m, m->at_table[2], lines, sizeof(lines) / sizeof(lines[0]));
	assert_true(at <= IMG_PCLNTAB + PCLN_FUNCS);
	put_record(m);
	put_call(m, 0, names + OF_MID, 0x8, wrapper_of(row));
	put_call(m, 1, names, 2 * STEP, 0);
	m->at_gofunc = IMG_MODULE + release_of(atoi(row->version + 4))->gofunc;
	img_put(&m->img, m->at_gofunc, IMG_PCLN_ADDR + GOFUNC, 8);
}

static void print_frames(const struct gobin_frame *frames, int n, char *buf, size_t size)
{
	int used = 0;

	buf[0] = '\0';
	for (int i = 0; i < n && (size_t)used < size; i++)
		used += snprintf(buf + used, size - (size_t)used, "%s%s%s %s:%d", i ? ", " : "",
				 frames[i].wrapper ? "wrapper " : "", frames[i].func,
				 frames[i].file ? frames[i].file : "?", frames[i].line);
}

/* The frames of the instruction pc bytes behind the entry, as text. */
static void assert_frames(const struct made *m, uint64_t pc, const char *expected)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX + 1];
	struct opened o = open_image(&m->img);
	char text[8192];
	int n = gobin_frames(o.bin, ENTRY + pc, frames, GOBIN_FRAMES_MAX + 1);

	print_frames(frames, n, text, sizeof(text));
	assert_string_equal(text, expected);
	close_image(&o);
}

#define OWN_0 "runtime.growslice a.go:10"
#define MID_2 "wrapper main.mid a.go:31"
#define IN_1  "main.in dir/b.go:21"

static void knows_every_layout(void **state)
{
	(void)state;
	for (size_t i = 0; i < IMG_NLAYOUTS; i++) {
		struct made m;

		make(&m, &img_layouts[i]);
		assert_frames(&m, 0, OWN_0);
		assert_frames(&m, STEP - 1, OWN_0);
		assert_frames(&m, STEP, IN_1 ", " MID_2 ", " OWN_0);
		assert_frames(&m, 2 * STEP - 1, IN_1 ", " MID_2 ", " OWN_0);
		assert_frames(&m, 2 * STEP, MID_2 ", " OWN_0);
		assert_frames(&m, 3 * STEP, "runtime.growslice a.go:12");
		assert_frames(&m, 13 * STEP - 1, "runtime.growslice a.go:12");
		assert_frames(&m, 13 * STEP, "runtime.growslice ?:0");
		assert_frames(&m, 0xe0, "runtime.osinit ?:0");
	}
}

static void gives_no_more_than_asked_for(void **state)
{
	struct gobin_frame frames[2] = {0};
	struct opened o;
	struct made m;

	(void)state;
	make(&m, go124);
	o = open_image(&m.img);
	assert_int_equal(gobin_frames(o.bin, ENTRY + STEP, frames, 0), 0);
	assert_null(frames[0].func);
	assert_int_equal(gobin_frames(o.bin, ENTRY + STEP, frames, 1), 1);
	assert_string_equal(frames[0].func, "main.in");
	assert_null(frames[1].func);
	assert_int_equal(gobin_frames(o.bin, ENTRY + STEP, frames, 2), 2);
	assert_string_equal(frames[1].func, "main.mid");
	assert_int_equal(gobin_frames(o.bin, IMG_GO_TEXT - 1, frames, 2), -ENOENT);
	assert_int_equal(gobin_frames(o.bin, IMG_GO_TEXT + 0x1a0, frames, 2), -ENOENT);
	assert_int_equal(gobin_frames(o.bin, UINT64_MAX, frames, 2), -ENOENT);
	close_image(&o);
}

/* Bodies of initial values that have no call site lead to the package's init at once. */
static void knows_no_call_site_in_initial_values(void **state)
{
	struct made m;

	(void)state;
	make(&m, go124);
	put_call(&m, 1, AT_NAMES - go124->names, 0, 0);
	assert_frames(&m, STEP, IN_1 ", " OWN_0);
	img_put(&m.img, IMG_PCLNTAB + AT_RECORD + 4, AT_NAMES - go124->names + OF_INIT, 4);
	assert_frames(&m, STEP, IN_1 ", go/x.init ?:0");
	assert_frames(&m, 2 * STEP, MID_2 ", go/x.init a.go:10");
}

static void ends_a_circle_at_the_limit(void **state)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX + 1];
	struct opened o;
	struct made m;

	(void)state;
	make(&m, go124);
	put_call(&m, 0, AT_NAMES - go124->names + OF_MID, STEP, 0);
	o = open_image(&m.img);
	assert_int_equal(gobin_frames(o.bin, ENTRY + STEP, frames, GOBIN_FRAMES_MAX + 1),
			 GOBIN_FRAMES_MAX);
	assert_string_equal(frames[GOBIN_FRAMES_MAX - 1].func, "main.mid");
	close_image(&o);
}

/* One change to the executable of go124, and what is left of the frames at STEP. */
static const struct {
	size_t offset; /* in pclntab */
	uint64_t value;
	size_t bytes;
	const char *expected;
} corruptions[] = {
	/* parentPc: behind the function, behind its padding, negative */
	{AT_CALLS + 16 + 8, 13 * STEP, 4, IN_1 ", runtime.growslice ?:0"},
	{AT_CALLS + 16 + 8, 0x100, 4, IN_1 ", runtime.growslice ?:0"},
	{AT_CALLS + 16 + 8, UINT32_MAX, 4, IN_1 ", runtime.growslice ?:0"},
	/* names of bodies outside of funcnametab end the chain at the function */
	{AT_CALLS + 16 + 4, AT_UNITS, 4, "runtime.growslice dir/b.go:21"},
	{AT_CALLS + 16 + 4, UINT32_MAX, 4, "runtime.growslice dir/b.go:21"},
	{AT_CALLS + 4, UINT32_MAX, 4, IN_1 ", runtime.growslice a.go:31"},
	/* cutab: none, an empty path, outside; cuOffset outside */
	{AT_UNITS + 8, UINT32_MAX, 4, "main.in ?:21, " MID_2 ", " OWN_0},
	{AT_UNITS + 8, AT_PCS - AT_FILES - 1, 4, "main.in ?:21, " MID_2 ", " OWN_0},
	{AT_UNITS + 8, AT_PCS - AT_FILES, 4, "main.in ?:21, " MID_2 ", " OWN_0},
	{AT_RECORD + 32, 3, 4, "main.in ?:21, " MID_2 ", " OWN_0},
	{AT_RECORD + 32, UINT32_MAX, 4,
	 "main.in ?:21, wrapper main.mid ?:31, runtime.growslice ?:10"},
	/* tables of pcs: none, outside; no inlining table, no tree */
	{AT_RECORD + 24, 0, 4,
	 "main.in dir/b.go:0, wrapper main.mid a.go:0, runtime.growslice a.go:0"},
	{AT_RECORD + 24, UINT32_MAX, 4,
	 "main.in dir/b.go:0, wrapper main.mid a.go:0, runtime.growslice a.go:0"},
	{AT_RECORD + 20, UINT32_MAX, 4,
	 "main.in ?:21, wrapper main.mid ?:31, runtime.growslice ?:10"},
	{AT_RECORD + 28, 2, 4, "runtime.growslice dir/b.go:21"},
	{AT_RECORD + 28, UINT32_MAX, 4, "runtime.growslice dir/b.go:21"},
	{AT_RECORD + 43, 3, 1, "runtime.growslice dir/b.go:21"},
	{AT_PCDATA + 8, UINT32_MAX, 4, "runtime.growslice dir/b.go:21"},
	{AT_PCDATA + 24, UINT32_MAX, 4, "runtime.growslice dir/b.go:21"},
	{AT_PCDATA + 24, UINT32_MAX - 1, 4, "runtime.growslice dir/b.go:21"},
	/* the table of inlining: a step of no length, a number too long, an index out of the file
	 */
	{AT_PCS + 2, 0, 1, "runtime.growslice dir/b.go:21"},
	{AT_PCS + 1, 0xffffffffff, 5, "runtime.growslice dir/b.go:21"},
	{AT_PCS + 3, 0xffffffffe, 5, "runtime.growslice dir/b.go:21"},
};

static void leaves_out_what_is_corrupt(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(corruptions) / sizeof(corruptions[0]); i++) {
		struct made m;

		make(&m, go124);
		img_put(&m.img, IMG_PCLNTAB + corruptions[i].offset, corruptions[i].value,
			corruptions[i].bytes);
		assert_frames(&m, STEP, corruptions[i].expected);
	}
}

static void needs_no_trees(void **state)
{
	struct made m;

	(void)state;
	make(&m, go124);
	img_put(&m.img, m.at_gofunc, 0, 8);
	assert_frames(&m, STEP, "runtime.growslice dir/b.go:21");
	img_put(&m.img, m.at_gofunc, IMG_DATA_ADDR + IMG_DATA_SIZE - 1, 8);
	assert_frames(&m, STEP, "runtime.growslice dir/b.go:21");
}

/* A table that goes on behind the function's end, and a call site there. */
static void stays_inside_the_function(void **state)
{
	struct made m;

	(void)state;
	make(&m, go124);
	img_put(&m.img, m.at_table[2] + 7, 0x1ff, 2); /* 255, the length of the last run */
	assert_frames(&m, 0xdf, "runtime.growslice ?:12");
	put_call(&m, 1, AT_NAMES - go124->names, 0xe0, 0);
	assert_frames(&m, STEP, IN_1 ", runtime.growslice ?:0");
}

/* A path that does not end in filetab. */
static void ends_paths_in_their_table(void **state)
{
	struct made m;

	(void)state;
	make(&m, go124);
	memset(m.img.b + IMG_PCLNTAB + AT_FILES + 5, 'x', AT_PCS - AT_FILES - 5);
	assert_frames(&m, STEP, "main.in ?:21, " MID_2 ", " OWN_0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_every_layout),
		cmocka_unit_test(gives_no_more_than_asked_for),
		cmocka_unit_test(knows_no_call_site_in_initial_values),
		cmocka_unit_test(ends_a_circle_at_the_limit),
		cmocka_unit_test(leaves_out_what_is_corrupt),
		cmocka_unit_test(needs_no_trees),
		cmocka_unit_test(stays_inside_the_function),
		cmocka_unit_test(ends_paths_in_their_table),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
