/* SPDX-License-Identifier: BSD-2-Clause */
/* The fuzzer's bytes, taken from front to back. Behind their end everything is 0. */
#ifndef SS_FUZZ_INPUT_H
#define SS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What libFuzzer calls for each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

/* Fill buf, as far as there are bytes; the number of them. The rest is 0. */
static inline size_t input_take(struct input *in, void *buf, size_t len)
{
	const size_t n = len < in->left ? len : in->left;

	memset(buf, 0, len);
	if (n)
		memcpy(buf, in->at, n);
	in->at += n;
	in->left -= n;
	return n;
}

static inline uint8_t input_byte(struct input *in)
{
	uint8_t v;

	input_take(in, &v, sizeof(v));
	return v;
}

static inline uint16_t input_u16(struct input *in)
{
	uint8_t raw[2];

	input_take(in, raw, sizeof(raw));
	return (uint16_t)(raw[0] | raw[1] << 8);
}

/* A text up to its NUL, cut to size. */
static inline void input_text(struct input *in, char *buf, size_t size)
{
	const size_t len = strnlen((const char *)in->at, in->left);

	input_take(in, buf, len < size ? len : size - 1);
	buf[len < size ? len : size - 1] = '\0';
	input_byte(in);
}

#endif
