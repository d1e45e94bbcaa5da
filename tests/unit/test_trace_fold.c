// SPDX-License-Identifier: BSD-2-Clause
/* From the maps' numbers to rows (trace/fold.c), with the types of a real Go executable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../gobin_source.h"
#include "trace/trace.h"
#include "trace/groups.h"
#include "trace/fold.h"
#include "go_callers.h"

#define BIAS	0x5555000000
#define NOWHERE 0xc000080000
#define BASE	0xc000040000

#define POINT_BYTES  24UL /* of a main.point */
#define HEADER_BYTES 24UL /* of a slice's header */

enum { TARGETS = 3 };

/* Three targets: 0 and 1 run executable 4, target 2 another one, which is the same file here. */
static struct fixture {
	int fd;
	struct called called;
	struct executable exes[2];
	struct traced targets[TARGETS];
	struct options opts;
	struct trace trace;
	uint64_t point, nothing; /* link-time addresses of types: 24 bytes, none */
	uint64_t site;		 /* whose type is point */
} f;

static int setup(void **state)
{
	static const struct symbols_skip none;
	struct symbol_source source;

	(void)state;
	f = (struct fixture){.fd = open_first_go_file()};
	f.called = open_callers(f.fd, GROW, NULL, 0);
	source = source_of(f.called.bin);
	for (int i = 0; i < 2; i++) {
		f.exes[i].callers = f.called.callers;
		assert_int_equal(symbols_new(&source, f.called.callers, &none, &f.exes[i].symbols),
				 0);
	}
	for (uint32_t i = 0; i < TARGETS; i++)
		f.targets[i] = (struct traced){
			.exe = &f.exes[i / 2], .exe_number = 4 + i / 2, .bias = BIAS + (i << 12)};
	f.trace = (struct trace){.opts = &f.opts, .targets = f.targets, .ntargets = TARGETS};
	f.trace.report = report_new(16, true);
	assert_non_null(f.trace.report);
	f.site = typed_call_in(&f.called, "main.appendPoints", &f.point);
	typed_call_in(&f.called, "main.appendNothing", &f.nothing);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	report_free(f.trace.report);
	for (int i = 0; i < 2; i++) {
		process_types_free(f.targets[i].types);
		symbols_free(f.exes[i].symbols);
	}
	close_callers(&f.called);
	close(f.fd);
	return 0;
}

/* All rows, the most events first. */
static const struct report_row *const *rows(size_t expected)
{
	static const struct report_query all;
	const struct report_row *const *found;
	struct report_other other;

	assert_int_equal(report_rows(f.trace.report, &all, &found, &other), expected);
	assert_int_equal(other.events, 0);
	return found;
}

static void assert_sums(const struct report_sums *sums, struct report_sums expected)
{
	assert_int_equal(sums->events, expected.events);
	assert_int_equal(sums->len_sum, expected.len_sum);
	assert_int_equal(sums->cap_sum, expected.cap_sum);
	assert_int_equal(sums->allocated, expected.allocated);
	assert_int_equal(sums->copied, expected.copied);
	assert_int_equal(sums->slack, expected.slack);
	assert_int_equal(sums->unsized, expected.unsized);
}

/* Three events at the site of main.point's, in target 1. */
static const struct ss_site sample = {.events = 3,
				      .len_sum = 30,
				      .cap_sum = 40,
				      .copied_bytes = 100,
				      .copied_elems = 2,
				      .lens = {[4] = 2, [5] = 1}};

static struct ss_site_key sample_key(void)
{
	return (struct ss_site_key){
		.pc = f.site + f.targets[1].bias, .target = 1, .stack = 9, .op = SS_OP_GROW};
}

static void fold(struct ss_site_key key, struct ss_site val)
{
	trace_fold_site(&f.trace, &key, &val);
}

static void bytes_are_elements_times_their_size(void **state)
{
	const struct report_row *row;

	(void)state;
	f.opts.view = OUTPUT_BY_SITE;
	fold(sample_key(), sample);
	row = rows(1)[0];
	assert_sums(&row->sums, (struct report_sums){.events = 3,
						     .len_sum = 30,
						     .cap_sum = 40,
						     .allocated = 40 * POINT_BYTES,
						     .copied = 100 + 2 * POINT_BYTES,
						     .slack = 10 * POINT_BYTES});
	assert_int_equal(row->key.addr, f.site);
	assert_int_equal(row->key.group, 4);
	assert_int_equal(row->key.op, SS_OP_GROW);
	assert_int_equal(row->key.stack, 9);
	assert_string_equal(symbols_type(f.exes[0].symbols, row->key.type).name, "main.point");
	for (int i = 0; i < SS_LEN_BUCKETS; i++)
		assert_int_equal(row->lens[i], sample.lens[i]);
}

/* A type that the event tells goes before that of its site; what is copied is known without it. */
static void unknown_types_have_no_bytes(void **state)
{
	struct ss_site_key key = sample_key();
	const struct report_row *row;

	(void)state;
	f.opts.view = OUTPUT_BY_TYPE;
	key.type = NOWHERE;
	fold(key, sample);
	row = rows(1)[0];
	assert_sums(
		&row->sums,
		(struct report_sums){
			.events = 3, .len_sum = 30, .cap_sum = 40, .copied = 100, .unsized = 3});
	assert_string_equal(symbols_type(f.exes[0].symbols, row->key.type).name, "?0xc000080000");
	key.type = 0;
	key.pc = 0;
	fold(key, sample);
	assert_int_equal(rows(2)[1]->key.type == 0 || rows(2)[0]->key.type == 0, 1);
}

static void sums_beyond_all_memory_have_no_bytes(void **state)
{
	struct ss_site val = sample;

	(void)state;
	f.opts.view = OUTPUT_BY_PROCESS;
	val.cap_sum = UINT64_MAX / POINT_BYTES + 1;
	fold(sample_key(), val);
	val = sample;
	val.copied_elems = UINT64_MAX / POINT_BYTES + 1;
	fold(sample_key(), val);
	assert_sums(&rows(1)[0]->sums,
		    (struct report_sums){.events = 6,
					 .len_sum = 60,
					 .cap_sum = UINT64_MAX / POINT_BYTES + 41,
					 .copied = 200,
					 .unsized = 6});
}

/* convTslice allocates a header, whatever the slice it boxes. */
static void conversions_allocate_headers(void **state)
{
	struct ss_site_key key = sample_key();

	(void)state;
	f.opts.view = OUTPUT_BY_TYPE;
	key.op = SS_OP_CONV;
	key.pc = 0;
	fold(key, (struct ss_site){.events = 3, .len_sum = 30, .cap_sum = 40});
	assert_sums(&rows(1)[0]->sums, (struct report_sums){.events = 3,
							    .len_sum = 30,
							    .cap_sum = 40,
							    .allocated = 3 * HEADER_BYTES});
}

static void elements_without_size_are_counted_apart(void **state)
{
	static const uint8_t ops[] = {SS_OP_MAKE, SS_OP_COPY, SS_OP_REFLECT};
	struct ss_site_key key = sample_key();

	(void)state;
	f.opts.view = OUTPUT_BY_SITE;
	key.type = f.nothing + f.targets[1].bias;
	for (size_t i = 0; i < sizeof(ops); i++) {
		key.op = ops[i];
		fold(key, sample);
		assert_int_equal(f.trace.zero_sized, 3 * (i + 1));
	}
	rows(0);
	/* What has a base did not share zerobase's. */
	key.op = SS_OP_MOVE;
	fold(key, sample);
	assert_int_equal(f.trace.zero_sized, 9);
	assert_int_equal(rows(1)[0]->sums.allocated, 0);
	assert_int_equal(rows(1)[0]->sums.unsized, 0);
}

/* Functions that take no type have elements of a size all the same. */
static void elements_of_functions_have_a_size(void **state)
{
	struct ss_site_key key = sample_key();

	(void)state;
	f.opts.view = OUTPUT_BY_TYPE;
	key.op = SS_OP_BYTES;
	key.type = SS_ELEM_INT32;
	fold(key, sample);
	assert_int_equal(rows(1)[0]->sums.allocated, 160);
	assert_int_equal(rows(1)[0]->sums.slack, 40);
	assert_int_equal(rows(1)[0]->sums.copied, 108);
}

/* The same event in each target; 0 and 1 run one executable. */
static void fold_everywhere(enum output_view view, bool stacks)
{
	f.opts.view = view;
	f.opts.stacks = stacks;
	for (uint32_t i = 0; i < TARGETS; i++) {
		struct ss_site_key key = sample_key();

		key.pc += f.targets[i].bias - f.targets[1].bias;
		key.target = i;
		fold(key, sample);
	}
}

static void sites_of_an_executable_add_up(void **state)
{
	(void)state;
	fold_everywhere(OUTPUT_BY_SITE, false);
	assert_false(trace_rows_by_target(&f.trace));
	assert_int_equal(rows(2)[0]->key.group, 4);
	assert_int_equal(rows(2)[0]->sums.events, 6);
	assert_int_equal(rows(2)[0]->key.addr, f.site);
	assert_int_equal(rows(2)[1]->key.group, 5);
	assert_int_equal(rows(2)[1]->sums.events, 3);
}

static void types_have_no_site(void **state)
{
	(void)state;
	fold_everywhere(OUTPUT_BY_TYPE, false);
	assert_int_equal(rows(2)[0]->sums.allocated, 80 * POINT_BYTES);
	assert_int_equal(rows(2)[0]->key.addr, 0);
	assert_int_equal(rows(2)[0]->key.stack, 0);
	assert_int_equal(rows(2)[0]->key.op, SS_OP_GROW);
	assert_int_equal(rows(2)[1]->key.group, 5);
}

static void stacks_are_of_a_process(void **state)
{
	(void)state;
	fold_everywhere(OUTPUT_BY_SITE, true);
	assert_true(trace_rows_by_target(&f.trace));
	for (uint32_t i = 0; i < TARGETS; i++) {
		assert_int_equal(rows(TARGETS)[i]->key.group, i);
		assert_int_equal(rows(TARGETS)[i]->key.addr, f.site);
		assert_int_equal(rows(TARGETS)[i]->key.stack, 9);
	}
}

static void processes_have_nothing_else(void **state)
{
	struct ss_site_key key = sample_key();

	(void)state;
	fold_everywhere(OUTPUT_BY_PROCESS, false);
	key.op = SS_OP_MAKE;
	key.type = NOWHERE;
	fold(key, sample);
	assert_true(trace_rows_by_target(&f.trace));
	assert_memory_equal(&rows(TARGETS)[0]->key, &((struct report_key){.group = 1}),
			    sizeof(struct report_key));
	assert_int_equal(rows(TARGETS)[0]->sums.events, 6);
	assert_int_equal(rows(TARGETS)[0]->sums.unsized, 3);
	assert_int_equal(rows(TARGETS)[0]->sums.allocated, 40 * POINT_BYTES);
	assert_int_equal(rows(TARGETS)[2]->key.group, 2);
}

static struct ss_base sample_base(void)
{
	return (struct ss_base){
		.events = 2,
		.len_sum = 9,
		.cap_sum = 16,
		.len = 5,
		.cap = 8,
		.site = (uint32_t)(f.site - f.called.callers->text),
		.first_site = (uint32_t)(f.site - f.called.callers->text),
		.op = SS_OP_GROW,
		.first_op = SS_OP_GROW,
	};
}

static void bases_have_the_bytes_of_their_last_type(void **state)
{
	static const struct ss_base_key key = {.base = BASE, .target = 1};
	const struct ss_base val = sample_base();
	const struct report_row *row;

	(void)state;
	f.opts.view = OUTPUT_BY_BASE;
	trace_fold_base(&f.trace, &key, &val);
	trace_fold_base(&f.trace, &key, &val);
	row = rows(1)[0];
	assert_sums(&row->sums, (struct report_sums){.events = 4,
						     .len_sum = 18,
						     .cap_sum = 32,
						     .allocated = 32 * POINT_BYTES,
						     .slack = 14 * POINT_BYTES});
	assert_int_equal(row->key.addr, BASE);
	assert_int_equal(row->key.group, 1);
	assert_int_equal(row->last.site, f.site);
	assert_int_equal(row->last.len, 5);
	assert_int_equal(row->last.cap, 8);
	assert_int_equal(row->last.op, SS_OP_GROW);
	assert_int_equal(row->reused, 0);
	assert_string_equal(symbols_type(f.exes[0].symbols, row->last.type).name, "main.point");
}

/* A base of two sites: earlier events may have been of another type. */
static void reused_bases_have_no_bytes(void **state)
{
	static const struct ss_base_key key = {.base = BASE, .target = 1};
	struct ss_base val = sample_base();

	(void)state;
	f.opts.view = OUTPUT_BY_BASE;
	val.reused = 1;
	val.first_site = 0x10;
	trace_fold_base(&f.trace, &key, &val);
	assert_sums(&rows(1)[0]->sums,
		    (struct report_sums){.events = 2, .len_sum = 9, .cap_sum = 16, .unsized = 2});
	assert_int_equal(rows(1)[0]->reused, 1);
	/* The next window begins where this one ended. */
	val = sample_base();
	trace_fold_base(&f.trace, &key, &val);
	assert_int_equal(rows(1)[0]->reused, 1);
	val.site = val.first_site = 0;
	trace_fold_base(&f.trace, &key, &val);
	assert_int_equal(rows(1)[0]->reused, 2);
	assert_int_equal(rows(1)[0]->last.site, 0);
	assert_int_equal(rows(1)[0]->last.type, SYMBOL_TYPE_UNKNOWN);
	assert_int_equal(rows(1)[0]->sums.unsized, 4);
	assert_int_equal(rows(1)[0]->sums.allocated, 16 * POINT_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_are_elements_times_their_size),
		TEST(unknown_types_have_no_bytes),
		TEST(sums_beyond_all_memory_have_no_bytes),
		TEST(conversions_allocate_headers),
		TEST(elements_without_size_are_counted_apart),
		TEST(elements_of_functions_have_a_size),
		TEST(sites_of_an_executable_add_up),
		TEST(types_have_no_site),
		TEST(stacks_are_of_a_process),
		TEST(processes_have_nothing_else),
		TEST(bases_have_the_bytes_of_their_last_type),
		TEST(reused_bases_have_no_bytes),
	};

	return cmocka_run_group_tests_name("trace fold", tests, NULL, NULL);
}
