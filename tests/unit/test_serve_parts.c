// SPDX-License-Identifier: BSD-2-Clause
/* serve/: what clients accept, where is listened, what is sent with requests and what waits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "serve/accept.h"
#include "serve/headers.h"
#include "serve/listen.h"
#include "serve/push_queue.h"
#include "serve/thread.h"

static void test_accept(void **state)
{
	static const struct {
		const char *accept;
		bool open;
	} cases[] = {
		{NULL, false},
		{"", false},
		{"*/*", false},
		{"text/plain", false},
		{"application/openmetrics-text", true},
		{"application/openmetrics-text; version=1.0.0", true},
		{"Application/OpenMetrics-Text;version=\"1.0.0\";charset=utf-8", true},
		{"application/openmetrics-text; version=0.0.1", false},
		{"application/openmetrics-text;q=0", false},
		{"application/openmetrics-text;q=0.3, text/plain;q=0.5", false},
		{"text/plain;q=0.5,application/openmetrics-text;q=0.5", true},
		{"application/openmetrics-textual", false},
		/* Prometheus 2.42, and 3.5. */
		{"application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
		 "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		 true},
		{"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
		 "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;"
		 "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
		 true},
		{",;,=;q=;;,", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (accept_openmetrics(cases[i].accept) != cases[i].open)
			fail_msg("%s", cases[i].accept);
}

/* The address that was asked for, with the port that it has got: there a client is let in. */
static void assert_place(int fd, const char *where)
{
	const char *colon = strrchr(where, ':');
	char name[LISTEN_NAME_SIZE], *port;
	bool open;
	struct reason why;

	listen_name(fd, name);
	port = strrchr(name, ':');
	assert_non_null(port);
	assert_true(strtol(port + 1, NULL, 10) > 0);
	/* It is taken. */
	assert_int_equal(listen_at(name, &open, &why), -EADDRINUSE);
	*port = '\0';
	assert_int_equal(colon ? strncmp(name, where, (size_t)(colon - where))
			       : strcmp(name, "127.0.0.1"),
			 0);
}

static void test_listen(void **state)
{
	static const char *const wrong[] = {
		"",	 ":",	      "127.0.0.1",  "127.0.0.1:", "localhost:1",
		"65536", "1.2.3.4:x", "::1:9469",   "[::1]",	  "[::1]1",
		":9469", "-1",	      "[::1]:99999"};
	static const struct {
		const char *where;
		bool open;
	} right[] = {{"0", false},
		     {"127.0.0.1:0", false},
		     {"127.7.7.7:0", false},
		     {"0.0.0.0:0", true},
		     {"[::1]:0", false},
		     {"[::]:0", true},
		     {"[::ffff:127.0.0.1]:0", false},
		     {"[::ffff:0.0.0.0]:0", true}};
	struct reason why;
	bool open;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(listen_at(wrong[i], &open, &why), -EINVAL);
		assert_non_null(strstr(why.text, "neither PORT nor ADDRESS:PORT"));
		assert_int_equal(listen_check(wrong[i], &why), -EINVAL);
		assert_non_null(strstr(why.text, "neither PORT nor ADDRESS:PORT"));
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		fd = listen_at(right[i].where, &open, &why);
		assert_true(fd >= 0);
		assert_int_equal(open, right[i].open);
		assert_place(fd, right[i].where);
		/* Also where it is taken. */
		assert_int_equal(listen_check(right[i].where, &why), 0);
		close(fd);
	}
}

static struct push_request request(size_t size, uint8_t mark)
{
	struct push_request r = {.bytes = malloc(1), .size = size};

	assert_non_null(r.bytes);
	r.bytes[0] = mark;
	return r;
}

/* The oldest of what is there. */
static uint8_t take(struct push_queue *q)
{
	struct push_request r;
	uint8_t mark;

	assert_true(push_queue_take(q, &r));
	mark = r.bytes[0];
	free(r.bytes);
	return mark;
}

static void test_queue(void **state)
{
	struct push_queue *q = calloc(1, sizeof(*q));
	struct push_request r;

	(void)state;
	assert_non_null(q);
	assert_false(push_queue_take(q, &r));
	for (size_t i = 0; i < PUSH_QUEUE_MAX; i++) {
		r = request(1, (uint8_t)i);
		assert_int_equal(push_queue_add(q, &r), 0);
	}
	r = request(1, 200);
	assert_int_equal(push_queue_add(q, &r), 1);
	assert_int_equal(take(q), 1);
	r = request(1, 77);
	assert_int_equal(push_queue_return(q, &r), 0);
	assert_int_equal(take(q), 77);
	assert_int_equal(take(q), 2);
	/* By bytes: what came back has no room beside the newer ones. */
	r = request(PUSH_BYTES_MAX - 3, 201);
	assert_int_equal(push_queue_add(q, &r), PUSH_QUEUE_MAX - 2 - 3);
	assert_int_equal(q->n, 4);
	r = request(1, 78);
	assert_int_equal(push_queue_return(q, &r), 1);
	r = request(PUSH_BYTES_MAX + 1, 202);
	assert_int_equal(push_queue_add(q, &r), 1);
	assert_int_equal(q->n, 4);
	assert_int_equal(push_queue_clear(q), 4);
	assert_int_equal(q->bytes, 0);
	free(q);
}

static void test_queue_newest(void **state)
{
	struct push_queue *q = calloc(1, sizeof(*q));
	struct push_request r;

	(void)state;
	assert_non_null(q);
	assert_int_equal(push_queue_keep_newest(q), 0);
	for (uint8_t i = 1; i <= 3; i++) {
		r = request(i, i);
		assert_int_equal(push_queue_add(q, &r), 0);
	}
	assert_int_equal(push_queue_keep_newest(q), 2);
	assert_int_equal(q->n, 1);
	assert_int_equal(q->bytes, 3);
	assert_int_equal(push_queue_keep_newest(q), 0);
	assert_int_equal(take(q), 3);
	free(q);
}

static char taken[512];
static int refusal;

static int take_line(void *ctx, const char *line)
{
	const size_t used = strlen(taken);

	assert_ptr_equal(ctx, taken);
	snprintf(taken + used, sizeof(taken) - used, "%s|", line);
	return refusal;
}

static int read_headers(const char *text, struct reason *why)
{
	taken[0] = '\0';
	return headers_read("VARIABLE", text, take_line, taken, why);
}

static void test_headers(void **state)
{
	static const struct {
		const char *text, *lines;
	} right[] = {
		{"", ""},
		{" , ,", ""},
		{"a=b", "a: b|"},
		{"Authorization=Basic%20dTpw==", "Authorization: Basic dTpw==|"},
		{" x-scope = t1 ,\tb= a b\t", "x-scope: t1|b: a b|"},
		{"a=", "a;|"},
		{"a=%2C%3d%25,b=%C3%A4", "a: ,=%|b: \xc3\xa4|"},
		{"a=%,b=%4,c=%zz,d=%00", "a: %|b: %4|c: %zz|d: %00|"},
	};
	static const char *const wrong[] = {"secret",	   "=secret",	   "a b=secret",
					    "a:b=secret",  "a=secret%0d",  "a=x%0Ab: secret",
					    "a=secret%7f", "a=secret\x01", "a=\r\nsecret"};
	struct reason why;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		assert_int_equal(read_headers(right[i].text, &why), 0);
		assert_string_equal(taken, right[i].lines);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "x=y,,%s", wrong[i]);
		assert_true(read_headers(text, &why) < 0);
		assert_string_equal(why.text, "VARIABLE: header 3 is not name=value");
		assert_string_equal(taken, "x: y|");
	}
	refusal = -ENOMEM;
	assert_int_equal(read_headers("a=b,c=d", &why), -ENOMEM);
	assert_string_equal(taken, "a: b|");
	refusal = 0;
}

static void note_priority(void *ctx)
{
	*(int *)ctx = getpriority(PRIO_PROCESS, 0);
}

/* A thread has no rights, not to raise its priority either. */
static void test_thread_below(void **state)
{
	const int usual = getpriority(PRIO_PROCESS, 0), below = usual < 15 ? usual + 5 : 19;
	pthread_t thread;
	int noted = -100;

	(void)state;
	assert_int_equal(setpriority(PRIO_PROCESS, 0, below), 0);
	assert_int_equal(thread_start(&thread, note_priority, &noted), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(noted, below < 0 ? 0 : below);
	(void)setpriority(PRIO_PROCESS, 0, usual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept),	cmocka_unit_test(test_listen),
		cmocka_unit_test(test_queue),	cmocka_unit_test(test_queue_newest),
		cmocka_unit_test(test_headers), cmocka_unit_test(test_thread_below),
	};

	return cmocka_run_group_tests_name("serve_parts", tests, NULL, NULL);
}
