/* SPDX-License-Identifier: BSD-2-Clause */
/* What fuzz_answer asks a parser for, as its inputs spell it. */
#ifndef SS_FUZZ_ANSWER_CALLS_H
#define SS_FUZZ_ANSWER_CALLS_H

enum call {
	CALL_PLAN,
	CALL_CALLERS,
	CALL_SCOPE,
	CALL_FRAMES,
	CALL_TYPE,
	CALL_TYPE_NAME,
	CALL_SYMBOL,
	CALL_STACK,
	CALLS,
};

#define CALLS_MAX  32
#define CALL_BYTES 3

#endif
