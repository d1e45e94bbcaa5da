// SPDX-License-Identifier: BSD-2-Clause
/* cli/live_log.h: what was said while the screen was drawn is said again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/live_log.h"

static char noted[256];

static void note(void *ctx, const char *line)
{
	assert_ptr_equal(ctx, noted);
	snprintf(noted, sizeof(noted), "%s", line);
}

/* What live_log_end writes to stderr. */
static void assert_ends(struct live_log *log, const char *expected)
{
	char text[1024] = "";
	FILE *f = tmpfile();
	int before = dup(STDERR_FILENO);

	assert_non_null(f);
	assert_int_equal(dup2(fileno(f), STDERR_FILENO), STDERR_FILENO);
	live_log_end(log);
	assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
	close(before);
	rewind(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_string_equal(text, expected);
}

static void test_few(void **state)
{
	static const struct output_count counts[] = {
		{"seen", 9}, {"lost_busy", 4}, {"lost_fault", 0}, {"panicked", 1}};
	const struct output_report r = {.counts = counts, .ncounts = 4};
	static struct live_log log;

	(void)state;
	live_log_begin(&log, note, noted);
	log_info("nothing of this");
	assert_string_equal(noted, "");
	log_warn("one %d", 1);
	assert_string_equal(noted, "one 1");
	log_error("two");
	assert_string_equal(noted, "two");
	live_log_losses(&log, &r);
	live_log_losses(&log, &r);
	assert_ends(&log, "slicestat: one 1\nslicestat: two\n"
			  "slicestat: events in no row: lost_busy 8\n");
}

/* The last ones, and how many are missing. */
static void test_many(void **state)
{
	static struct live_log log;

	(void)state;
	live_log_begin(&log, note, noted);
	for (int i = 0; i < LIVE_WARNINGS + 3; i++)
		log_warn("w%d", i);
	assert_ends(&log, "slicestat: 3 messages came before these\n"
			  "slicestat: w3\nslicestat: w4\nslicestat: w5\nslicestat: w6\n"
			  "slicestat: w7\nslicestat: w8\nslicestat: w9\nslicestat: w10\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("live_log", tests, NULL, NULL);
}
