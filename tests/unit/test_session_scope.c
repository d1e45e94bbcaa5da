// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls in scope, in the kernel, on code of our own: what they tell, what is told behind them, and
 * what is refused. Needs the right to trace; fails without.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "self_session.h"

/*
 * Functions of C that put regs where Go has arguments and call one that returns a slice {regs[5],
 * regs[1], regs[6]}; or go where such a call returns without one. Behind the second call is an
 * instruction that the kernel does not probe.
 */
__asm__(".pushsection .text\n"
	".macro go_registers\n"
	"	push %rbx\n"
	"	push %r14\n"
	"	mov 0x00(%rdi), %rax\n"
	"	mov 0x08(%rdi), %rbx\n"
	"	mov 0x10(%rdi), %rcx\n"
	"	mov 0x20(%rdi), %rsi\n"
	"	mov 0x28(%rdi), %r8\n"
	"	mov 0x30(%rdi), %r10\n"
	"	mov 0x38(%rdi), %r14\n"
	"	mov 0x18(%rdi), %rdi\n"
	".endm\n"
	"scoped:\n"
	"	go_registers\n"
	"scoped_call:\n"
	"	call 1f\n"
	"scoped_ret:\n"
	"	nop\n"
	"	pop %r14\n"
	"	pop %rbx\n"
	"	ret\n"
	"uncalled:\n"
	"	go_registers\n"
	"	jmp scoped_ret\n"
	"refused:\n"
	"	go_registers\n"
	"refused_call:\n"
	"	call 1f\n"
	"refused_ret:\n"
	"	lock addl $0, (%rsp)\n"
	"	pop %r14\n"
	"	pop %rbx\n"
	"	ret\n"
	"1:	mov %r8, %rax\n"
	"	mov %r10, %rcx\n"
	"	ret\n"
	".popsection\n");

typedef uint64_t go_regs[8];
void scoped(const go_regs regs);
void uncalled(const go_regs regs);
void refused(const go_regs regs);
extern const char scoped_call[], scoped_ret[], refused_call[], refused_ret[];

#define TYPE 0x7000
#define BASE 0xc000
#define G    0xa000

/* A growth from 20 elements of 8 bytes to 21 with room for cap; as computed there were 40. */
#define GROWTH(cap)                                                                                \
	{                                                                                          \
		0x1000, 21, 20, 1, TYPE, BASE, cap, G                                              \
	}

/* The offset in the file: all code lies in one segment. */
static uint64_t offset_of(const char *code)
{
	struct plan plan;

	assert_int_equal(calibrate_plan(&plan), 0);
	return plan.sites[0].offset + (uintptr_t)code - (uintptr_t)calibrate_emulated_site;
}

static struct plan_scope_call growth_at(const char *call, const char *ret)
{
	return (struct plan_scope_call){
		.addr = (uintptr_t)call,
		.offset = offset_of(call),
		.ret = (uintptr_t)ret,
		.base = {.addr = (uintptr_t)ret, .price = PLAN_EMULATED},
		.base_offset = offset_of(ret),
		.type = TYPE,
		.size = 8,
		.op = SS_OP_GROW,
		.form = SCOPE_GROW,
	};
}

/* One more than perf events are attached for. */
#define CALLS 129

struct fixture {
	struct plan_scope_call calls[CALLS];
	struct plan_scope scope;
	struct session *session;
	struct reason refused, why;
};

/* What session_attach returns for the first calls. */
static int start(struct fixture *f, size_t ncalls, enum session_fold fold,
		 enum session_attach_by by)
{
	const struct session_options opts = {.fold = fold,
					     .max_bases = 8,
					     .max_sites = 8,
					     .max_pending = 4,
					     .max_targets = 1,
					     .by = by};
	static const struct plan plan;
	struct session_target self = {.pid = getpid(), .scope = &f->scope};
	int err;

	f->calls[0] = growth_at(scoped_call, scoped_ret);
	for (size_t i = 1; i < CALLS; i++)
		f->calls[i] = growth_at(refused_call, refused_ret);
	f->scope = (struct plan_scope){.calls = f->calls, .ncalls = ncalls, .has_headers = true};
	if (session_new(&opts, &f->session, &f->why))
		fail_msg("%s", f->why.text);
	self.exe_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_true(self.exe_fd >= 0);
	err = session_attach(f->session, &self, &plan, &f->refused, &f->why);
	close(self.exe_fd);
	session_start(f->session);
	return err;
}

static void take_base(void *ctx, const void *entry_key, const void *entry_val)
{
	const struct ss_base_key *key = entry_key;

	assert_int_equal(key->base, BASE);
	*(struct ss_base *)ctx = *(const struct ss_base *)entry_val;
}

/* The shards are added up. */
static void add_site(void *ctx, const void *entry_key, const void *entry_val)
{
	const struct ss_site_key *key = entry_key;
	const struct ss_site *val = entry_val;
	struct ss_site *sum = ctx;

	assert_true(!sum->events || sum->key.pc == key->pc);
	sum->key = *key;
	sum->events += val->events;
	sum->len_sum += val->len_sum;
	sum->cap_sum += val->cap_sum;
	sum->copied_bytes += val->copied_bytes;
}

static void assert_counted(const struct session *s, uint64_t seen, uint64_t traps)
{
	assert_int_equal(counted(s, SS_SEEN), seen);
	assert_int_equal(counted(s, SS_FOLDED), seen);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), traps);
	assert_int_equal(counted(s, SS_TRAPS_STEPPED), 0);
	assert_int_equal(session_pending(s), 0);
}

static void check_calls(enum session_attach_by by)
{
	const go_regs growth = GROWTH(43);
	struct fixture f = {.session = NULL};
	struct ss_site site = {.events = 0};

	assert_int_equal(start(&f, 2, SESSION_FOLD_SITES, by), 0);
	assert_string_equal(f.refused.text, "");
	for (int i = 0; i < 5; i++)
		scoped(growth);
	uncalled(growth);
	assert_int_equal(session_stop(f.session), 0);
	take_snapshot(f.session, add_site, &site);
	assert_int_equal(site.key.pc, (uintptr_t)scoped_ret);
	assert_int_equal(site.key.type, TYPE);
	assert_int_equal(site.events, 5);
	assert_int_equal(site.len_sum, 5 * 21);
	assert_int_equal(site.cap_sum, 5 * 40);
	assert_int_equal(site.copied_bytes, 5UL * 20 * 8);
	assert_counted(f.session, 5, 5);
	session_free(f.session);
}

/* Where the base is, the capacity is that which came out. Code may get there without a call. */
static void check_bases(enum session_attach_by by)
{
	const go_regs growth = GROWTH(43);
	struct fixture f = {.session = NULL};
	struct ss_base base = {.events = 0};

	assert_int_equal(start(&f, 1, SESSION_FOLD_BASES, by), 0);
	assert_string_equal(f.refused.text, "");
	for (int i = 0; i < 5; i++) {
		scoped(growth);
		uncalled(growth);
	}
	assert_int_equal(session_stop(f.session), 0);
	take_snapshot(f.session, take_base, &base);
	assert_int_equal(base.events, 5);
	assert_int_equal(base.len_sum, 5 * 21);
	assert_int_equal(base.cap_sum, 5 * 43);
	assert_int_equal(SS_BASE_TYPE(&base), TYPE);
	assert_counted(f.session, 5, 15);
	session_free(f.session);
}

/* Only with what is behind it a call is traced by base: the others are. */
static void check_refusal(enum session_attach_by by)
{
	const go_regs growth = GROWTH(40);
	struct fixture f = {.session = NULL};
	struct ss_base base = {.events = 0};

	assert_int_equal(start(&f, 2, SESSION_FOLD_BASES, by), 0);
	assert_string_equal(f.refused.text, "1 calls, for the kernel refuses to probe the "
					    "instruction behind them");
	scoped(growth);
	refused(growth);
	assert_int_equal(session_stop(f.session), 0);
	take_snapshot(f.session, take_base, &base);
	assert_int_equal(base.events, 1);
	assert_counted(f.session, 1, 2);
	session_free(f.session);
}

static void calls_by_uprobe_multi(void **state)
{
	(void)state;
	skip_without_multi();
	check_calls(SESSION_UPROBE_MULTI);
}

static void calls_by_perf_events(void **state)
{
	(void)state;
	check_calls(SESSION_PERF_EVENT);
}

static void bases_by_uprobe_multi(void **state)
{
	(void)state;
	skip_without_multi();
	check_bases(SESSION_UPROBE_MULTI);
}

static void bases_by_perf_events(void **state)
{
	(void)state;
	check_bases(SESSION_PERF_EVENT);
}

static void refusal_by_uprobe_multi(void **state)
{
	(void)state;
	skip_without_multi();
	check_refusal(SESSION_UPROBE_MULTI);
}

static void refusal_by_perf_events(void **state)
{
	(void)state;
	check_refusal(SESSION_PERF_EVENT);
}

/* Each perf event takes time to take off. */
static void few_calls_by_perf_events(void **state)
{
	struct fixture f = {.session = NULL};

	(void)state;
	assert_int_equal(start(&f, CALLS, SESSION_FOLD_SITES, SESSION_PERF_EVENT), -E2BIG);
	assert_string_equal(f.why.text,
			    "129 calls are in scope, too many without uprobe_multi, which this "
			    "kernel may lack (slicestat check): at most 128 can be probed; choose "
			    "fewer with --in and --not-in");
	session_free(f.session);
	assert_int_equal(start(&f, CALLS / 2 + 1, SESSION_FOLD_BASES, SESSION_PERF_EVENT), -E2BIG);
	assert_string_equal(f.why.text,
			    "65 calls are in scope, too many without uprobe_multi, which this "
			    "kernel may lack (slicestat check): at most 64 can be probed; choose "
			    "fewer with --in and --not-in, or use --by site, which takes twice as "
			    "many");
	session_free(f.session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_by_uprobe_multi),
		cmocka_unit_test(calls_by_perf_events),
		cmocka_unit_test(bases_by_uprobe_multi),
		cmocka_unit_test(bases_by_perf_events),
		cmocka_unit_test(refusal_by_uprobe_multi),
		cmocka_unit_test(refusal_by_perf_events),
		cmocka_unit_test(few_calls_by_perf_events),
	};

	return cmocka_run_group_tests_name("session scope", tests, NULL, NULL);
}
