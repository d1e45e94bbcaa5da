/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function of any size: where its instructions start, where control enters and leaves the
 * straight line. For many functions: much faster than code.h, which proves more.
 */
#ifndef SS_PLAN_FLOW_H
#define SS_PLAN_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "gobin/gobin.h"
#include "plan/calls_arch.h"

/* Larger functions are refused; the largest in programs have some hundred KiB. */
#define FLOW_LEN_MAX (16u << 20)

/* Marks of a byte of the code. */
enum {
	FLOW_START = 1,	   /* an instruction starts here */
	FLOW_ENTERED = 2,  /* a branch, jump or jump table of this function goes here */
	FLOW_BREAK = 4,	   /* the instruction is a call, or control does not go on behind it */
	FLOW_INDIRECT = 8, /* the instruction is a jump to where the bytes do not say */
};

struct flow {
	struct text text;
	uint8_t *bytes;	 /* where they had to be read */
	uint8_t *marks;	 /* by byte */
	size_t capacity; /* of bytes and of marks */
	size_t decoded;	 /* bytes of the instructions that decode, from the start on */
	size_t indirect; /* jumps to where the bytes do not say */
	bool whole;	 /* it decodes to its end, and the table of each indirect jump is known */
};

/*
 * Read the function's code; the flow (zeroed before its first use) is used again for the next one.
 * 0, -EFBIG for more than FLOW_LEN_MAX, -ENOMEM, or the errno of reading.
 */
int flow_read(struct flow *flow, const struct calls_arch *arch, const struct gobin *bin,
	      const struct gobin_func *func);
/* The same; where the text near holds all of the function, the flow refers to it from then on. */
int flow_read_from(struct flow *flow, const struct calls_arch *arch, const struct gobin *bin,
		   const struct gobin_func *func, const struct text *near);
void flow_free(struct flow *flow);

/*
 * Whether the register holds a constant address at the instruction at offset at: whichever way
 * control came there, it passed the code that puts *value into it, and then nothing that writes it.
 */
bool flow_constant(const struct flow *flow, const struct calls_arch *arch, size_t at, uint8_t reg,
		   uint64_t *value);

#endif
