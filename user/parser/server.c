// SPDX-License-Identifier: BSD-2-Clause
#include "parser/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/gobin.h"
#include "parser/parsed.h"
#include "parser/wire.h"
#include "plan/callers.h"
#include "plan/plan.h"
#include "plan/scope.h"

/* A question: patterns and names from a command line. */
#define QUESTION_MAX (4 << 20)

/* Of a process's memory at once: names of types are what is longest. */
#define MEMORY_MAX (1 << 20)

struct server {
	int socket;
	int file;
	struct gobin *bin; /* NULL until opened */
	struct plan plan;
};

static int answer_open(struct server *s, struct wire_in *in, struct wire_out *out,
		       struct reason *why)
{
	struct parsed_info info = {0};
	struct gobin_func func;
	int err = s->bin ? 0 : gobin_open(s->file, &s->bin, why);

	(void)in;
	if (err)
		return err;
	info.code_start = gobin_code_start(s->bin);
	gobin_text_range(s->bin, &info.text_start, &info.text_end);
	gobin_types_range(s->bin, &info.types_start, &info.types_end);
	info.nfuncs = gobin_nfuncs(s->bin);
	info.text_mapping = gobin_text_mapping(s->bin);
	gobin_build_id(s->bin, info.build_id);
	info.program = *gobin_program(s->bin);
	info.stripped = gobin_is_stripped(s->bin);
	info.pie = gobin_is_pie(s->bin);
	info.opens_plugins = gobin_find_func(s->bin, "plugin.open", &func) == 0;
	wire_put(out, &info, sizeof(info));
	return 0;
}

static int answer_is_likely(struct server *s, struct wire_in *in, struct wire_out *out,
			    struct reason *why)
{
	(void)in;
	(void)out;
	return gobin_is_likely(s->file) ? 0 : reason_set(why, -ENODATA, "not of Go");
}

/* What wire_get_texts and wire_get_array gave; NULL is none of them. */
static bool get_request(struct wire_in *in, struct plan_request *request, const char ***names,
			struct plan_record **records)
{
	uint8_t old_caps;
	size_t n;

	wire_get(in, &request->ops, sizeof(request->ops));
	wire_get(in, &old_caps, sizeof(old_caps));
	request->old_caps = old_caps;
	*names = wire_get_texts(in, &n);
	*records = calloc(n + 1, sizeof(**records));
	if (!*names || !*records)
		return false;
	for (size_t i = 0; i < n; i++) {
		(*records)[i].func = (*names)[i];
		wire_get(in, &(*records)[i].arg, sizeof((*records)[i].arg));
	}
	request->records = *records;
	request->nrecords = n;
	return !in->failed;
}

static int misunderstood(struct reason *why)
{
	return reason_set(why, -EPROTO, "out of memory for a question, or it is damaged");
}

static int answer_plan(struct server *s, struct wire_in *in, struct wire_out *out,
		       struct reason *why)
{
	struct plan_request request = {0};
	struct plan_record *records = NULL;
	const char **names = NULL;
	int err = get_request(in, &request, &names, &records)
			  ? plan_make(s->bin, &request, &s->plan, why)
			  : misunderstood(why);

	if (!err)
		wire_put(out, &s->plan, sizeof(s->plan));
	free(records);
	free(names);
	return err;
}

static void put_callers(struct wire_out *out, const struct plan_callers *c)
{
	const struct wire_callers head = {
		.text = c->text,
		.text_size = c->text_size,
		.nmarks = c->nmarks,
		.ntype_calls = c->ntype_calls,
		.nconstant_calls = c->nconstant_calls,
	};

	wire_put(out, &head, sizeof(head));
	wire_put(out, c->marks, c->nmarks * sizeof(*c->marks));
	wire_put(out, c->type_calls, c->ntype_calls * sizeof(*c->type_calls));
	wire_put(out, c->constant_calls, c->nconstant_calls * sizeof(*c->constant_calls));
}

static int answer_callers(struct server *s, struct wire_in *in, struct wire_out *out,
			  struct reason *why)
{
	static const struct plan nothing;
	struct plan_callers *callers = NULL;
	const char **skip;
	uint8_t with_calls;
	size_t nskip;
	int err;

	wire_get(in, &with_calls, sizeof(with_calls));
	skip = wire_get_texts(in, &nskip);
	err = skip ? plan_callers_make(s->bin, with_calls ? &s->plan : &nothing, skip, nskip,
				       &callers, why)
		   : misunderstood(why);
	if (callers)
		put_callers(out, callers);
	plan_callers_free(callers);
	free(skip);
	return err;
}

static void put_scope(struct wire_out *out, const struct plan_scope *scope)
{
	const struct wire_scope head = {
		.ncalls = scope->ncalls,
		.fips = scope->fips,
		.undecided = scope->undecided,
		.has_headers = scope->has_headers,
	};

	wire_put(out, &head, sizeof(head));
	wire_put(out, scope->calls, scope->ncalls * sizeof(*scope->calls));
}

static int answer_scope(struct server *s, struct wire_in *in, struct wire_out *out,
			struct reason *why)
{
	struct plan_request request = {0};
	struct plan_record *records = NULL;
	const char **names = NULL, **in_scope = NULL, **not_in = NULL, **skip = NULL;
	struct plan_patterns patterns = {0};
	struct plan_scope *scope = NULL;
	size_t nskip = 0;
	int err = get_request(in, &request, &names, &records) ? 0 : misunderstood(why);

	if (!err) {
		patterns.in = in_scope = wire_get_texts(in, &patterns.nin);
		patterns.not_in = not_in = wire_get_texts(in, &patterns.nnot_in);
		skip = wire_get_texts(in, &nskip);
		err = in->failed ? misunderstood(why)
				 : plan_scope_make(s->bin, &request, &patterns, skip, nskip, &scope,
						   why);
	}
	if (scope)
		put_scope(out, scope);
	plan_scope_free(scope);
	free(skip);
	free(not_in);
	free(in_scope);
	free(records);
	free(names);
	return err;
}

static int answer_frames(struct server *s, struct wire_in *in, struct wire_out *out,
			 struct reason *why)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX];
	uint64_t addr;
	int n;

	wire_get(in, &addr, sizeof(addr));
	n = gobin_frames(s->bin, addr, frames, GOBIN_FRAMES_MAX);
	if (n < 0)
		return reason_set(why, n, "no function there");
	wire_put(out, &n, sizeof(n));
	for (int i = 0; i < n; i++) {
		const uint8_t wrapper = frames[i].wrapper;

		wire_put_text(out, frames[i].func);
		wire_put_text(out, frames[i].file);
		wire_put(out, &frames[i].line, sizeof(frames[i].line));
		wire_put(out, &wrapper, sizeof(wrapper));
	}
	return 0;
}

/* The client has the process, if any. */
static int read_memory(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct server *s = ctx;
	const uint64_t what[] = {addr, len};
	struct wire_out out = {0};
	struct wire_head head;
	struct wire_in in;
	int err = len <= MEMORY_MAX ? 0 : -EFAULT;

	wire_put(&out, what, sizeof(what));
	if (!err)
		err = wire_send(s->socket, WIRE_FOR_EVER, WIRE_MEMORY, 0, &out);
	if (!err)
		err = wire_receive(s->socket, WIRE_FOR_EVER, MEMORY_MAX, &head, &in);
	wire_out_free(&out);
	if (err)
		return err;
	err = head.err;
	if (!err)
		wire_get(&in, buf, len);
	wire_in_free(&in);
	return err;
}

struct type_question {
	uint64_t addr, bias;
	bool in_process;
	struct gobin_memory memory;
};

static const struct gobin_memory *get_type_question(struct server *s, struct wire_in *in,
						    struct type_question *q)
{
	uint8_t in_process;

	wire_get(in, &q->addr, sizeof(q->addr));
	wire_get(in, &q->bias, sizeof(q->bias));
	wire_get(in, &in_process, sizeof(in_process));
	q->memory = (struct gobin_memory){.read = read_memory, .ctx = s, .bias = q->bias};
	return in_process ? &q->memory : NULL;
}

static int answer_type(struct server *s, struct wire_in *in, struct wire_out *out,
		       struct reason *why)
{
	struct type_question q;
	const struct gobin_memory *memory = get_type_question(s, in, &q);
	struct gobin_type type = {0};
	int err = gobin_type_at(s->bin, memory, q.addr, &type);

	if (err)
		return reason_set(why, err, "no type there");
	wire_put(out, &type.size, sizeof(type.size));
	wire_put(out, &type.ptr_bytes, sizeof(type.ptr_bytes));
	wire_put(out, &type.kind, sizeof(type.kind));
	return 0;
}

static int answer_type_name(struct server *s, struct wire_in *in, struct wire_out *out,
			    struct reason *why)
{
	struct type_question q;
	const struct gobin_memory *memory = get_type_question(s, in, &q);
	uint32_t size;
	char *name;
	int err;

	wire_get(in, &size, sizeof(size));
	name = calloc(1, (size_t)size + 1);
	if (!name)
		return misunderstood(why);
	err = gobin_type_name(s->bin, memory, q.addr, name, size ? size : 1);
	if (err)
		reason_set(why, err, "no type there");
	else
		wire_put_text(out, name);
	free(name);
	return err;
}

typedef int (*answer_fn)(struct server *s, struct wire_in *in, struct wire_out *out,
			 struct reason *why);

static const struct {
	answer_fn answer;
	bool unopened;
} questions[] = {
	[WIRE_OPEN] = {answer_open, .unopened = true},
	[WIRE_IS_LIKELY] = {answer_is_likely, .unopened = true},
	[WIRE_PLAN] = {answer_plan, false},
	[WIRE_CALLERS] = {answer_callers, false},
	[WIRE_SCOPE] = {answer_scope, false},
	[WIRE_FRAMES] = {answer_frames, false},
	[WIRE_TYPE] = {answer_type, false},
	[WIRE_TYPE_NAME] = {answer_type_name, false},
};

static int answer(struct server *s, uint32_t kind, struct wire_in *in)
{
	struct reason why = {""};
	struct wire_out out = {0};
	int err, sent;

	if (kind >= sizeof(questions) / sizeof(questions[0]) || !questions[kind].answer ||
	    (!s->bin && !questions[kind].unopened))
		err = misunderstood(&why);
	else
		err = questions[kind].answer(s, in, &out, &why);
	if (!err && out.failed)
		err = reason_set(&why, -ENOMEM, "out of memory");
	if (err) {
		wire_out_free(&out);
		wire_put_text(&out, why.text);
	}
	sent = wire_send(s->socket, WIRE_FOR_EVER, (enum wire_kind)kind, err, &out);
	wire_out_free(&out);
	return sent;
}

void server_run(int socket, int file)
{
	struct server s = {.socket = socket, .file = file};
	struct wire_head head;
	struct wire_in in;

	while (!wire_receive(socket, WIRE_FOR_EVER, QUESTION_MAX, &head, &in)) {
		int err = answer(&s, head.kind, &in);

		wire_in_free(&in);
		if (err)
			break;
	}
	gobin_free(s.bin);
}
