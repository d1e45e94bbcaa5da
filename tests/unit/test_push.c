// SPDX-License-Identifier: BSD-2-Clause
/* serve/push.h: what comes to a receiver of its own in the time that there is at the end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock/clock.h"
#include "serve/push.h"

#define TAKEN "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define LATER "HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define LAST  '3'

struct receiver {
	int fd;
	pthread_t thread;
	const char *answer; /* to all but the last; NULL: none, until the client gives up */
	char came[1024];    /* the first byte of each */
	size_t ncame;
};

/* A request's body is a byte. */
static bool read_request(int fd, char *body)
{
	char text[4096];
	size_t n = 0;
	const char *end = NULL;

	while (!end || end + 4 == text + n) {
		const ssize_t got = read(fd, text + n, sizeof(text) - n - 1);

		if (got <= 0)
			return false;
		n += (size_t)got;
		text[n] = '\0';
		end = strstr(text, "\r\n\r\n");
	}
	*body = end[4];
	return true;
}

static void answer(struct receiver *r, int fd, char body)
{
	const char *text = body == LAST ? TAKEN : r->answer;
	char none;

	if (text)
		(void)!write(fd, text, strlen(text));
	/* Or nothing is said. */
	(void)!read(fd, &none, 1);
}

static void *receive(void *arg)
{
	struct receiver *r = arg;
	int fd;

	while ((fd = accept(r->fd, NULL, NULL)) >= 0) {
		char body;

		if (read_request(fd, &body)) {
			if (r->ncame < sizeof(r->came) - 1)
				r->came[r->ncame++] = body;
			answer(r, fd, body);
		}
		close(fd);
	}
	return NULL;
}

static struct push *connect_to(struct receiver *r)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	struct push *p = NULL;
	struct reason why;
	char url[64];

	r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(r->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(r->fd, 16), 0);
	assert_int_equal(getsockname(r->fd, (struct sockaddr *)&at, &size), 0);
	assert_int_equal(pthread_create(&r->thread, NULL, receive, r), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", ntohs(at.sin_port));
	assert_int_equal(push_new(url, &p, &why), 0);
	return p;
}

/* Three requests, and the end. */
static struct push_counts send_three(struct receiver *r, double patience_s)
{
	struct push *p = connect_to(r);
	struct push_counts counts;
	struct reason why;

	for (int body = '1'; body <= LAST; body++) {
		uint8_t *bytes = malloc(1);

		assert_non_null(bytes);
		bytes[0] = (uint8_t)body;
		push_add(p, bytes, 1);
	}
	assert_int_equal(push_start(p, &why), 0);
	counts = push_finish(p, patience_s);
	push_free(p);
	shutdown(r->fd, SHUT_RDWR);
	assert_int_equal(pthread_join(r->thread, NULL), 0);
	close(r->fd);
	return counts;
}

/* All, in order, where there is time. */
static void test_all(void **state)
{
	struct receiver r = {.answer = TAKEN};
	const struct push_counts counts = send_three(&r, 60);

	(void)state;
	assert_string_equal(r.came, "123");
	assert_int_equal(counts.sent, 3);
	assert_int_equal(counts.dropped, 0);
}

static void assert_last_alone(const char *text, double patience_s)
{
	const double begin_s = clock_now_s();
	struct receiver r = {.answer = text};
	const struct push_counts counts = send_three(&r, patience_s);

	assert_int_equal(counts.sent, 1);
	assert_int_equal(counts.dropped, 2);
	assert_true(r.ncame >= 2);
	assert_int_equal(strspn(r.came, "1"), r.ncame - 1);
	assert_int_equal(r.came[r.ncame - 1], LAST);
	assert_true(clock_now_s() - begin_s < patience_s);
}

/* The totals come, also where what is before them never does. */
static void test_busy(void **state)
{
	(void)state;
	assert_last_alone(LATER, 4);
}

static void test_silent(void **state)
{
	(void)state;
	assert_last_alone(NULL, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_silent),
	};

	unsetenv("http_proxy");
	return cmocka_run_group_tests_name("push", tests, NULL, NULL);
}
