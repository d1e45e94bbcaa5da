// SPDX-License-Identifier: BSD-2-Clause
/* Profiles for pprof, read back as pprof reads them: gzip, then protobuf. */
#include "profile_file.h"

static void test_one_row(void **state)
{
	static const char *const types[] = {"growths", "allocated", "copied", "slack"};
	const struct output_target target = code_target();
	const struct output_report r = one_row(&target);
	Profile *p = profile_of(&named, &r);
	const Sample *s;

	(void)state;
	assert_int_equal(p->n_sample_type, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(text_of(p, p->sample_type[i]->type), types[i]);
		assert_string_equal(text_of(p, p->sample_type[i]->unit), i ? "bytes" : "count");
	}
	assert_string_equal(text_of(p, p->default_sample_type), "allocated");
	assert_true(p->duration_nanos == 12500000000);
	assert_true(p->time_nanos == 1767323045678900000 - 12500000000);
	assert_int_equal(p->n_sample, 1);
	s = p->sample[0];
	assert_values(s, 10, 11200, 1536, 10880);
	assert_string_equal(label_of(p, s, "type"), "main.point");
	assert_string_equal(label_of(p, s, "op"), "grow");
	assert_null(label_of(p, s, "pid"));
	assert_true(has_comment(p, "slicestat " SLICESTAT_VERSION));
	assert_true(has_comment(p, "seen: 9"));
	assert_false(has_comment(p, "lost_bases_full: 0"));
	profile_free(p);
}

/* One location an address, with a line for each body. */
static void test_inlined_frames(void **state)
{
	const struct output_target target = code_target();
	const struct output_report r = one_row(&target);
	Profile *p = profile_of(&named, &r);
	const Location *l;

	(void)state;
	assert_int_equal(p->n_mapping, 1);
	assert_int_equal(p->mapping[0]->id, 1);
	assert_true(p->mapping[0]->memory_start == 0x400000);
	assert_true(p->mapping[0]->memory_limit == 0x4c2000);
	assert_string_equal(text_of(p, p->mapping[0]->filename), "/srv/app");
	assert_string_equal(text_of(p, p->mapping[0]->build_id), "0badcafe");
	assert_true(p->mapping[0]->has_inline_frames);
	assert_int_equal(p->sample[0]->n_location_id, 2);
	l = location_of(p, p->sample[0], 0);
	assert_true(l->address == SAMPLE_PC - 1);
	assert_int_equal(l->mapping_id, 1);
	assert_int_equal(l->n_line, 3);
	assert_line(p, l, 0, "main.add", "/home/u/src/main.go", 31);
	assert_line(p, l, 1, "main.load", "/home/u/src/load.go", 52);
	assert_line(p, l, 2, "main.main", "", 0);
	l = location_of(p, p->sample[0], 1);
	assert_true(l->address == 0x10 - 1);
	assert_int_equal(l->n_line, 1);
	assert_line(p, l, 0, "runtime.goexit", "", 0);
	profile_free(p);
}

static void test_first_figure(void **state)
{
	static const struct {
		enum report_sort sort;
		const char *type;
	} sorts[] = {{REPORT_SORT_EVENTS, "growths"},
		     {REPORT_SORT_COPIED, "copied"},
		     {REPORT_SORT_SLACK, "slack"},
		     {REPORT_SORT_LEN, "allocated"}};
	const struct output_target target = code_target();

	(void)state;
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		struct output_report r = one_row(&target);
		Profile *p;

		r.sort = sorts[i].sort;
		p = profile_of(&named, &r);
		assert_string_equal(text_of(p, p->default_sample_type), sorts[i].type);
		profile_free(p);
	}
}

static void test_nothing(void **state)
{
	const struct output_report r = {.stacks = true};
	Profile *p = profile_of(&plain, &r);

	(void)state;
	assert_int_equal(p->n_sample_type, 4);
	assert_int_equal(p->n_sample, 0);
	assert_int_equal(p->n_mapping, 0);
	assert_int_equal(p->n_location, 0);
	profile_free(p);
}

/* What was not kept is told by the site alone; what is not known by an address, or not at all. */
static void test_without_stack(void **state)
{
	const struct output_target target = code_target();
	struct report_row rows[] = {sample_site, sample_site, sample_site};
	const struct report_row *list[] = {&rows[0], &rows[1], &rows[2]};
	struct output_report r = one_row(&target);
	const Location *l;
	Profile *p;

	(void)state;
	rows[0].key.stack = 0;
	rows[1].key.stack = 0;
	rows[1].key.addr = 0x77;
	rows[2].key.stack = 0;
	rows[2].key.addr = 0;
	r.rows = list;
	r.nrows = 3;
	r.stackless = 30;
	p = profile_of(&named, &r);
	assert_true(has_comment(p, "events without a stack, below their site alone: 30"));
	assert_int_equal(p->sample[0]->n_location_id, 1);
	assert_int_equal(location_of(p, p->sample[0], 0)->n_line, 3);
	l = location_of(p, p->sample[1], 0);
	assert_true(l->address == 0x76);
	assert_int_equal(l->mapping_id, 1);
	assert_int_equal(l->n_line, 0);
	l = location_of(p, p->sample[2], 0);
	assert_true(l->address == 0);
	assert_int_equal(l->mapping_id, 0);
	assert_line(p, l, 0, "?", "", 0);
	profile_free(p);
}

static size_t cut_stack(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
			struct output_frame *frames, size_t max, bool *cut)
{
	(void)ctx;
	(void)group;
	(void)stack;
	(void)pc;
	for (size_t i = 0; i < max; i++)
		frames[i] = (struct output_frame){.func = "main.down", .addr = 0x401000};
	*cut = true;
	return max;
}

static void test_cut_stack(void **state)
{
	static const struct output_options opts = {.names = {.stack = cut_stack}};
	const struct output_target target = code_target();
	struct output_report r = one_row(&target);
	const Sample *s;
	Profile *p;

	(void)state;
	r.stacks_cut = 10;
	p = profile_of(&opts, &r);
	s = p->sample[0];
	assert_true(has_comment(p, "events whose stack is longer, called by [truncated]: 10"));
	assert_int_equal(s->n_location_id, OUTPUT_STACK_MAX + 1);
	assert_line(p, location_of(p, s, OUTPUT_STACK_MAX - 1), 0, "main.down", "", 0);
	assert_line(p, location_of(p, s, OUTPUT_STACK_MAX), 0, "[truncated]", "", 0);
	assert_int_equal(location_of(p, s, OUTPUT_STACK_MAX)->mapping_id, 0);
	assert_int_equal(p->n_location, 2);
	profile_free(p);
}

static void test_several_processes(void **state)
{
	const struct output_target targets[] = {code_target(), code_target()};
	struct report_row second = sample_site;
	const struct report_row *list[] = {&sample_site, &second};
	struct output_report r = one_row(targets);
	Profile *p;

	(void)state;
	second.key.group = 1;
	second.key.stack = 0;
	r.ntargets = 2;
	r.rows = list;
	r.nrows = 2;
	p = profile_of(&named, &r);
	assert_int_equal(p->n_sample, 2);
	assert_int_equal(p->sample[0]->n_label, 3);
	assert_string_equal(text_of(p, p->sample[0]->label[2]->key), "pid");
	assert_int_equal(p->sample[0]->label[2]->num, 7);
	/* Both run one file: the site is one place. */
	assert_int_equal(p->n_mapping, 1);
	assert_int_equal(p->sample[0]->location_id[0], p->sample[1]->location_id[0]);
	profile_free(p);
}

/* Rows that are left out make one sample, so that the sums are those of all events. */
static void test_rest(void **state)
{
	const struct output_target target = code_target();
	struct output_report r = one_row(&target);
	Profile *p;

	(void)state;
	r.other = (struct report_other){.rows = 3, .events = 5};
	r.totals.sums.events += 5;
	r.totals.sums.allocated += 800;
	r.totals.sums.slack += 1;
	r.totals.sums.unsized = 2;
	p = profile_of(&named, &r);
	assert_int_equal(p->n_sample, 2);
	assert_values(p->sample[1], 5, 800, 0, 1);
	assert_line(p, location_of(p, p->sample[1], 0), 0, "[other]", "", 0);
	assert_true(has_comment(p, "[other]: 3 rows that are left out"));
	assert_true(has_comment(p, "events of an unknown element size, counted without bytes: 2"));
	profile_free(p);
}

/* Bytes of a hostile executable: protobuf's texts are UTF-8, and pprof prints them as they are. */
static size_t broken_line(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			  size_t max)
{
	(void)ctx;
	(void)group;
	(void)pc;
	(void)max;
	frames[0] = (struct output_frame){.func = "main.\xc3(", .file = "/\xfe/\033[2J\n"};
	return 1;
}

static void test_names_of_the_target(void **state)
{
	static const struct output_options broken = {.names = {.site = broken_line}};
	const struct output_target target = code_target();
	const struct output_report r = one_row(&target);
	Profile *p = profile_of(&broken, &r);

	(void)state;
	assert_line(p, location_of(p, p->sample[0], 0), 0, "main.\xef\xbf\xbd(",
		    "/\xef\xbf\xbd/?[2J?", 0);
	profile_free(p);
}

/* As pprof shows them: type arguments and all. */
static size_t generic_line(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			   size_t max)
{
	(void)ctx;
	(void)group;
	(void)max;
	frames[0] = (struct output_frame){
		.func = "main.push[...]", .symbol = "main.push[go.shape.int]", .addr = pc - 1};
	return 1;
}

static void test_type_arguments(void **state)
{
	static const struct output_options opts = {.names = {.site = generic_line}};
	const struct output_target target = code_target();
	const struct output_report r = one_row(&target);
	Profile *p = profile_of(&opts, &r);

	(void)state;
	assert_line(p, location_of(p, p->sample[0], 0), 0, "main.push[go.shape.int]", "", 0);
	profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_row),
		cmocka_unit_test(test_inlined_frames),
		cmocka_unit_test(test_first_figure),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_without_stack),
		cmocka_unit_test(test_cut_stack),
		cmocka_unit_test(test_several_processes),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_names_of_the_target),
		cmocka_unit_test(test_type_arguments),
	};

	return cmocka_run_group_tests_name("pprof", tests, NULL, NULL);
}
