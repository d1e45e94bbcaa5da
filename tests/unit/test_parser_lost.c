// SPDX-License-Identifier: BSD-2-Clause
/* Parsers that end, or lie (parser/ask.h, parser/parsed_check.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "go_callers.h"
#include "go_scope.h"
#include "parser/ask.h"
#include "parser/parsed_check.h"

static struct wire_out nothing;

/* One that is killed is told of once and for all, and does not take others with it. */
static void test_killed(void **state)
{
	int fd = open_first_go_file();
	struct parser *parser = NULL;
	struct parsed *other = NULL;
	struct reason why = {""};
	struct wire_in in;
	struct ask a;

	(void)state;
	ask_init(&a);
	assert_int_equal(parser_new(&parser, &why), 0);
	assert_int_equal(parser_start(parser, fd, &a.child, &why), 0);
	assert_int_equal(ask(&a, WIRE_OPEN, &nothing, &in, &why), 0);
	wire_in_free(&in);
	assert_int_equal(pidfd_send_signal(a.child.pidfd, SIGKILL, NULL, 0), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(&a, WIRE_OPEN, &nothing, &in, &why), -EPIPE);
		assert_non_null(strstr(why.text, "has ended unexpectedly"));
	}
	assert_int_equal(parsed_open(parser, fd, &other, &why), 0);
	parsed_free(other);
	parser_free(parser);
	parser_free(NULL);
	close(fd);
}

/* A parser of which the test plays the part: the other end of the socket. */
struct played {
	struct ask ask;
	int other;
};

static struct played play(void)
{
	struct played p;
	int pair[2];

	ask_init(&p.ask);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	p.ask.child.socket = pair[0];
	p.other = pair[1];
	return p;
}

static void say(const struct played *p, const void *bytes, size_t size)
{
	assert_int_equal(send(p->other, bytes, size, 0), size);
}

static void assert_lost(struct played *p, const struct gobin_memory *memory, int err)
{
	struct reason why = {""};
	struct wire_in in;

	assert_int_equal(ask_with_memory(&p->ask, WIRE_TYPE, &nothing, memory, &in, &why), err);
	assert_int_equal(p->ask.lost, err);
	assert_int_equal(p->ask.child.socket, -1);
	assert_int_equal(ask(&p->ask, WIRE_OPEN, &nothing, &in, &why), err);
	assert_non_null(strstr(why.text, "is the file damaged?"));
	close(p->other);
}

static int read_none(void *ctx, uint64_t addr, void *buf, size_t len)
{
	(void)ctx;
	(void)addr;
	(void)buf;
	(void)len;
	return -EFAULT;
}

static void test_lies(void **state)
{
	const struct gobin_memory memory = {.read = read_none};
	const uint64_t huge[] = {0, UINT64_MAX};
	const struct wire_head heads[] = {
		{.kind = WIRE_OPEN},	       /* not what was asked */
		{.kind = WIRE_TYPE, .err = 1}, /* no errno */
		{.kind = WIRE_TYPE, .err = -4096},
		{.kind = WIRE_TYPE, .err = INT32_MIN},
		{.kind = WIRE_TYPE, .size = UINT64_MAX}, /* no room */
		{.kind = WIRE_TYPE, .size = (16 << 20) + 1},
		{.kind = WIRE_MEMORY, .size = 3}, /* neither address nor length */
		{.kind = WIRE_MEMORY, .size = sizeof(huge)},
		{.kind = 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct played p = play();

		say(&p, &heads[i], sizeof(heads[i]));
		if (heads[i].size <= sizeof(huge))
			say(&p, huge, heads[i].size);
		assert_lost(&p, &memory, -EPROTO);
	}
}

/* Half an answer, then the end. */
static void test_cut(void **state)
{
	const struct wire_head head = {.kind = WIRE_TYPE, .size = 100};
	struct played p = play();

	(void)state;
	say(&p, &head, sizeof(head));
	assert_int_equal(shutdown(p.other, SHUT_WR), 0);
	assert_lost(&p, NULL, -EPIPE);
}

/* A process that has no memory to give is not read by who asks for it. */
static void test_no_memory(void **state)
{
	const struct wire_head head = {.kind = WIRE_MEMORY, .size = 16};
	const uint64_t what[] = {0x1000, 8};
	struct played p = play();

	(void)state;
	say(&p, &head, sizeof(head));
	say(&p, what, sizeof(what));
	assert_lost(&p, NULL, -EPROTO);
}

/* It asks for memory without end. */
static void test_endless(void **state)
{
	const struct gobin_memory memory = {.read = read_none};
	const struct wire_head head = {.kind = WIRE_MEMORY, .size = 16};
	const uint64_t what[] = {0x1000, 8};
	struct played p = play();
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		while (send(p.other, &head, sizeof(head), MSG_NOSIGNAL) > 0 &&
		       send(p.other, what, sizeof(what), MSG_NOSIGNAL) > 0) {
			char answer[4096];

			if (recv(p.other, answer, sizeof(answer), 0) <= 0)
				break;
		}
		_exit(0);
	}
	assert_lost(&p, &memory, -EPROTO);
	assert_int_equal(kill(pid, SIGKILL), 0);
}

static int64_t ms_since(const struct timespec *begin)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - begin->tv_sec) * 1000 + (now.tv_nsec - begin->tv_nsec) / 1000000;
}

/* However often a bit of it comes, an answer has its time. */
static void test_drips(void **state)
{
	const struct wire_head head = {.kind = WIRE_TYPE, .size = 1 << 20};
	struct played p = play();
	struct wire_head got;
	struct timespec begin;
	struct wire_in in;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		close(p.ask.child.socket);
		send(p.other, &head, sizeof(head), MSG_NOSIGNAL);
		while (send(p.other, "", 1, MSG_NOSIGNAL) == 1)
			poll(NULL, 0, 10);
		_exit(0);
	}
	close(p.other);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	assert_int_equal(wire_receive(p.ask.child.socket, wire_until(200), 1 << 20, &got, &in),
			 -ETIMEDOUT);
	assert_in_range(ms_since(&begin), 199, 5000);
	parser_end(&p.ask.child);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* It does not take what it is sent. */
static void test_takes_nothing(void **state)
{
	struct played p = play();
	struct wire_out out = {.bytes = calloc(1, 1 << 20), .size = 1 << 20};

	(void)state;
	assert_non_null(out.bytes);
	assert_int_equal(wire_send(p.ask.child.socket, wire_until(100), WIRE_MEMORY, 0, &out),
			 -ETIMEDOUT);
	wire_out_free(&out);
	parser_end(&p.ask.child);
	close(p.other);
}

/* What is left of an answer, or missing, is a lie as well. */
static void test_lengths(void **state)
{
	(void)state;
	for (uint64_t size = 0; size < 24; size++) {
		const struct wire_head head = {.kind = WIRE_TYPE, .size = size};
		const uint8_t zeros[24] = {0};
		struct played p = play();
		uint64_t values[2];
		struct wire_in in;

		say(&p, &head, sizeof(head));
		if (size)
			say(&p, zeros, size);
		assert_int_equal(ask(&p.ask, WIRE_TYPE, &nothing, &in, NULL), 0);
		wire_get(&in, values, sizeof(values));
		assert_int_equal(ask_end(&p.ask, &in, true, NULL), size == 16 ? 0 : -EPROTO);
		parser_end(&p.ask.child);
		close(p.other);
	}
}

static void test_plans_hold(void **state)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct plan good, bad;

	(void)state;
	assert_int_equal(plan_ops(bin, ALL_OPS, &good, NULL), 0);
	assert_true(parsed_plan_holds(&good, fd));
#define DAMAGED(change)                                                                            \
	do {                                                                                       \
		bad = good;                                                                        \
		bad.change;                                                                        \
		assert_false(parsed_plan_holds(&bad, fd));                                         \
	} while (0)
	DAMAGED(nfuncs = PLAN_FUNCS_MAX + 1);
	DAMAGED(nsites = PLAN_SITES_MAX + 1);
	DAMAGED(sites[0].func = good.nfuncs);
	DAMAGED(sites[0].point = PLAN_POINTS);
	DAMAGED(sites[0].point = PLAN_TYPE_CALL);
	DAMAGED(sites[0].point = PLAN_SCOPE_CALL);
	DAMAGED(sites[0].point = PLAN_SCOPE_RET);
	DAMAGED(sites[0].price = 2);
	DAMAGED(sites[0].len = 0);
	DAMAGED(sites[0].len = 17);
	DAMAGED(sites[0].at_check = 2);
	DAMAGED(sites[1].offset++);
	DAMAGED(sites[1].offset = UINT64_MAX);
	DAMAGED(sites[1].bytes[0] ^= 1);
	DAMAGED(funcs[0].op = SS_OPS);
	DAMAGED(funcs[0].detail = 1 << 16);
	DAMAGED(funcs[0].name[0] = '\033');
	DAMAGED(funcs[0].note[0] = '\n');
	DAMAGED(sites[0].insn[0] = '\r');
	DAMAGED(go[0] = '\033');
	DAMAGED(arch[0] = '\x7f');
	bad = good;
	memset(bad.go, 'x', sizeof(bad.go));
	assert_false(parsed_plan_holds(&bad, fd));
	bad = good;
	memset(bad.sites[0].insn, 'x', sizeof(bad.sites[0].insn));
	assert_false(parsed_plan_holds(&bad, fd));
	gobin_free(bin);
	close(fd);
}

static void test_callers_hold(void **state)
{
	struct plan_type_call type = {.arg = 1};
	struct plan_constant_call constant[] = {{.ret = 1}, {.ret = 2}};
	struct plan_callers c = {
		.text_size = 1024,
		.nmarks = plan_callers_words(1024),
		.type_calls = &type,
		.ntype_calls = 1,
		.constant_calls = constant,
		.nconstant_calls = 2,
	};

	(void)state;
	assert_true(parsed_callers_hold(&c));
	c.nmarks++;
	assert_false(parsed_callers_hold(&c));
	c.nmarks--;
	type.arg = 1 << 16;
	assert_false(parsed_callers_hold(&c));
	type.arg = 1;
	constant[1].ret = 1;
	assert_false(parsed_callers_hold(&c));
	c.nconstant_calls = 1;
	assert_true(parsed_callers_hold(&c));
	c.text_size = UINT64_MAX;
	c.nmarks = plan_callers_words(UINT64_MAX);
	assert_false(parsed_callers_hold(&c));
}

static void test_scopes_hold(void **state)
{
	const struct plan_scope_call good[] = {{.addr = 1, .op = SS_OP_GROW}, {.addr = 2, .op = 1}};
	struct plan_scope_call calls[2];
	struct plan_scope scope = {.calls = calls, .ncalls = 2};

	(void)state;
#define WITH(change, holds)                                                                        \
	do {                                                                                       \
		memcpy(calls, good, sizeof(calls));                                                \
		change;                                                                            \
		assert_int_equal(parsed_scope_holds(&scope), holds);                               \
	} while (0)
	WITH((void)0, true);
	WITH(calls[1].base.price = CALLSITE_NO_PROBE, true);
	WITH(calls[1].base.price = 2, false);
	WITH(calls[1].op = SS_OPS, false);
	WITH(calls[1].op = 0, false);
	WITH(calls[1].pointers = 2, false);
	WITH(calls[1].form = SCOPE_COPY + 1, false);
	WITH(calls[1].addr = 1, false);
	WITH(scope.ncalls = PLAN_SCOPE_CALLS_MAX + 1, false);
	WITH(scope.ncalls = 0, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed),	      cmocka_unit_test(test_lies),
		cmocka_unit_test(test_cut),	      cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_endless),	      cmocka_unit_test(test_drips),
		cmocka_unit_test(test_takes_nothing), cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_plans_hold),    cmocka_unit_test(test_callers_hold),
		cmocka_unit_test(test_scopes_hold),
	};

	return cmocka_run_group_tests_name("parser_lost", tests, NULL, NULL);
}
