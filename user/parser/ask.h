/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions to the parser's process of one file. */
#ifndef SS_PARSER_ASK_H
#define SS_PARSER_ASK_H

#include <stdbool.h>

#include "gobin/gobin.h"
#include "log/reason.h"
#include "parser/parser.h"
#include "parser/wire.h"

struct ask {
	struct parser_child child;
	int lost; /* why nothing is asked any more; 0: it is there */
};

void ask_init(struct ask *a);

/*
 * Send the question, which is freed, and wait for the answer, which is then in *in, for ask_end. 0,
 * or the error that was answered; or, the process being lost, -EPIPE, -ETIMEDOUT, -EPROTO.
 */
int ask(struct ask *a, enum wire_kind kind, struct wire_out *question, struct wire_in *in,
	struct reason *why);
/* Meanwhile give it what it wants to read of a process; memory may be NULL: there is none. */
int ask_with_memory(struct ask *a, enum wire_kind kind, struct wire_out *question,
		    const struct gobin_memory *memory, struct wire_in *in, struct reason *why);

/* All of the answer has been taken; holds: it can be true. Else its process is ended: -EPROTO. */
int ask_end(struct ask *a, struct wire_in *in, bool holds, struct reason *why);

#endif
