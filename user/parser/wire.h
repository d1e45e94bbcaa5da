/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parser's processes and their client send each other over a socket: a head, then so many
 * bytes. Both ends are one program, so values go as they lie in memory; what comes from a parser is
 * nevertheless believed no further than it has been checked.
 */
#ifndef SS_PARSER_WIRE_H
#define SS_PARSER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_kind {
	WIRE_HELLO = 1, /* from the parser, first of all: struct wire_hello */
	WIRE_OPEN,
	WIRE_IS_LIKELY,
	WIRE_PLAN,
	WIRE_CALLERS,
	WIRE_SCOPE,
	WIRE_FRAMES,
	WIRE_TYPE,
	WIRE_TYPE_NAME,
	WIRE_MEMORY, /* from the parser, instead of an answer: bytes of the process it needs */
};

struct wire_hello {
	int32_t pid;
	uint32_t filtered; /* 1: sandbox_enter has succeeded */
};

/* The heads of answers that end in arrays: marks, type calls, constant calls; calls in scope. */
struct wire_callers {
	uint64_t text, text_size;
	uint64_t nmarks, ntype_calls, nconstant_calls;
};

struct wire_scope {
	uint64_t ncalls, fips, undecided;
	uint64_t has_headers;
};

struct wire_head {
	uint32_t kind;
	int32_t err; /* of an answer: 0, or a negative errno with its reason behind */
	uint64_t size;
};

/* Bytes to be sent. All zero is empty. */
struct wire_out {
	uint8_t *bytes;
	size_t size, room;
	bool failed; /* out of memory: nothing is sent */
};

void wire_put(struct wire_out *out, const void *from, size_t size);
/* NULL is told from "". */
void wire_put_text(struct wire_out *out, const char *text);
void wire_put_texts(struct wire_out *out, const char *const *texts, size_t n);
void wire_out_free(struct wire_out *out);

/* Bytes received. */
struct wire_in {
	uint8_t *bytes;
	size_t size, at;
	bool failed; /* something was not there, or not as it must be */
};

/* Zeros where there are not so many bytes left. */
void wire_get(struct wire_in *in, void *to, size_t size);
/* A text lies in the bytes received; "" where none is left. */
const char *wire_get_text(struct wire_in *in);
/* The caller's, to be freed with free, the texts of it lying in the bytes received; NULL failed. */
const char **wire_get_texts(struct wire_in *in, size_t *n);
/* n values of so many bytes each, the caller's, to be freed with free; NULL: there are not. */
void *wire_get_array(struct wire_in *in, size_t n, size_t size);
/* All is read, and was as it must be. */
bool wire_is_whole(const struct wire_in *in);
void wire_in_free(struct wire_in *in);

/*
 * Until when the whole of a message, or of several, may take, whatever comes of it meanwhile: in so
 * many milliseconds from now.
 */
#define WIRE_FOR_EVER INT64_MAX
int64_t wire_until(int ms);

/* 0, or a negative errno: -EPIPE the other end is closed, -ETIMEDOUT it does not take it, -ENOMEM.
 */
int wire_send(int fd, int64_t until, enum wire_kind kind, int err, const struct wire_out *out);
/*
 * Receive one message, of at most max bytes behind the head; in is to be freed with wire_in_free.
 * 0 or a negative errno: -EPIPE the other end is closed, -ETIMEDOUT it has not come, -EPROTO it is
 * larger.
 */
int wire_receive(int fd, int64_t until, size_t max, struct wire_head *head, struct wire_in *in);

#endif
