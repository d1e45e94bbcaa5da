// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the parser's own process answers about the executable: for fuzz_answer. Long answers are cut
 * to a few calls of each kind, and the bytes at the sites move to a file that has nothing else.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/parsed.h"
#include "parser/server.h"
#include "parser/wire.h"
#include "plan/callsites.h"
#include "slicestat.h"

#include "answer_calls.h"
#include "require.h"
#include "script.h"
#include "seeds.h"

#define BIAS	  0x10000
#define HEAP	  ((uint64_t)1 << 40)
#define CALLS_CUT 24
#define TEXT_CUT  0x8000
#define SITE_ROOM 16

/* More than a stack takes. */
#define STACK_FRAMES 6

/* A part of a message ends where so many zeros follow. */
#define ZEROS_LEFT_OUT 8

struct recording {
	const struct origin *origin;
	int socket;
	struct seed calls; /* the input's parts */
	struct seed file;
	struct seed answers;
};

static void put_u32(struct seed *seed, size_t v)
{
	seed_u16(seed, v);
	seed_u16(seed, v >> 16);
}

/* From at on: where the next part begins, or the end. */
static size_t skip_zeros(const uint8_t *bytes, size_t at, size_t size)
{
	while (at < size && !bytes[at])
		at++;
	return at;
}

static size_t part_end(const uint8_t *bytes, size_t at, size_t size)
{
	size_t end = at, i;

	for (i = at; i < size && i - end < ZEROS_LEFT_OUT; i++)
		if (bytes[i])
			end = i + 1;
	return end;
}

static size_t put_parts(struct seed *seed, const uint8_t *bytes, size_t size)
{
	size_t n = 0, last = 0;

	for (size_t at = skip_zeros(bytes, 0, size); at < size && n < UINT8_MAX; n++) {
		const size_t end = part_end(bytes, at, size);

		seed_u16(seed, at - last);
		seed_u16(seed, end - at);
		seed_put(seed, bytes + at, end - at);
		last = end;
		at = skip_zeros(bytes, end, size);
	}
	return n;
}

static void put_message(struct recording *r, const struct wire_head *head, const uint8_t *bytes,
			size_t size)
{
	const bool of_kind = !head->err && (head->kind == WIRE_OPEN || head->kind == WIRE_PLAN);
	struct seed *seed = &r->answers;
	size_t count;

	seed_byte(seed, (uint8_t)head->kind);
	seed_byte(seed, (head->err ? SCRIPT_HAS_ERROR : 0) | (of_kind ? SCRIPT_OF_KIND : 0));
	if (head->err)
		put_u32(seed, (uint32_t)head->err);
	if (!of_kind)
		put_u32(seed, size);
	count = seed->len;
	seed_byte(seed, 0);
	seed->bytes[count] = (uint8_t)put_parts(seed, bytes, size);
}

static void cut_plan(struct recording *r, uint8_t *bytes)
{
	struct plan plan;

	memcpy(&plan, bytes, sizeof(plan));
	for (uint32_t i = 0; i < plan.nsites; i++) {
		uint8_t room[SITE_ROOM] = {0};

		memcpy(room, plan.sites[i].bytes, plan.sites[i].len);
		plan.sites[i].offset = r->file.len;
		seed_put(&r->file, room, sizeof(room));
	}
	memcpy(bytes, &plan, sizeof(plan));
}

/* Keep the first of n values of so many bytes, all of which *from leaves behind it. */
static size_t cut_array(uint8_t **to, const uint8_t **from, size_t n, size_t keep, size_t size)
{
	const size_t kept = n < keep ? n : keep;

	memmove(*to, *from, kept * size);
	*to += kept * size;
	*from += n * size;
	return kept;
}

static size_t cut_callers(uint8_t *bytes)
{
	uint8_t *to = bytes + sizeof(struct wire_callers);
	const uint8_t *from = to;
	struct wire_callers head;

	memcpy(&head, bytes, sizeof(head));
	if (head.text_size > TEXT_CUT)
		head.text_size = TEXT_CUT;
	head.nmarks = cut_array(&to, &from, head.nmarks, plan_callers_words(head.text_size),
				sizeof(uint64_t));
	head.ntype_calls =
		cut_array(&to, &from, head.ntype_calls, CALLS_CUT, sizeof(struct plan_type_call));
	head.nconstant_calls = cut_array(&to, &from, head.nconstant_calls, CALLS_CUT,
					 sizeof(struct plan_constant_call));
	memcpy(bytes, &head, sizeof(head));
	return (size_t)(to - bytes);
}

static size_t cut_scope(uint8_t *bytes)
{
	uint8_t *to = bytes + sizeof(struct wire_scope);
	const uint8_t *from = to;
	struct wire_scope head;

	memcpy(&head, bytes, sizeof(head));
	head.ncalls = cut_array(&to, &from, head.ncalls, CALLS_CUT, sizeof(struct plan_scope_call));
	memcpy(bytes, &head, sizeof(head));
	return (size_t)(to - bytes);
}

/* The process's memory is the file, at two other places: as it is mapped, and on a heap. */
static void give_memory(struct recording *r, struct wire_in *in)
{
	struct wire_out out = {0};
	uint64_t what[2];
	uint8_t *bytes;
	int err;

	wire_get(in, what, sizeof(what));
	bytes = calloc(1, what[1] + 1);
	require(bytes);
	err = gobin_read(r->origin->bin, what[0] - (what[0] < HEAP ? BIAS : HEAP), bytes, what[1]);
	if (!err)
		wire_put(&out, bytes, what[1]);
	require(wire_send(r->socket, WIRE_FOR_EVER, WIRE_MEMORY, err, &out) == 0);
	wire_out_free(&out);
	free(bytes);
}

/* False: it was not the answer, but what it takes to have it. */
static bool record_message(struct recording *r)
{
	struct wire_head head;
	struct wire_in in;
	size_t size;

	require(wire_receive(r->socket, WIRE_FOR_EVER, SIZE_MAX / 2, &head, &in) == 0);
	size = in.size;
	if (head.kind == WIRE_PLAN && !head.err)
		cut_plan(r, in.bytes);
	else if (head.kind == WIRE_CALLERS && !head.err)
		size = cut_callers(in.bytes);
	else if (head.kind == WIRE_SCOPE && !head.err)
		size = cut_scope(in.bytes);
	put_message(r, &head, in.bytes, size);
	if (head.kind == WIRE_MEMORY)
		give_memory(r, &in);
	wire_in_free(&in);
	return head.kind != WIRE_MEMORY;
}

static void ask(struct recording *r, enum wire_kind kind, struct wire_out *question)
{
	require(wire_send(r->socket, WIRE_FOR_EVER, kind, 0, question) == 0);
	wire_out_free(question);
	while (!record_message(r))
		;
}

static void put_call(struct recording *r, enum call call, uint16_t what)
{
	seed_byte(&r->calls, (uint8_t)call);
	seed_u16(&r->calls, what);
}

static void put_request(struct wire_out *out, uint32_t ops)
{
	const uint8_t old_caps = 1;

	wire_put(out, &ops, sizeof(ops));
	wire_put(out, &old_caps, sizeof(old_caps));
	wire_put_texts(out, NULL, 0);
}

static void record_plan(struct recording *r)
{
	const uint8_t with_calls = 1;
	struct wire_out question = {0};

	put_call(r, CALL_PLAN, 0);
	put_request(&question, (1u << SS_OP_FUNC) - 2);
	ask(r, WIRE_PLAN, &question);
	put_call(r, CALL_CALLERS, with_calls);
	wire_put(&question, &with_calls, sizeof(with_calls));
	wire_put_texts(&question, NULL, 0);
	ask(r, WIRE_CALLERS, &question);
}

static void record_scope(struct recording *r)
{
	struct wire_out question = {0};

	put_call(r, CALL_SCOPE, 0);
	put_request(&question, 1u << SS_OP_GROW | 1u << SS_OP_MAKE);
	for (int i = 0; i < 3; i++)
		wire_put_texts(&question, NULL, 0);
	ask(r, WIRE_SCOPE, &question);
}

/* At the function's first instruction. */
static void record_frames(struct recording *r, const char *name)
{
	struct wire_out question = {0};
	struct gobin_func func = {0};

	(void)gobin_find_func(r->origin->bin, name, &func);
	wire_put(&question, &func.addr, sizeof(func.addr));
	ask(r, WIRE_FRAMES, &question);
}

/* The odd ask for types that a process has made. */
static void record_type(struct recording *r, enum wire_kind kind, enum call call, uint64_t addr,
			uint16_t what)
{
	const uint8_t in_process = what & 1;
	const uint64_t bias = in_process ? BIAS : 0, at = addr + (in_process ? HEAP : 0);
	const uint32_t size = 1 + what;
	struct wire_out question = {0};

	put_call(r, call, what);
	wire_put(&question, &at, sizeof(at));
	wire_put(&question, &bias, sizeof(bias));
	wire_put(&question, &in_process, sizeof(in_process));
	if (kind == WIRE_TYPE_NAME)
		wire_put(&question, &size, sizeof(size));
	ask(r, kind, &question);
}

/* A type that is passed to growslice. */
static uint64_t find_type(const struct origin *origin)
{
	struct callee callee = {.type_arg = 4};
	struct callsite *sites = NULL;
	struct gobin_func func;
	uint64_t type = 0;
	int64_t n;

	require(gobin_find_func(origin->bin, "runtime.growslice", &func) == 0);
	callee.addr = func.addr;
	n = callsites_find(origin->bin, &callee, 1, &sites, NULL);
	for (int64_t i = 0; i < n && !type; i++)
		type = sites[i].type;
	free(sites);
	return type;
}

static void record_names(struct recording *r)
{
	static const char *const names[] = {"main.main", "runtime.growslice", "no such"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		put_call(r, CALL_FRAMES, (uint16_t)i);
		record_frames(r, names[i]);
	}
	/* Of a stack each address is asked for. */
	put_call(r, CALL_STACK, 100);
	for (int i = 0; i < STACK_FRAMES; i++)
		record_frames(r, "fmt.Println");
}

static void record_types(struct recording *r)
{
	const uint64_t type = find_type(r->origin);

	for (uint16_t in_process = 0; in_process < 2; in_process++) {
		record_type(r, WIRE_TYPE, CALL_TYPE, type, 100 + in_process);
		record_type(r, WIRE_TYPE_NAME, CALL_TYPE_NAME, type, 100 + in_process);
		record_type(r, WIRE_TYPE, CALL_TYPE, 1, 100 + in_process);
	}
}

static struct recording begin(const struct origin *origin, pid_t *pid)
{
	struct recording r = {.origin = origin};
	struct wire_out nothing = {0};
	int pair[2];

	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	*pid = fork();
	require(*pid >= 0);
	if (*pid == 0) {
		close(pair[0]);
		server_run(pair[1], origin->fd);
		_exit(0);
	}
	close(pair[1]);
	r.socket = pair[0];
	ask(&r, WIRE_OPEN, &nothing);
	return r;
}

static void end(struct recording *r, pid_t pid, const char *part)
{
	struct seed seed = {.len = 0};

	close(r->socket);
	require(waitpid(pid, NULL, 0) == pid);
	seed_u16(&seed, r->file.len);
	seed_put(&seed, r->file.bytes, r->file.len);
	seed_byte(&seed, (uint8_t)(r->calls.len / CALL_BYTES));
	seed_put(&seed, r->calls.bytes, r->calls.len);
	seed_put(&seed, r->answers.bytes, r->answers.len);
	seed_write(r->origin, "answer", part, &seed);
}

void seeds_of_answers(const struct origin *origin)
{
	static const struct {
		const char *part;
		void (*record)(struct recording *r);
	} parts[] = {{"plan", record_plan},
		     {"scope", record_scope},
		     {"names", record_names},
		     {"types", record_types}};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		pid_t pid;
		struct recording r = begin(origin, &pid);

		parts[i].record(&r);
		end(&r, pid, parts[i].part);
	}
}
