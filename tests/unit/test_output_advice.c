// SPDX-License-Identifier: BSD-2-Clause
/* Proposals, as people and programs see them. */
#include <errno.h>

#include "chain_sample.h"

static const struct advice sample_advice[] = {
	{
		.row = &sample_chains[0],
		.kind = ADVICE_PREALLOCATE,
		.cap = 848,
		.percentile = 95,
		.share = 0.3824,
		.steps_saved = 10400,
		.copied_saved = 8000,
		.dead_saved = 12000,
		.extra = 2048,
	},
	{
		.row = &sample_chains[0],
		.kind = ADVICE_REUSE,
		.cap = 512,
		.percentile = 90,
		.share = 0.3,
		.steps_saved = 10410,
		.copied_saved = 8192,
		.dead_saved = 12288,
		.held_saved = 5 << 20,
		.extra = 10240,
	},
	{
		.row = &sample_chains[1],
		.kind = ADVICE_CLIP,
		.cap = 1280,
		.percentile = 50,
		.held_saved = 3 << 20,
	},
};

static int sample_source(void *ctx, const char *file, int line, char *text, size_t size)
{
	(void)ctx;
	assert_string_equal(file, "/home/u/src/main.go");
	assert_int_equal(line, 31);
	snprintf(text, size, "s = append(s, it)");
	return 0;
}

static int no_source(void *ctx, const char *file, int line, char *text, size_t size)
{
	(void)ctx;
	(void)file;
	(void)line;
	(void)text;
	(void)size;
	return -ENOENT;
}

static struct output_report report;

static struct output_advice sample(void)
{
	static const struct output_count counts[] = {{"seen", 9}, {"folded", 9}};
	static const struct output_count chains[] = {{"linked", 7}, {"lost_tails", 2}};

	report = (struct output_report){
		.time = {.tv_sec = 1767323045},
		.elapsed_s = 12.5,
		.final = true,
		.view = OUTPUT_CHAINS,
		.counts = counts,
		.ncounts = 2,
		.chain_counts = chains,
		.nchain_counts = 2,
		.chain_total = {652000, 1001, 432000, 10411, 8192, 12288},
		.traps = 12,
		.cost_s = 0.125,
		.exes = chain_exes,
		.nexes = 1,
	};
	return (struct output_advice){
		.report = &report,
		.nsites = 2,
		.advice = sample_advice,
		.nadvice = 3,
		.source = sample_source,
	};
}

static char *advised(const char *format, const struct output_options *opts,
		     const struct output_advice *a)
{
	char *text = NULL, *copy;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(output_find(format)->advise(f, opts, a), 0);
	assert_int_equal(fclose(f), 0);
	copy = strdup(text);
	assert_non_null(copy);
	free(text);
	return copy;
}

#define STATUS                                                                                     \
	"\n03:04:05 12.500 s since attach: seen 9, folded 9; 1,001 chains: linked 7, lost_tails "  \
	"2; cost 12 traps, about 1.0 % of a CPU\n"

static void assert_advised(const struct output_options *opts, const struct output_advice *a,
			   const char *expected)
{
	char *text = advised("table", opts, a), *status = strstr(text, STATUS);

	/* What was lost, and the price, are told in any case. */
	assert_non_null(status);
	assert_string_equal(status, STATUS);
	*status = '\0';
	assert_string_equal(text, expected);
	free(text);
}

#define HEAD                                                                                       \
	"In 12.5 s 1,001 slices of 2 sites grew 10,411 times, copied 8.0 KiB and left 12.0 KiB "   \
	"behind.\n"
#define CHAINS                                                                                     \
	"   1,000 slices with 10.4 growths each copied 8.0 KiB and left 12.0 KiB behind; final "   \
	"length 50 %: <= 512, 90 %: <= 848, 99 %: <= 848\n"

static void test_paragraphs(void **state)
{
	struct output_advice a = sample();

	(void)state;
	assert_advised(
		&named, &a,
		HEAD
		"\n"
		"1. main.add  /home/u/src/main.go:31  (grow of main.point, 8 B)  38.2 % of all "
		"growth cost\n"
		"      31 | s = append(s, it)\n" CHAINS
		"   begin with make([]main.point, 0, 848): 95 % of the slices then never grow; "
		"saves 10,400 growths, 7.8 KiB of copying, 11.7 KiB of garbage; takes 2.0 KiB "
		"more\n"
		"\n"
		"2. main.add  /home/u/src/main.go:31  (grow of main.point, 8 B)  30.0 % of all "
		"growth cost\n"
		"      31 | s = append(s, it)\n" CHAINS
		"   keep the array for the next slice, s = s[:0] or a sync.Pool, where nothing "
		"else holds it; saves 10,410 growths, 8.0 KiB of copying, 12.0 KiB of garbage, "
		"5.0 MiB of new arrays; keeps 10.0 KiB for each user\n"
		"   where that cannot be, begin with make([]main.point, 0, 512)\n"
		"\n"
		"3. 0x234  (make of ?0x77)  0.0 % of all growth cost\n"
		"   1 slices with 1.0 growths each copied 0 B and left 0 B behind; final length "
		"50 %: <= 1,280, 90 %: <= 1,280, 99 %: <= 1,280\n"
		"   once it is complete, slices.Clip(slices.Clone(s)) where it is kept for long "
		"(Clip alone keeps the array); frees up to 3.0 MiB\n");
}

/* A make keeps its length; several executables are named; no more memory, no name, no line. */
static void test_variants(void **state)
{
	struct advice advice = sample_advice[0];
	struct output_advice a = sample();

	(void)state;
	advice.row = &sample_chains[1];
	advice.extra = 0;
	advice.steps_saved = 1;
	a.advice = &advice;
	a.nadvice = 1;
	report.nexes = 2;
	a.source = no_source;
	assert_advised(&plain, &a,
		       HEAD
		       "\n"
		       "1. 0x234  (make of ?, /srv/other)  38.2 % of all growth cost\n"
		       "   1 slices with 1.0 growths each copied 0 B and left 0 B behind; final "
		       "length 50 %: <= 1,280, 90 %: <= 1,280, 99 %: <= 1,280\n"
		       "   begin with make([]T, n, 848): 95 % of the slices then never grow; "
		       "saves 1 growth, 7.8 KiB of copying, 11.7 KiB of garbage; takes no more "
		       "memory\n");
}

static void test_nothing_to_advise(void **state)
{
	struct output_advice a = sample();
	char *text;

	(void)state;
	a.nadvice = 0;
	assert_advised(&plain, &a, HEAD "No site is worth a change.\n");
	text = advised("json", &plain, &a);
	assert_string_equal(text, "{\"schema\":\"slicestat.advice/1\",\"elapsed_s\":12.5,"
				  "\"counts\":{\"seen\":9,\"folded\":9},"
				  "\"cost\":{\"traps\":12,\"cpu_s\":0.125},"
				  "\"chains\":{\"linked\":7,\"lost_tails\":2},"
				  "\"sites\":2,\"total\":{\"chains\":1001,\"steps\":10411,"
				  "\"bytes_copied\":8192,\"bytes_dead\":12288},\"advice\":[]}\n");
	free(text);
}

static json_t *advised_json(const struct output_advice *a)
{
	char *text = advised("json", &named, a);
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (!json)
		fail_msg("%s: %s", error.text, text);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
	return json;
}

static void test_json(void **state)
{
	struct output_advice a = sample();
	json_t *json = advised_json(&a), *list = json_object_get(json, "advice"), *out;

	(void)state;
	assert_int_equal(json_array_size(list), 3);
	out = json_array_get(list, 0);
	assert_string_equal(string(out, "kind"), "preallocate");
	assert_int_equal(integer(out, "cap"), 848);
	assert_int_equal(integer(out, "percentile"), 95);
	assert_true(json_real_value(json_object_get(out, "share")) == 0.3824);
	assert_int_equal(integer(out, "chains"), 1000);
	assert_int_equal(integer(out, "growths"), 10410);
	assert_int_equal(integer(out, "bytes_copied"), 8192);
	assert_int_equal(integer(out, "bytes_dead"), 12288);
	assert_int_equal(integer(out, "extra_bytes"), 2048);
	assert_int_equal(json_array_size(json_object_get(out, "ends")), 3);
	assert_string_equal(string(out, "op"), "grow");
	assert_string_equal(string(out, "elem"), "main.point");
	assert_int_equal(integer(out, "elem_size"), 8);
	assert_int_equal(integer(json_object_get(out, "site"), "line"), 31);
	assert_string_equal(string(out, "source"), "s = append(s, it)");
	out = json_object_get(out, "saves");
	assert_int_equal(integer(out, "growths"), 10400);
	assert_int_equal(integer(out, "bytes_copied"), 8000);
	assert_int_equal(integer(out, "bytes_dead"), 12000);
	assert_int_equal(integer(out, "bytes_held"), 0);
	assert_string_equal(string(json_array_get(list, 1), "kind"), "reuse");
	out = json_array_get(list, 2);
	assert_string_equal(string(out, "kind"), "clip");
	assert_int_equal(integer(json_object_get(out, "saves"), "bytes_held"), 3 << 20);
	assert_true(json_is_null(json_object_get(out, "source")));
	json_decref(json);
}

static void test_json_without_sources(void **state)
{
	static int (*const readers[])(void *, const char *, int, char *, size_t) = {NULL,
										    no_source};
	struct output_advice a = sample();

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		json_t *json, *first;

		a.source = readers[i];
		json = advised_json(&a);
		first = json_array_get(json_object_get(json, "advice"), 0);
		assert_true(json_is_null(json_object_get(first, "source")));
		json_decref(json);
	}
}

static void test_full_disk(void **state)
{
	struct output_advice a = sample();
	FILE *f = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(f);
	assert_int_equal(output_advise_table(f, &named, &a), -ENOSPC);
	(void)fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paragraphs),	     cmocka_unit_test(test_variants),
		cmocka_unit_test(test_nothing_to_advise),    cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_without_sources), cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests_name("output_advice", tests, set_time_zone, NULL);
}
