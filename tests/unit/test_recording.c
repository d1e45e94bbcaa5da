// SPDX-License-Identifier: BSD-2-Clause
/* What is written to a recording is what is read from it, by each view. */
#include "recording_sample.h"

#include <errno.h>
#include <fcntl.h>

static void the_head_comes_back(void **state)
{
	struct recording *r = sample_recording(OUTPUT_BY_SITE);
	struct output_report head = recording_report(r);
	const struct output_target *t = head.targets;

	(void)state;
	assert_int_equal(recording_kind(r), RECORDING_OF_SITES);
	assert_true(recording_has_stacks(r) && head.final);
	assert_int_equal(head.time.tv_sec, 1767323045);
	assert_int_equal(head.time.tv_nsec, 678900000);
	assert_true(head.elapsed_s == 0.1 + 0.2 && head.cost_s == 1e-9 / 3);
	assert_true(head.exposure == 0.25 && head.traps == 123);
	assert_true(head.stackless == 1 && head.stacks_cut == 2 && head.typeless == 3);
	assert_true(head.forgotten == 4 && head.ntargets == 3 && head.nexes == 3);
	assert_string_equal(head.exes[0], "/srv/app");
	assert_null(head.exes[1]);
	assert_string_equal(head.exes[2], "/srv/\xff\x01tool");
	assert_true(t[0].pid == 7 && t[0].stripped && !t[0].cgroup && !t[0].forgotten);
	assert_true(t[0].text_start == 0x401000 && t[0].text_limit == 0x500000);
	assert_true(t[0].text_offset == 0x1000 && t[1].forgotten && !t[2].stripped);
	assert_string_equal(t[0].build_id, "0a");
	assert_string_equal(t[2].go, "go1.21");
	assert_string_equal(t[2].cgroup, "/a");
	assert_int_equal(head.ncounts, 3);
	assert_string_equal(head.counts[2].name, "lost_x");
	assert_int_equal(head.counts[2].value, 9);
	assert_int_equal(head.nests, 2);
	assert_string_equal(head.ests[0].name, "events");
	assert_true(head.ests[0].total == 250.5 && head.ests[0].error == 12.25);
	assert_true(isinf(head.ests[1].error));
	recording_free(r);
	recording_free(NULL);
}

struct shown {
	struct recording *recording;
	struct report *report;
	const struct report_row *const *rows;
	size_t n;
	struct report_other other;
};

static struct shown show(enum output_view kind, enum output_view view, bool stacks)
{
	const struct report_query all = {.sort = REPORT_SORT_EVENTS};
	struct shown s = {.recording = sample_recording(kind)};

	s.report = recording_fold(s.recording, view, stacks);
	assert_non_null(s.report);
	s.n = report_rows(s.report, &all, &s.rows, &s.other);
	return s;
}

static void hide(struct shown *s)
{
	report_free(s->report);
	recording_free(s->recording);
}

static void expect_sums(const struct report_sums *sums, uint64_t events, uint64_t allocated,
			uint64_t unsized)
{
	assert_int_equal(sums->events, events);
	assert_int_equal(sums->allocated, allocated);
	assert_int_equal(sums->unsized, unsized);
}

/* Both stacks of process 7 and the one that is forgotten are one line. */
static void sites_add_up_over_processes_and_stacks(void **state)
{
	struct shown s = show(OUTPUT_BY_SITE, OUTPUT_BY_SITE, false);

	(void)state;
	assert_int_equal(s.n, 4);
	expect_sums(&s.rows[0]->sums, 14, 448, 0);
	assert_int_equal(s.rows[0]->d.events, 4);
	assert_int_equal(s.rows[0]->d.cap_sum, 20);
	assert_true(s.rows[0]->lens[1] == 2ULL << 40 && s.rows[0]->lens[SS_LEN_BUCKETS - 1] == 4);
	assert_int_equal(s.rows[0]->key.group, 0);
	assert_int_equal(s.rows[0]->key.addr, SAMPLE_PC);
	expect_sums(&s.rows[1]->sums, 7, 72, 0);
	assert_int_equal(s.rows[1]->key.group, 2);
	expect_sums(&s.rows[2]->sums, 6, 0, 6);
	assert_int_equal(s.rows[2]->d.events, 6);
	expect_sums(&s.rows[3]->sums, 1, 0, 1);
	assert_true(s.rows[3]->key.addr == 0 && s.rows[3]->key.op == SS_OP_BYTES);
	assert_true(s.other.rows == 2 && s.other.evicted == 2);
	assert_true(s.other.events == 1000 - 28 && s.other.len_sum == 2000 - 60);
	assert_int_equal(report_totals(s.report).sums.allocated, 4000);
	hide(&s);
}

/* In the order that the session's numbers have; what is forgotten has no stack to show. */
static void stacks_tell_sites_apart(void **state)
{
	struct shown s = show(OUTPUT_BY_SITE, OUTPUT_BY_SITE, true);
	struct output_names names = recording_names(s.recording, true);
	struct output_frame frames[OUTPUT_STACK_MAX];
	bool cut;

	(void)state;
	assert_int_equal(s.n, 5);
	expect_sums(&s.rows[0]->sums, 10, 400, 0);
	expect_sums(&s.rows[3]->sums, 1, 24, 0);
	assert_true(s.rows[3]->key.stack < s.rows[0]->key.stack);
	assert_int_equal(names.stack(names.ctx, 0, s.rows[0]->key.stack, SAMPLE_PC, frames,
				     OUTPUT_STACK_MAX, &cut),
			 1);
	assert_true(cut);
	assert_string_equal(frames[0].func, "main.five");
	assert_int_equal(names.stack(names.ctx, 0, s.rows[3]->key.stack, SAMPLE_PC, frames,
				     OUTPUT_STACK_MAX, &cut),
			 1);
	assert_false(cut);
	assert_string_equal(frames[0].func, "main.two");
	assert_null(frames[0].file);
	assert_int_equal(s.other.events, 1000 - 25);
	hide(&s);
}

static void types_have_no_site(void **state)
{
	struct shown s = show(OUTPUT_BY_SITE, OUTPUT_BY_TYPE, false);
	struct output_names names = recording_names(s.recording, false);
	struct output_type type;

	(void)state;
	assert_int_equal(s.n, 4);
	expect_sums(&s.rows[0]->sums, 14, 448, 0);
	type = names.type(names.ctx, 0, s.rows[0]->key.type);
	assert_string_equal(type.name, "uint64");
	assert_int_equal(type.size, 8);
	type = names.type(names.ctx, 2, s.rows[1]->key.type);
	assert_string_equal(type.name, "main.\xffpoint");
	type = names.type(names.ctx, 0, s.rows[2]->key.type);
	assert_true(type.size == -1 && !strcmp(type.name, "?0x99"));
	assert_int_equal(s.rows[3]->key.type, 0);
	hide(&s);
}

/* Four were forgotten, one of which the rows tell of: they are among the others, as in a run. */
static void processes_have_nothing_else(void **state)
{
	struct shown s = show(OUTPUT_BY_SITE, OUTPUT_BY_PROCESS, false);

	(void)state;
	assert_int_equal(s.n, 2);
	expect_sums(&s.rows[0]->sums, 18, 424, 7);
	assert_int_equal(s.rows[0]->key.group, 0);
	assert_int_equal(s.rows[0]->d.events, 10);
	expect_sums(&s.rows[1]->sums, 7, 72, 0);
	assert_int_equal(s.rows[1]->key.group, 2);
	assert_true(s.other.rows == 6 && s.other.events == 975);
	hide(&s);
}

static void lines_are_those_of_each_executable(void **state)
{
	struct recording *r = sample_recording(OUTPUT_BY_SITE);
	struct output_names by_exe = recording_names(r, false),
			    by_target = recording_names(r, true);
	struct output_frame frames[OUTPUT_FRAMES_MAX];

	(void)state;
	assert_int_equal(by_exe.site(by_exe.ctx, 0, SAMPLE_PC, frames, OUTPUT_FRAMES_MAX), 2);
	assert_string_equal(frames[0].func, "main.add[...]");
	assert_string_equal(frames[0].symbol, "main.add[int]");
	assert_string_equal(frames[0].file, "/src/add.go");
	assert_true(frames[0].line == 31 && frames[0].inlined && !frames[1].inlined);
	assert_true(frames[0].addr == SAMPLE_PC - 1 && frames[1].line == 52 && !frames[1].symbol);
	assert_int_equal(by_target.site(by_target.ctx, 2, SAMPLE_PC, frames, OUTPUT_FRAMES_MAX), 1);
	assert_string_equal(frames[0].func, "main.tool");
	assert_null(frames[0].file);
	assert_int_equal(by_exe.site(by_exe.ctx, 0, SAMPLE_PC + 64, frames, 1), 0);
	assert_int_equal(by_exe.site(by_exe.ctx, 1, SAMPLE_PC, frames, 1), 0);
	recording_free(r);
}

static void bases_come_back(void **state)
{
	struct shown s = show(OUTPUT_BY_BASE, OUTPUT_BY_BASE, false);
	const struct report_row *row = s.rows[0];

	(void)state;
	assert_int_equal(recording_kind(s.recording), RECORDING_OF_BASES);
	assert_int_equal(s.n, 2);
	expect_sums(&row->sums, 3, 320, 0);
	assert_true(row->d.events == 1 && row->d.len_sum == 10 && row->d.cap_sum == 20);
	assert_true(row->key.addr == 0xc000010000 && row->key.group == 0 && row->reused == 2);
	assert_true(row->last.len == 10 && row->last.cap == 20 && row->last.op == SS_OP_GROW);
	assert_true(row->last.site == SAMPLE_PC && row->last.type && !row->lens);
	assert_int_equal(s.rows[1]->key.group, 2);
	assert_true(s.rows[1]->last.site == 0 && s.rows[1]->last.type == 0 && !s.rows[1]->reused);
	assert_true(s.other.evicted == 2 && s.other.events == 996);
	hide(&s);
}

static void chains_come_back(void **state)
{
	struct recording *r = sample_recording(OUTPUT_CHAINS);
	struct chains *chains = recording_chains(r);
	struct output_report head = recording_report(r);
	struct output_names names = recording_names(r, false);
	const struct chain_row *rows;
	struct chain_end total;
	char text[64];

	(void)state;
	assert_non_null(chains);
	assert_int_equal(recording_kind(r), RECORDING_OF_CHAINS);
	assert_int_equal(chains_rows(chains, CHAINS_SORT_COPIED, &rows, &total), 2);
	assert_true(rows[0].total.chains == 95 && rows[0].total.copied == 8400);
	assert_true(rows[0].nends == 2 && rows[0].elem_size == 8 && rows[0].key.group == 0);
	assert_memory_equal(rows[0].ends, sample_ends, sizeof(sample_ends));
	assert_true(rows[1].elem_size == 24 && rows[1].key.group == 2 && rows[1].nends == 1);
	assert_string_equal(names.type(names.ctx, 2, rows[1].key.type).name, "main.\xffpoint");
	assert_true(head.chain_total.cap == 1 && head.chain_total.dead == 6);
	assert_true(head.nchain_counts == 2 && head.chain_counts[0].value == 60);
	/* Not as a terminal would act on it. */
	assert_int_equal(recording_source_line(r, "/src/add.go", 31, text, sizeof(text)), 0);
	assert_string_equal(text, "append(s,?[31m v)");
	assert_int_equal(recording_source_line(r, "/src/add.go", 30, text, sizeof(text)), -ENOENT);
	assert_int_equal(recording_source_line(r, "/src/other.go", 31, text, sizeof(text)),
			 -ENOENT);
	chains_free(chains);
	recording_free(r);
}

/* As diff compares them: an address is no name in another build. */
static void lines_for_a_diff(void **state)
{
	struct recording *r = sample_recording(OUTPUT_BY_SITE);
	const struct report_sums totals = recording_totals(r);
	size_t n;
	struct diff_site *lines = recording_lines(r, &n);

	(void)state;
	assert_non_null(lines);
	assert_int_equal(n, 6);
	assert_string_equal(lines[0].func, "main.add[...]");
	assert_string_equal(lines[0].elem, "uint64");
	assert_true(lines[0].line == 31 && lines[0].op == SS_OP_GROW);
	assert_string_equal(lines[2].func, "?");
	assert_string_equal(lines[2].elem, "?");
	assert_true(lines[2].line == 0 && !lines[2].file);
	assert_string_equal(lines[3].func, "main.tool");
	assert_string_equal(lines[5].elem, "?");
	assert_true(totals.events == 1000 && totals.allocated == 4000 && totals.unsized == 70);
	free(lines);
	recording_free(r);
}

/* The same bytes again: nothing in it depends on when or where it is written. */
static void writing_is_repeatable(void **state)
{
	uint8_t one[SAMPLE_BYTES], other[SAMPLE_BYTES];
	const size_t n = sample_bytes(OUTPUT_BY_SITE, one);

	(void)state;
	assert_int_equal(sample_bytes(OUTPUT_BY_SITE, other), n);
	assert_memory_equal(one, other, n);
}

static void a_full_disk_is_told(void **state)
{
	const struct report_row *list[8];
	struct output_report r = sample_recorded(OUTPUT_BY_SITE, list);
	const struct recording_source source = {
		.report = &r,
		.target_exes = sample_target_exes,
		.groups_of_exes = SAMPLE_GROUPS,
		.names = {sample_type, sample_site, sample_stack, &r},
	};
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(recording_write(fd, &source), -ENOSPC);
	close(fd);
	assert_int_equal(recording_write(fd, &source), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_comes_back),
		cmocka_unit_test(sites_add_up_over_processes_and_stacks),
		cmocka_unit_test(stacks_tell_sites_apart),
		cmocka_unit_test(types_have_no_site),
		cmocka_unit_test(processes_have_nothing_else),
		cmocka_unit_test(lines_are_those_of_each_executable),
		cmocka_unit_test(bases_come_back),
		cmocka_unit_test(chains_come_back),
		cmocka_unit_test(lines_for_a_diff),
		cmocka_unit_test(writing_is_repeatable),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
