// SPDX-License-Identifier: BSD-2-Clause
#include "parser/parsed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parser/ask.h"
#include "parser/frame_cache.h"
#include "parser/parsed_check.h"
#include "parser/wire.h"

struct parsed {
	struct ask ask;
	int fd; /* the file, to see whether it has what its parser says */
	struct parsed_info info;
	struct frame_cache *frames;
};

int parsed_open(struct parser *parser, int fd, struct parsed **out, struct reason *why)
{
	struct parsed *p = calloc(1, sizeof(*p));
	struct wire_out nothing = {0};
	struct wire_in in;
	int err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	ask_init(&p->ask);
	p->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	p->frames = frame_cache_new();
	if (p->fd < 0 || !p->frames)
		err = reason_set(why, -ENOMEM, "out of memory, or of files");
	else
		err = parser_start(parser, fd, &p->ask.child, why);
	if (!err)
		err = ask(&p->ask, WIRE_OPEN, &nothing, &in, why);
	if (!err) {
		wire_get(&in, &p->info, sizeof(p->info));
		err = ask_end(&p->ask, &in, parsed_info_holds(&p->info), why);
	}
	if (err) {
		parsed_free(p);
		return err;
	}
	*out = p;
	return 0;
}

void parsed_free(struct parsed *p)
{
	if (!p)
		return;
	parser_end(&p->ask.child);
	frame_cache_free(p->frames);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

const struct parsed_info *parsed_info(const struct parsed *p)
{
	return &p->info;
}

static void put_request(struct wire_out *out, const struct plan_request *request)
{
	const uint8_t old_caps = request->old_caps;
	const uint32_t n = (uint32_t)request->nrecords;

	wire_put(out, &request->ops, sizeof(request->ops));
	wire_put(out, &old_caps, sizeof(old_caps));
	wire_put(out, &n, sizeof(n));
	for (uint32_t i = 0; i < n; i++)
		wire_put_text(out, request->records[i].func);
	for (uint32_t i = 0; i < n; i++)
		wire_put(out, &request->records[i].arg, sizeof(request->records[i].arg));
}

int parsed_plan(struct parsed *p, const struct plan_request *request, struct plan *out,
		struct reason *why)
{
	struct wire_out question = {0};
	struct wire_in in;
	int err;

	put_request(&question, request);
	err = ask(&p->ask, WIRE_PLAN, &question, &in, why);
	if (err)
		return err;
	wire_get(&in, out, sizeof(*out));
	err = ask_end(&p->ask, &in, parsed_plan_holds(out, p->fd), why);
	if (err)
		memset(out, 0, sizeof(*out));
	return err;
}

static struct plan_callers *get_callers(struct wire_in *in)
{
	struct plan_callers *c = calloc(1, sizeof(*c));
	struct wire_callers head;

	wire_get(in, &head, sizeof(head));
	if (!c)
		return NULL;
	*c = (struct plan_callers){
		.text = head.text,
		.text_size = head.text_size,
		.nmarks = head.nmarks,
		.ntype_calls = head.ntype_calls,
		.nconstant_calls = head.nconstant_calls,
	};
	/* In this order, which an initializer does not promise. */
	c->marks = wire_get_array(in, head.nmarks, sizeof(*c->marks));
	c->type_calls = wire_get_array(in, head.ntype_calls, sizeof(*c->type_calls));
	c->constant_calls = wire_get_array(in, head.nconstant_calls, sizeof(*c->constant_calls));
	return c;
}

int parsed_callers(struct parsed *p, bool with_calls, const char *const *skip, size_t nskip,
		   struct plan_callers **out, struct reason *why)
{
	const uint8_t calls = with_calls;
	struct wire_out question = {0};
	struct plan_callers *callers;
	struct wire_in in;
	int err;

	wire_put(&question, &calls, sizeof(calls));
	wire_put_texts(&question, skip, nskip);
	err = ask(&p->ask, WIRE_CALLERS, &question, &in, why);
	if (err)
		return err;
	callers = get_callers(&in);
	err = ask_end(&p->ask, &in, callers && !in.failed && parsed_callers_hold(callers), why);
	if (err)
		plan_callers_free(callers);
	else
		*out = callers;
	return err;
}

static struct plan_scope *get_scope(struct wire_in *in)
{
	struct plan_scope *scope = calloc(1, sizeof(*scope));
	struct wire_scope head;

	wire_get(in, &head, sizeof(head));
	if (!scope)
		return NULL;
	*scope = (struct plan_scope){
		.ncalls = head.ncalls,
		.fips = head.fips,
		.undecided = head.undecided,
		.has_headers = head.has_headers,
		.calls = wire_get_array(in, head.ncalls, sizeof(*scope->calls)),
	};
	return scope;
}

int parsed_scope(struct parsed *p, const struct plan_request *request,
		 const struct plan_patterns *patterns, const char *const *skip, size_t nskip,
		 struct plan_scope **out, struct reason *why)
{
	struct wire_out question = {0};
	struct plan_scope *scope;
	struct wire_in in;
	int err;

	put_request(&question, request);
	wire_put_texts(&question, patterns->in, patterns->nin);
	wire_put_texts(&question, patterns->not_in, patterns->nnot_in);
	wire_put_texts(&question, skip, nskip);
	err = ask(&p->ask, WIRE_SCOPE, &question, &in, why);
	if (err)
		return err;
	scope = get_scope(&in);
	err = ask_end(&p->ask, &in, scope && !in.failed && parsed_scope_holds(scope), why);
	if (err)
		plan_scope_free(scope);
	else
		*out = scope;
	return err;
}

static bool get_frame(struct wire_in *in, struct gobin_frame *frame)
{
	uint8_t wrapper;

	frame->func = wire_get_text(in);
	frame->file = wire_get_text(in);
	wire_get(in, &frame->line, sizeof(frame->line));
	wire_get(in, &wrapper, sizeof(wrapper));
	frame->wrapper = wrapper;
	return frame->func && frame->line >= 0;
}

/* Into the cache; their texts lie in the answer. */
static int get_frames(struct parsed *p, uint64_t addr, struct wire_in *in)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX];
	bool holds;
	int n, kept;

	wire_get(in, &n, sizeof(n));
	holds = n >= 0 && n <= GOBIN_FRAMES_MAX;
	for (int i = 0; i < n && holds; i++)
		holds = get_frame(in, &frames[i]);
	if (!holds || in->failed)
		return ask_end(&p->ask, in, false, NULL);
	kept = frame_cache_add(p->frames, addr, frames, (size_t)n);
	n = ask_end(&p->ask, in, true, NULL);
	return kept ? kept : n;
}

static int ask_frames(struct parsed *p, uint64_t addr)
{
	struct wire_out question = {0};
	struct wire_in in;
	int err;

	wire_put(&question, &addr, sizeof(addr));
	err = ask(&p->ask, WIRE_FRAMES, &question, &in, NULL);
	if (err == -ENOENT)
		return frame_cache_add(p->frames, addr, NULL, 0);
	return err ? err : get_frames(p, addr, &in);
}

int parsed_frames(struct parsed *p, uint64_t addr, struct gobin_frame *frames, size_t max)
{
	const struct gobin_frame *found;
	size_t n;
	int err;

	found = frame_cache_find(p->frames, addr, &n);
	if (!found) {
		err = ask_frames(p, addr);
		if (err)
			return err;
		found = frame_cache_find(p->frames, addr, &n);
	}
	if (!found || !n)
		return -ENOENT;
	if (n > max)
		n = max;
	memcpy(frames, found, n * sizeof(*frames));
	return (int)n;
}

static void put_type_question(struct wire_out *out, const struct gobin_memory *memory,
			      uint64_t addr)
{
	const uint64_t bias = memory ? memory->bias : 0;
	const uint8_t in_process = memory != NULL;

	wire_put(out, &addr, sizeof(addr));
	wire_put(out, &bias, sizeof(bias));
	wire_put(out, &in_process, sizeof(in_process));
}

int parsed_type_at(struct parsed *p, const struct gobin_memory *memory, uint64_t addr,
		   struct gobin_type *out)
{
	struct wire_out question = {0};
	struct wire_in in;
	int err;

	put_type_question(&question, memory, addr);
	err = ask_with_memory(&p->ask, WIRE_TYPE, &question, memory, &in, NULL);
	if (err)
		return err;
	wire_get(&in, &out->size, sizeof(out->size));
	wire_get(&in, &out->ptr_bytes, sizeof(out->ptr_bytes));
	wire_get(&in, &out->kind, sizeof(out->kind));
	return ask_end(&p->ask, &in, true, NULL);
}

int parsed_type_name(struct parsed *p, const struct gobin_memory *memory, uint64_t addr, char *buf,
		     size_t size)
{
	const uint32_t most = (uint32_t)size;
	struct wire_out question = {0};
	const char *name;
	struct wire_in in;
	int err;

	buf[0] = '\0';
	put_type_question(&question, memory, addr);
	wire_put(&question, &most, sizeof(most));
	err = ask_with_memory(&p->ask, WIRE_TYPE_NAME, &question, memory, &in, NULL);
	if (err)
		return err;
	name = wire_get_text(&in);
	if (name && strlen(name) < size)
		memcpy(buf, name, strlen(name) + 1);
	err = ask_end(&p->ask, &in, name && strlen(name) < size, NULL);
	if (err)
		buf[0] = '\0';
	return err;
}
