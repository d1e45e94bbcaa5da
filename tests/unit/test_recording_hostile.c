// SPDX-License-Identifier: BSD-2-Clause
/* Recordings that are none, and such that do not hold together: each is refused in one line. */
#include "recording_sample.h"

#include <errno.h>
#include <stdio.h>

static void expect_refused(const uint8_t *bytes, size_t len, const char *words)
{
	struct recording *r = NULL;
	struct reason why = {""};
	const int err = recording_parse(bytes, len, "FILE", &r, &why);

	assert_true(err < 0);
	assert_null(r);
	assert_ptr_equal(strstr(why.text, "FILE "), why.text);
	assert_null(strchr(why.text, '\n'));
	if (!strstr(why.text, words))
		fail_msg("'%s' is not in '%s'", words, why.text);
}

typedef void (*change_fn)(Slicestat__Recording *file);

/* What a file says with one thing changed. */
static void expect_damaged(enum output_view view, change_fn change, const char *words)
{
	uint8_t bytes[SAMPLE_BYTES], changed[2 * SAMPLE_BYTES];
	const size_t len = sample_bytes(view, bytes);
	Slicestat__Recording *file = slicestat__recording__unpack(NULL, len, bytes);
	size_t size;

	assert_non_null(file);
	change(file);
	size = slicestat__recording__get_packed_size(file);
	assert_true(size <= sizeof(changed));
	slicestat__recording__pack(file, changed);
	expect_refused(changed, size, words);
	slicestat__recording__free_unpacked(file, NULL);
}

/* Named by what it does to the file. */
#define CHANGE(name, statement)                                                                    \
	static void name(Slicestat__Recording *file)                                               \
	{                                                                                          \
		statement;                                                                         \
	}

CHANGE(kind_unknown, file->head->kind = SLICESTAT__RECORDING_KIND__UNKNOWN)
CHANGE(kind_later, file->head->kind = (Slicestat__RecordingKind)4)
CHANGE(kind_other, file->head->kind = SLICESTAT__RECORDING_KIND__CHAINS)
CHANGE(time_beyond, file->head->time_ns = 1000000000)
CHANGE(time_before, file->head->time_s = -1)
CHANGE(time_of_others, file->head->time_s = INT64_MAX)
CHANGE(elapsed_of_ages, file->head->elapsed_s = 1e10)
CHANGE(elapsed_nan, file->head->elapsed_s = NAN)
CHANGE(elapsed_before, file->head->elapsed_s = -1)
CHANGE(cost_infinite, file->head->cost_s = INFINITY)
CHANGE(exposure_nan, file->head->exposure = NAN)
CHANGE(tool_beyond, file->head->tool = (uint32_t)file->n_texts)
CHANGE(count_beyond, file->head->counts[1]->name = UINT32_MAX)
CHANGE(count_without_name, file->head->counts[1]->name = 0)
CHANGE(count_named_as_path, file->head->counts[1]->name = file->exes[0]->path)
CHANGE(chain_count_beyond, file->head->chain_counts[0]->name = 12345)
CHANGE(estimate_beyond, file->head->estimates[0]->name = 12345)
CHANGE(estimate_infinite, file->head->estimates[0]->total = INFINITY)
CHANGE(estimate_error_nan, file->head->estimates[0]->error = NAN)
CHANGE(exe_path_beyond, file->exes[0]->path = 12345)
CHANGE(process_exe_beyond, file->processes[0]->exe = 3)
CHANGE(process_path_beyond, file->processes[0]->path = 12345)
CHANGE(process_build_beyond, file->processes[2]->build_id = 12345)
CHANGE(type_exe_beyond, file->types[0]->exe = 3)
CHANGE(type_name_beyond, file->types[0]->name = 12345)
CHANGE(type_smaller, file->types[0]->size = -2)
CHANGE(type_larger, file->types[0]->size = INT64_MAX)
CHANGE(frame_func_beyond, file->frames[0]->func = 12345)
CHANGE(frame_file_beyond, file->frames[0]->file = 12345)
CHANGE(frame_source_beyond, file->frames[0]->source = 12345)
CHANGE(frame_symbol_beyond, file->frames[0]->symbol = 12345)
CHANGE(frame_line_beyond, file->frames[0]->line = 1U << 31)
CHANGE(site_exe_beyond, file->sites[2]->exe = 3)
CHANGE(site_frame_beyond, file->sites[0]->frames[0] = (uint32_t)file->n_frames)
CHANGE(site_at_zero, file->sites[0]->pc = 0)
CHANGE(sites_twice, file->sites[1]->pc = file->sites[0]->pc)
CHANGE(sites_out_of_order, file->sites[1]->pc = 1)
CHANGE(stack_frame_beyond, file->stacks[0]->frames[0] = (uint32_t)file->n_frames)
CHANGE(row_exe_beyond, file->rows[0]->exe = 3)
CHANGE(row_process_beyond, file->rows[0]->process = 4)
CHANGE(row_process_of_other_exe, file->rows[4]->process = 3)
CHANGE(row_type_beyond, file->rows[0]->type = (uint32_t)file->n_types + 1)
CHANGE(row_type_of_other_exe, file->rows[0]->type = (uint32_t)file->n_types)
CHANGE(row_site_beyond, file->rows[0]->site = (uint32_t)file->n_sites + 1)
CHANGE(row_site_of_other_exe, file->rows[0]->site = (uint32_t)file->n_sites)
CHANGE(row_stack_beyond, file->rows[0]->stack = (uint32_t)file->n_stacks + 1)
CHANGE(row_interval_larger, file->rows[0]->d_events = 11)
CHANGE(row_interval_longer, file->rows[0]->d_len_sum = 41)
CHANGE(row_interval_wider, file->rows[0]->d_cap_sum = 51)
CHANGE(chain_exe_beyond, file->chains[0]->exe = 3)
CHANGE(chain_type_beyond, file->chains[0]->type = 12345)
CHANGE(chain_site_beyond, file->chains[0]->site = 12345)
CHANGE(chain_elem_beyond, file->chains[0]->elem_size = UINT64_MAX)
CHANGE(chain_cap_beyond, file->chains[0]->ends[0]->cap = SS_CAP_MAX + 1)
CHANGE(chain_end_of_none, file->chains[0]->ends[0]->chains = 0)
CHANGE(text_with_zero, file->texts[1].data[0] = 0)

static const struct damage {
	change_fn change;
	const char *words;
} of_sites[] =
	{
		{kind_unknown, "its kind is 0"},
		{kind_later, "its kind is 4"},
		{kind_other, "not of its kind"},
		{time_beyond, "its time is none"},
		{time_before, "its time is none"},
		{time_of_others, "its time is none"},
		{elapsed_of_ages, "a figure that is none"},
		{elapsed_nan, "a figure that is none"},
		{elapsed_before, "a figure that is none"},
		{cost_infinite, "a figure that is none"},
		{exposure_nan, "a figure that is none"},
		{tool_beyond, "head 0 names text"},
		{count_beyond, "count 1 names text"},
		{count_without_name, "count 1 has no name"},
		{count_named_as_path, "count 1 has no name"},
		{chain_count_beyond, "count 0 names text"},
		{estimate_beyond, "count 0 names text"},
		{estimate_infinite, "estimate 0 is no figure"},
		{estimate_error_nan, "estimate 0 is no figure"},
		{exe_path_beyond, "executable 0 names text 12345"},
		{process_exe_beyond, "process 0 names executable 3 of 3"},
		{process_path_beyond, "process 0 names text"},
		{process_build_beyond, "process 2 names text"},
		{type_exe_beyond, "type 0 names executable"},
		{type_name_beyond, "type 0 names text"},
		{type_smaller, "type 0 has -2 bytes"},
		{type_larger, "type 0 has"},
		{frame_func_beyond, "frame 0 names text"},
		{frame_file_beyond, "frame 0 names text"},
		{frame_source_beyond, "frame 0 names text"},
		{frame_symbol_beyond, "frame 0 names text"},
		{frame_line_beyond, "frame 0 has line 2147483648"},
		{site_exe_beyond, "site 2 names executable"},
		{site_frame_beyond, "site 0 names frame"},
		{site_at_zero, "site 0 is not in order"},
		{sites_twice, "site 1 is not in order"},
		{sites_out_of_order, "site 1 is not in order"},
		{stack_frame_beyond, "stack 0 names frame"},
		{row_exe_beyond, "row 0 names executable"},
		{row_process_beyond, "row 0 names process 4 of 4"},
		{row_process_of_other_exe, "row 4 is of a process of another executable"},
		{row_type_beyond, "row 0 names type"},
		{row_type_of_other_exe, "row 0 has a name of another executable"},
		{row_site_beyond, "row 0 names site"},
		{row_site_of_other_exe, "row 0 has a name of another executable"},
		{row_stack_beyond, "row 0 names stack"},
		{row_interval_larger, "row 0 has no sums"},
		{row_interval_longer, "row 0 has no sums"},
		{row_interval_wider, "row 0 has no sums"},
		{text_with_zero, "text 1 has a byte 0"},
},
  of_chains[] = {
	  {chain_exe_beyond, "chain 0 names executable"},
	  {chain_type_beyond, "chain 0 names type"},
	  {chain_site_beyond, "chain 0 names site"},
	  {chain_elem_beyond, "chain 0 is none"},
	  {chain_cap_beyond, "chain 0 has capacity"},
	  {chain_end_of_none, "chain 0 has capacity 8 0 times"},
	  {kind_unknown, "its kind is 0"},
};

static void places_and_figures_are_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(of_sites) / sizeof(of_sites[0]); i++)
		expect_damaged(OUTPUT_BY_SITE, of_sites[i].change, of_sites[i].words);
	for (size_t i = 0; i < sizeof(of_chains) / sizeof(of_chains[0]); i++)
		expect_damaged(OUTPUT_CHAINS, of_chains[i].change, of_chains[i].words);
}

/* A part of a message behind it adds to its lists. */
static void expect_appended(const Slicestat__Recording *part, const char *words)
{
	static uint8_t bytes[4 << 20];
	size_t len = sample_bytes(OUTPUT_BY_SITE, bytes);
	const size_t more = slicestat__recording__get_packed_size(part);

	assert_true(more <= sizeof(bytes) - len);
	len += slicestat__recording__pack(part, bytes + len);
	expect_refused(bytes, len, words);
}

static void lists_are_bounded(void **state)
{
	static uint32_t frames[OUTPUT_STACK_MAX + 1];
	static uint64_t lens[SS_LEN_BUCKETS + 1];
	static char longest[65537];
	Slicestat__RecordingSite site = SLICESTAT__RECORDING_SITE__INIT, *sites = &site;
	Slicestat__RecordingStack stack = SLICESTAT__RECORDING_STACK__INIT, *stacks = &stack;
	Slicestat__RecordingSums sums = SLICESTAT__RECORDING_SUMS__INIT;
	Slicestat__RecordingRow row = SLICESTAT__RECORDING_ROW__INIT, *rows = &row;
	Slicestat__Recording with_site = SLICESTAT__RECORDING__INIT, with_stack = with_site;
	Slicestat__Recording with_row = with_site, with_text = with_site;
	ProtobufCBinaryData text = {sizeof(longest), (uint8_t *)longest};

	(void)state;
	site = (Slicestat__RecordingSite){.base = site.base, .exe = 2, .pc = UINT64_MAX};
	site.frames = frames;
	site.n_frames = OUTPUT_FRAMES_MAX + 1;
	with_site.n_sites = 1;
	with_site.sites = &sites;
	expect_appended(&with_site, "has 65 frames");
	stack.frames = frames;
	stack.n_frames = OUTPUT_STACK_MAX + 1;
	with_stack.n_stacks = 1;
	with_stack.stacks = &stacks;
	expect_appended(&with_stack, "has 1025 frames");
	row.lens = lens;
	row.n_lens = SS_LEN_BUCKETS + 1;
	with_row.n_rows = 1;
	with_row.rows = &rows;
	expect_appended(&with_row, "has no sums");
	row.sums = &sums;
	expect_appended(&with_row, "has 33 lengths");
	memset(longest, 'x', sizeof(longest));
	with_text.n_texts = 1;
	with_text.texts = &text;
	expect_appended(&with_text, "is longer than 65536 bytes");
}

/* One row more than can be, in two bytes each. */
static void rows_are_bounded(void **state)
{
	const size_t rows = RECORDING_ROWS_MAX + 1;
	uint8_t *bytes = malloc(SAMPLE_BYTES + 2 * rows);
	size_t len;

	(void)state;
	assert_non_null(bytes);
	len = sample_bytes(OUTPUT_BY_SITE, bytes);
	for (size_t i = 0; i < rows; i++) {
		bytes[len++] = 11 << 3 | 2;
		bytes[len++] = 0;
	}
	expect_refused(bytes, len, "more than 1048576 rows");
	free(bytes);
}

static void foreign_and_newer_files(void **state)
{
	uint8_t bytes[SAMPLE_BYTES];
	const size_t len = sample_bytes(OUTPUT_BY_SITE, bytes);

	(void)state;
	expect_refused(bytes, 0, "is no recording: slicestat record -O FILE makes one");
	expect_refused(bytes, 20, "is no recording");
	bytes[0] = 0x12;
	expect_refused(bytes, len, "is no recording");
	bytes[0] = 0x0a;
	assert_int_equal(bytes[22], 1);
	bytes[22] = 2;
	expect_refused(bytes, len, "newer slicestat (format 2, this one reads 1)");
	bytes[22] = 0x80;
	expect_refused(bytes, len, "newer slicestat");
	bytes[22] = 0;
	expect_refused(bytes, len, "is no recording");
}

/* Every beginning of a file but the whole is refused, whatever it ends within. */
static void files_that_end_early(void **state)
{
	uint8_t bytes[SAMPLE_BYTES];
	const size_t len = sample_bytes(OUTPUT_BY_SITE, bytes);

	(void)state;
	for (size_t n = 23; n < len; n++) {
		struct recording *r = NULL;
		struct reason why = {""};

		if (recording_parse(bytes, n, "FILE", &r, &why) == 0) {
			recording_free(r);
			fail_msg("the first %zu of %zu bytes are a recording", n, len);
		}
		assert_non_null(strstr(why.text, "is damaged"));
	}
}

/* The file itself, one byte of which is another: its checksum tells. */
static void files_with_a_wrong_byte(void **state)
{
	uint8_t bytes[SAMPLE_BYTES];
	int fd = sample_file(OUTPUT_BY_SITE), refused = 0;
	const ssize_t len = read(fd, bytes, sizeof(bytes));

	(void)state;
	assert_true(len > 100);
	for (ssize_t i = 0; i < len; i++) {
		const uint8_t wrong = bytes[i] ^ 0x55;
		struct recording *r = NULL;
		struct reason why = {""};

		assert_int_equal(pwrite(fd, &wrong, 1, i), 1);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		if (recording_read(fd, "FILE", &r, &why)) {
			refused++;
			assert_ptr_equal(strstr(why.text, "FILE is "), why.text);
		}
		recording_free(r);
		assert_int_equal(pwrite(fd, &bytes[i], 1, i), 1);
	}
	/* Six bytes of the header say when and on what it was compressed. */
	assert_true(refused >= len - 6);
	close(fd);
}

/* A message of the version as it stands in the file, with fields that nobody knows yet. */
static void unknown_fields_are_left_alone(void **state)
{
	static const uint8_t unknown[] = {(99 << 3 & 0x7f) | 0x80, 99 >> 4, 7};
	uint8_t bytes[SAMPLE_BYTES];
	size_t len = sample_bytes(OUTPUT_BY_SITE, bytes);
	struct recording *r = NULL;
	struct reason why = {""};

	(void)state;
	memcpy(bytes + len, unknown, sizeof(unknown));
	len += sizeof(unknown);
	assert_int_equal(recording_parse(bytes, len, "FILE", &r, &why), 0);
	recording_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_and_figures_are_checked),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(rows_are_bounded),
		cmocka_unit_test(foreign_and_newer_files),
		cmocka_unit_test(files_that_end_early),
		cmocka_unit_test(files_with_a_wrong_byte),
		cmocka_unit_test(unknown_fields_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
