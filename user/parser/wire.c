// SPDX-License-Identifier: BSD-2-Clause
#include "parser/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define FIRST_ROOM 4096
#define STEP	   ((size_t)1 << 20) /* of what is received */
#define NO_TEXT	   UINT32_MAX	     /* in the place of a length */

static bool make_room(struct wire_out *out, size_t size)
{
	size_t room = out->room ? out->room : FIRST_ROOM;
	uint8_t *bytes;

	if (out->failed)
		return false;
	while (room - out->size < size && room <= SIZE_MAX / 2)
		room *= 2;
	if (room == out->room)
		return true;
	bytes = realloc(out->bytes, room);
	out->failed = !bytes || room - out->size < size;
	if (bytes) {
		out->bytes = bytes;
		out->room = room;
	}
	return !out->failed;
}

void wire_put(struct wire_out *out, const void *from, size_t size)
{
	if (!size || !make_room(out, size))
		return;
	memcpy(out->bytes + out->size, from, size);
	out->size += size;
}

void wire_put_text(struct wire_out *out, const char *text)
{
	const uint32_t len = text ? (uint32_t)strlen(text) : NO_TEXT;

	wire_put(out, &len, sizeof(len));
	if (text)
		wire_put(out, text, (size_t)len + 1);
}

void wire_put_texts(struct wire_out *out, const char *const *texts, size_t n)
{
	const uint32_t count = (uint32_t)n;

	wire_put(out, &count, sizeof(count));
	for (size_t i = 0; i < n; i++)
		wire_put_text(out, texts[i]);
}

void wire_out_free(struct wire_out *out)
{
	free(out->bytes);
	*out = (struct wire_out){0};
}

static const uint8_t *take(struct wire_in *in, size_t size)
{
	const uint8_t *at = in->bytes + in->at;

	if (in->failed || in->size - in->at < size) {
		in->failed = true;
		return NULL;
	}
	in->at += size;
	return at;
}

void wire_get(struct wire_in *in, void *to, size_t size)
{
	const uint8_t *from = take(in, size);

	if (from && size)
		memcpy(to, from, size);
	else
		memset(to, 0, size);
}

const char *wire_get_text(struct wire_in *in)
{
	const char *text;
	uint32_t len;

	wire_get(in, &len, sizeof(len));
	if (len == NO_TEXT && !in->failed)
		return NULL;
	text = (const char *)take(in, (size_t)len + 1);
	if (text && strnlen(text, (size_t)len + 1) == len)
		return text;
	in->failed = true;
	return "";
}

const char **wire_get_texts(struct wire_in *in, size_t *n)
{
	const char **texts;
	uint32_t count;

	wire_get(in, &count, sizeof(count));
	/* Each has a length, at the least. */
	in->failed |= count > (in->size - in->at) / sizeof(uint32_t);
	texts = in->failed ? NULL : calloc((size_t)count + 1, sizeof(*texts));
	*n = texts ? count : 0;
	for (size_t i = 0; i < *n; i++)
		texts[i] = wire_get_text(in);
	return texts;
}

void *wire_get_array(struct wire_in *in, size_t n, size_t size)
{
	void *array;

	in->failed |= n > (in->size - in->at) / size;
	array = in->failed ? NULL : malloc(n * size + 1);
	if (array)
		wire_get(in, array, n * size);
	else
		in->failed = true;
	return array;
}

bool wire_is_whole(const struct wire_in *in)
{
	return !in->failed && in->at == in->size;
}

void wire_in_free(struct wire_in *in)
{
	free(in->bytes);
	*in = (struct wire_in){0};
}

/* Of a clock that stands still while the machine sleeps. */
static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t wire_until(int ms)
{
	return now_ms() + ms;
}

/* For poll(2). */
static int time_left(int64_t until)
{
	int64_t left;

	if (until == WIRE_FOR_EVER)
		return -1;
	left = until - now_ms();
	return left > 0 ? (int)left : 0;
}

static int await(int fd, short events, int64_t until)
{
	struct pollfd p = {.fd = fd, .events = events};
	int n;

	do
		n = poll(&p, 1, time_left(until));
	while (n < 0 && errno == EINTR);
	return n > 0 ? 0 : n == 0 ? -ETIMEDOUT : -errno;
}

static int send_bytes(int fd, int64_t until, const void *from, size_t size)
{
	while (size) {
		int err = await(fd, POLLOUT, until);
		ssize_t n = err ? 0 : send(fd, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (err)
			return err;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (n > 0) {
			from = (const uint8_t *)from + n;
			size -= (size_t)n;
		}
	}
	return 0;
}

int wire_send(int fd, int64_t until, enum wire_kind kind, int err, const struct wire_out *out)
{
	const struct wire_head head = {.kind = kind, .err = err, .size = out->size};
	int sent;

	if (out->failed)
		return -ENOMEM;
	sent = send_bytes(fd, until, &head, sizeof(head));
	return sent ? sent : send_bytes(fd, until, out->bytes, out->size);
}

static int receive_bytes(int fd, int64_t until, void *to, size_t size)
{
	while (size) {
		int err = await(fd, POLLIN, until);
		ssize_t n = err ? 0 : recv(fd, to, size, 0);

		if (err)
			return err;
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return -EPIPE;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			to = (uint8_t *)to + n;
			size -= (size_t)n;
		}
	}
	return 0;
}

/* Room is made as bytes come: a size that is only claimed costs nothing. */
static int receive_body(int fd, int64_t until, size_t size, struct wire_in *in)
{
	do {
		const size_t most = in->size > STEP ? in->size : STEP;
		const size_t n = size - in->size < most ? size - in->size : most;
		/* Not of no bytes, so that NULL means out of memory. */
		uint8_t *bytes = realloc(in->bytes, in->size + n + 1);
		int err;

		if (!bytes)
			return -ENOMEM;
		in->bytes = bytes;
		err = receive_bytes(fd, until, bytes + in->size, n);
		if (err)
			return err;
		in->size += n;
	} while (in->size < size);
	return 0;
}

int wire_receive(int fd, int64_t until, size_t max, struct wire_head *head, struct wire_in *in)
{
	int err = receive_bytes(fd, until, head, sizeof(*head));

	*in = (struct wire_in){0};
	if (err)
		return err;
	if (head->size > max)
		return -EPROTO;
	err = receive_body(fd, until, head->size, in);
	if (err)
		wire_in_free(in);
	return err;
}
