// SPDX-License-Identifier: BSD-2-Clause
#include "parser/ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parser/timeout.h"

/* Marks and calls of a text of 4 GiB, the most there is; of all else the scope is the largest. */
#define CALLERS_MAX ((size_t)1 << 30)
#define ANSWER_MAX  ((size_t)16 << 20)

/* A name is read in a few hundred pieces at most: more than this is no name. */
#define READS_MAX 100000
#define READ_MAX  ((size_t)1 << 20)

/* The kernel's MAX_ERRNO (include/linux/err.h): what is beyond is no error, and has no text. */
#define ERRNO_MAX 4095

void ask_init(struct ask *a)
{
	*a = (struct ask){.child = {.socket = -1, .pidfd = -1}};
}

static int explain(const struct ask *a, struct reason *why)
{
	const char *how = a->lost == -ETIMEDOUT ? "was ended: it took too long"
			  : a->lost == -EPROTO	? "was ended: it answered what cannot be"
						: "has ended unexpectedly";

	return reason_set(why, a->lost,
			  "the process that read the executable %s; is the file damaged?", how);
}

/* It is not let go on with whatever it does. */
static int lose(struct ask *a, int err, struct reason *why)
{
	parser_end(&a->child);
	a->lost = err == -ETIMEDOUT || err == -EPROTO ? err : -EPIPE;
	return explain(a, why);
}

/* Send the memory that was asked for, or why there is none. */
static int give_memory(const struct ask *a, int64_t until, const struct gobin_memory *memory,
		       struct wire_in *in)
{
	struct wire_out out = {0};
	uint64_t what[2];
	void *bytes;
	int err, sent;

	wire_get(in, what, sizeof(what));
	if (!wire_is_whole(in) || !memory || what[1] > READ_MAX)
		return -EPROTO;
	bytes = malloc(what[1] + 1);
	err = bytes ? memory->read(memory->ctx, what[0], bytes, what[1]) : -ENOMEM;
	if (!err)
		wire_put(&out, bytes, what[1]);
	sent = wire_send(a->child.socket, until, WIRE_MEMORY, err, &out);
	wire_out_free(&out);
	free(bytes);
	return sent;
}

static int await_answer(const struct ask *a, int64_t until, enum wire_kind kind,
			const struct gobin_memory *memory, struct wire_head *head,
			struct wire_in *in)
{
	const size_t max = kind == WIRE_CALLERS ? CALLERS_MAX : ANSWER_MAX;

	for (int reads = 0; reads < READS_MAX; reads++) {
		int err = wire_receive(a->child.socket, until, max, head, in);

		if (err)
			return err;
		if (head->kind == kind && head->err <= 0 && head->err >= -ERRNO_MAX)
			return 0;
		err = head->kind == WIRE_MEMORY ? give_memory(a, until, memory, in) : -EPROTO;
		wire_in_free(in);
		if (err)
			return err;
	}
	return -EPROTO;
}

int ask_with_memory(struct ask *a, enum wire_kind kind, struct wire_out *question,
		    const struct gobin_memory *memory, struct wire_in *in, struct reason *why)
{
	const int64_t until = wire_until(PARSER_TIMEOUT_MS);
	struct wire_head head;
	const char *cause;
	int err = a->lost ? 0 : wire_send(a->child.socket, until, kind, 0, question);

	wire_out_free(question);
	if (a->lost)
		return explain(a, why);
	if (!err)
		err = await_answer(a, until, kind, memory, &head, in);
	if (err)
		return lose(a, err, why);
	if (!head.err)
		return 0;
	cause = wire_get_text(in);
	reason_set(why, head.err, "%s", cause && *cause ? cause : "?");
	wire_in_free(in);
	return head.err;
}

int ask(struct ask *a, enum wire_kind kind, struct wire_out *question, struct wire_in *in,
	struct reason *why)
{
	return ask_with_memory(a, kind, question, NULL, in, why);
}

int ask_end(struct ask *a, struct wire_in *in, bool holds, struct reason *why)
{
	const bool whole = wire_is_whole(in);

	wire_in_free(in);
	return holds && whole ? 0 : lose(a, -EPROTO, why);
}
