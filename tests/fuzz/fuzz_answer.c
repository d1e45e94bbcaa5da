// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a parser's process answers that its file has taken over (user/parser). The input is the
 * process: parser_start is here. It has said all it ever says before it is asked, and is gone then.
 * Input: the file (its length in 16 bits), so many calls of the interface (an enum call, 16 bits of
 * what is asked for), and the answers (script.h), of which the first is to parsed_open.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parser/parsed.h"
#include "symbol/stack.h"
#include "symbol/symbols.h"

#include "answer_calls.h"
#include "answer_check.h"
#include "input.h"
#include "require.h"
#include "scratch.h"
#include "script.h"

#define FILE_MAX 4096

/* A process of which that much can be read. */
#define MEMORY_MAX 65536
#define BIAS	   0x10000

/* Its end of the socket. */
struct parser {
	int other;
	const struct script *script;
};

struct client {
	struct parser parser;
	int fd;
	struct parsed *parsed;
	struct plan_callers *callers;
	struct symbols *symbols;
};

int parser_start(struct parser *p, int fd, struct parser_child *out, struct reason *why)
{
	const int room = 2 * SCRIPT_BYTES_MAX;
	const struct script *s = p->script;
	int pair[2];

	(void)fd;
	(void)why;
	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	require(setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)) == 0);
	require(send(pair[1], s->bytes, s->size, MSG_DONTWAIT) == (ssize_t)s->size || !s->size);
	require(shutdown(pair[1], SHUT_WR) == 0);
	p->other = pair[1];
	*out = (struct parser_child){.socket = pair[0], .pidfd = -1};
	return 0;
}

void parser_end(struct parser_child *child)
{
	if (child->socket >= 0)
		close(child->socket);
	*child = (struct parser_child){.socket = -1, .pidfd = -1};
}

/* It takes what it is sent, so that nobody waits for it. */
static void drain(const struct parser *p)
{
	static uint8_t bytes[1 << 16];

	while (recv(p->other, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
}

static int read_memory(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct client *c = ctx;

	drain(&c->parser);
	if (len > MEMORY_MAX)
		return -EFAULT;
	memset(buf, (int)addr, len);
	return 0;
}

static struct gobin_memory memory_of(struct client *c)
{
	return (struct gobin_memory){.read = read_memory, .ctx = c, .bias = BIAS};
}

static int get_frames(void *ctx, uint64_t addr, struct gobin_frame *frames, size_t max)
{
	const int n = parsed_frames(ctx, addr, frames, max);

	check_frames(frames, n, max);
	return n;
}

static int get_type_at(void *ctx, const struct gobin_memory *memory, uint64_t addr,
		       struct gobin_type *out)
{
	const int err = parsed_type_at(ctx, memory, addr, out);

	check_refusal(err, NULL);
	return err;
}

static int get_type_name(void *ctx, const struct gobin_memory *memory, uint64_t addr, char *buf,
			 size_t size)
{
	const int err = parsed_type_name(ctx, memory, addr, buf, size);

	check_refusal(err, NULL);
	require(memchr(buf, '\0', size) && (!err || !buf[0]));
	return err;
}

static void ask_plan(struct client *c, uint16_t what)
{
	const struct plan_record record = {.func = "main.f", .arg = what};
	const struct plan_request request = {
		.ops = what, .old_caps = what & 1, .records = &record, .nrecords = what >> 15};
	struct reason why = {""};
	static struct plan plan;
	int err;

	memset(&plan, 0, sizeof(plan));
	err = parsed_plan(c->parsed, &request, &plan, &why);
	check_refusal(err, &why);
	require(!err || (!plan.nsites && !plan.nfuncs));
	if (!err)
		check_plan(&plan, c->fd);
}

/* The first are kept: symbols want them. */
static void ask_callers(struct client *c, uint16_t what)
{
	static const char *const skip[] = {"main.*"};
	struct plan_callers *callers = NULL;
	struct reason why = {""};
	const int err = parsed_callers(c->parsed, what & 1, skip, what >> 1 & 1, &callers, &why);

	check_refusal(err, &why);
	require(!err == !!callers);
	if (err)
		return;
	check_callers(callers);
	if (c->callers)
		plan_callers_free(callers);
	else
		c->callers = callers;
}

static void ask_scope(struct client *c, uint16_t what)
{
	static const char *const names[] = {"main.*"};
	const struct plan_request request = {.ops = what};
	const struct plan_patterns patterns = {.in = names, .nin = 1};
	struct plan_scope *scope = NULL;
	struct reason why = {""};
	const int err = parsed_scope(c->parsed, &request, &patterns, names, 1, &scope, &why);

	check_refusal(err, &why);
	require(!err == !!scope);
	if (!err)
		check_scope(scope);
	plan_scope_free(scope);
}

/* What has been told once is not asked for again, and stays. */
static void ask_frames(struct client *c, uint16_t what)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX], again[GOBIN_FRAMES_MAX];
	const size_t max = 1 + what % GOBIN_FRAMES_MAX;
	const int n = get_frames(c->parsed, what, frames, max);

	if (n < 0 && n != -ENOENT)
		return;
	require(get_frames(c->parsed, what, again, max) == n);
	for (int i = 0; i < n; i++)
		require(frames[i].func == again[i].func && frames[i].file == again[i].file);
}

static void ask_type(struct client *c, uint16_t what)
{
	const struct gobin_memory memory = memory_of(c);
	struct gobin_type type;

	(void)get_type_at(c->parsed, what & 1 ? &memory : NULL, what, &type);
}

static void ask_type_name(struct client *c, uint16_t what)
{
	const struct gobin_memory memory = memory_of(c);
	char name[SYMBOL_NAME_MAX];

	(void)get_type_name(c->parsed, what & 1 ? &memory : NULL, what, name,
			    1 + what % sizeof(name));
}

static struct symbol_source source_of(const struct client *c)
{
	const struct parsed_info *info = parsed_info(c->parsed);

	return (struct symbol_source){
		.frames = get_frames,
		.type_at = get_type_at,
		.type_name = get_type_name,
		.ctx = c->parsed,
		.types_start = info->types_start,
		.types_end = info->types_end,
	};
}

static struct symbols *symbols_of(struct client *c)
{
	const struct symbols_skip skip = {NULL, 0};
	const struct symbol_source source = source_of(c);

	if (!c->symbols)
		require(symbols_new(&source, c->callers, &skip, &c->symbols) == 0);
	return c->symbols;
}

static void ask_symbol(struct client *c, uint16_t what)
{
	const struct gobin_memory memory = memory_of(c);
	struct symbols *symbols = symbols_of(c);
	const uint64_t addr = (what & 1) * (uint64_t)what;
	struct process_types *own = NULL;
	const uint32_t number = symbols_type_number(symbols, &own, &memory, what, addr);
	const struct symbol_type type = symbols_type(symbols, number);

	process_types_free(own);
	require(type.name && strlen(type.name) < SYMBOL_NAME_MAX && type.size >= -1);
}

static void ask_stack(struct client *c, uint16_t what)
{
	const struct symbol_source source = source_of(c);
	struct symbols *symbols = symbols_of(c);
	const uint64_t stack[] = {what, what + 1U, what + 2U, what + 3U};
	struct stack_frame callers[3];
	struct gobin_frame site[3];
	const size_t n = stack_callers(&source, what + 1U, stack, 4, callers, 3);
	const size_t sites = symbols_site(symbols, what, site, 3);

	require(n <= 3 && sites <= 3);
	for (size_t i = 0; i < n; i++)
		require(symbols_func_name(symbols, callers[i].at.func));
	for (size_t i = 0; i < sites; i++)
		require(symbols_func_name(symbols, site[i].func));
}

static void (*const calls[CALLS])(struct client *c, uint16_t what) = {
	[CALL_PLAN] = ask_plan,	    [CALL_CALLERS] = ask_callers, [CALL_SCOPE] = ask_scope,
	[CALL_FRAMES] = ask_frames, [CALL_TYPE] = ask_type,	  [CALL_TYPE_NAME] = ask_type_name,
	[CALL_SYMBOL] = ask_symbol, [CALL_STACK] = ask_stack,
};

static void run(struct client *c, struct input *asked)
{
	struct reason why = {""};
	const int err = parsed_open(&c->parser, c->fd, &c->parsed, &why);

	check_refusal(err, &why);
	if (err)
		return;
	check_info(parsed_info(c->parsed));
	while (asked->left) {
		const uint8_t call = input_byte(asked) % CALLS;

		drain(&c->parser);
		calls[call](c, input_u16(asked));
	}
	symbols_free(c->symbols);
	plan_callers_free(c->callers);
	parsed_free(c->parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct script script;
	static uint8_t file[FILE_MAX];
	struct input in = {data, size};
	const size_t len = input_u16(&in) % FILE_MAX;
	uint8_t asked[CALLS_MAX * CALL_BYTES];
	struct client c = {.parser = {.other = -1, .script = &script}};
	struct input calls_in = {asked, 0};

	input_take(&in, file, len);
	c.fd = scratch_write(file, len);
	calls_in.left = input_byte(&in) % (CALLS_MAX + 1) * (size_t)CALL_BYTES;
	input_take(&in, asked, calls_in.left);
	script_take(&script, &in);
	run(&c, &calls_in);
	if (c.parser.other >= 0)
		close(c.parser.other);
	return 0;
}
