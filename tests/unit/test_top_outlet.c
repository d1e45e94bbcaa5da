// SPDX-License-Identifier: BSD-2-Clause
/* top/outlet.h: terminals that read, do not, and go. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "top/outlet.h"

/* More than a terminal keeps. */
#define MUCH (4 << 20)

static int reader, tty;
static struct outlet *outlet;

static int set_up(void **state)
{
	struct termios t;

	(void)state;
	reader = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_int_equal(grantpt(reader) | unlockpt(reader), 0);
	tty = open(ptsname(reader), O_RDWR | O_NOCTTY);
	assert_int_equal(tcgetattr(tty, &t), 0);
	cfmakeraw(&t);
	assert_int_equal(tcsetattr(tty, TCSANOW, &t), 0);
	assert_int_equal(outlet_new(&outlet, tty), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	outlet_free(outlet);
	close(tty);
	if (reader >= 0)
		close(reader);
	return 0;
}

static void draw(const char *bytes, size_t n)
{
	assert_int_equal(write(outlet_file(outlet), bytes, n), n);
}

static void test_a_terminal_that_reads(void **state)
{
	char read_now[16];

	(void)state;
	assert_true(outlet_flush(outlet));
	draw("one", 3);
	assert_true(outlet_flush(outlet));
	assert_int_equal(read(reader, read_now, sizeof(read_now)), 3);
	draw("two", 3);
	draw("!", 1);
	assert_true(outlet_flush(outlet));
	assert_int_equal(read(reader, read_now, sizeof(read_now)), 4);
	assert_memory_equal(read_now, "two!", 4);
	/* That the shell's file waits has not been changed. */
	assert_false(fcntl(tty, F_GETFL) & O_NONBLOCK);
}

/* Not before it reads, and then all of it, in order. */
static void test_a_terminal_that_reads_late(void **state)
{
	unsigned char *bytes = malloc(MUCH), part[4096];
	size_t got = 0;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < MUCH; i++)
		bytes[i] = (unsigned char)(i % 251);
	draw((char *)bytes, MUCH);
	assert_false(outlet_flush(outlet));
	assert_false(outlet_flush(outlet));
	while (got < MUCH) {
		const ssize_t n = read(reader, part, sizeof(part));

		if (n > 0)
			assert_memory_equal(part, bytes + got, n);
		got += n > 0 ? (size_t)n : 0;
		outlet_flush(outlet);
	}
	assert_true(outlet_flush(outlet));
	assert_true(read(reader, part, sizeof(part)) <= 0);
	free(bytes);
}

static void test_a_terminal_that_never_reads(void **state)
{
	struct timespec begin, end;
	char *bytes = calloc(1, MUCH);

	(void)state;
	assert_non_null(bytes);
	draw(bytes, MUCH);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	outlet_finish(outlet, 100);
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_true(end.tv_sec - begin.tv_sec <= 2);
	/* The rest is gone. */
	assert_true(outlet_flush(outlet));
	free(bytes);
}

static void test_a_terminal_that_goes(void **state)
{
	(void)state;
	close(reader);
	reader = -1;
	draw("lost", 4);
	assert_true(outlet_flush(outlet));
	draw("lost", 4);
	outlet_finish(outlet, 100);
	assert_true(outlet_flush(outlet));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_terminal_that_reads, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_terminal_that_reads_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_terminal_that_never_reads, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_terminal_that_goes, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("top_outlet", tests, NULL, NULL);
}
