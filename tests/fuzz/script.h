/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All that a parser's process ever answers, as an input tells it: a byte for the kind of a message,
 * one of flags, the error, the claimed size (each where its flag is set), the size (32 bits, unless
 * SCRIPT_OF_KIND) and the number of its parts. A message is zeros but for its parts: so many bytes
 * (16 bits) behind the part before, a length of 16 bits, the bytes. So a true answer, which is
 * zeros mostly, stays small.
 */
#ifndef SS_FUZZ_SCRIPT_H
#define SS_FUZZ_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "input.h"

#define SCRIPT_HAS_ERROR 1 /* 32 bits */
#define SCRIPT_HAS_CLAIM 2 /* 64 bits */
#define SCRIPT_HEADLESS	 4 /* no head: it goes on where the last message ended */
#define SCRIPT_OF_KIND	 8 /* as large as true answers of the kind: inputs outlive new fields */

/* Of all messages: a socket takes so much without a reader. */
#define SCRIPT_BYTES_MAX ((size_t)192 << 10)

struct script {
	size_t size;
	uint8_t bytes[SCRIPT_BYTES_MAX];
};

/* What is left of the input. */
void script_take(struct script *script, struct input *in);

#endif
