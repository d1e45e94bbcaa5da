// SPDX-License-Identifier: BSD-2-Clause
/* Which sites are chosen in hand-assembled growslice. */
#include "asm_amd64.h"

#include <errno.h>

#include "plan/tail.h"
#include "slicestat.h"

#define LOAD_BASE "\x48\x8b\x44\x24\x58" /* mov rax, [rsp+0x58] */
#define LOAD_LEN  "\x48\x8b\x5c\x24\x48" /* mov rbx, [rsp+0x48] */
#define LOAD_CAP  "\x48\x8b\x4c\x24\x30" /* mov rcx, [rsp+0x30] */
#define LOADS	  LOAD_BASE LOAD_LEN LOAD_CAP
#define RELEASE	  "\x48\x83\xc4\x60" /* add rsp, 0x60 */
#define POP_RET	  "\x5d\xc3"	     /* pop rbp; ret */
#define GROW_TAIL LOADS RELEASE POP_RET

/* `call memmove` with the tail behind it, in a function that ends there. */
static int prove(const void *tail, size_t len, struct plan_frame *frame, struct reason *why)
{
	struct assembly a = {0};
	struct code *code;
	size_t call = 99;
	int err;

	ASM(&a, "\x90");
	asm_rel32(&a, "\xe8", MEMMOVE_ADDR);
	asm_put(&a, tail, len);
	code = asm_code(&a);
	err = tail_prove(code, code_count(code) - 1, &asm_callees, &call, frame, why);
	if (!err)
		assert_int_equal(call, 1);
	code_free(code);
	return err;
}

static void proves(const void *tail, size_t len, int base, int slice_len, int cap, int caller)
{
	struct plan_frame frame = {0};
	struct reason why = {""};
	int err = prove(tail, len, &frame, &why);

	if (err)
		print_error("%s\n", why.text);
	assert_int_equal(err, 0);
	assert_int_equal(frame.base, base);
	assert_int_equal(frame.len, slice_len);
	assert_int_equal(frame.cap, cap);
	assert_int_equal(frame.caller, caller);
}

static void doubts(const void *tail, size_t len, const char *words)
{
	struct plan_frame frame = {0};
	struct reason why = {""};

	assert_int_equal(prove(tail, len, &frame, &why), -EBADMSG);
	if (!strstr(why.text, words))
		print_error("got: %s\n", why.text);
	assert_non_null(strstr(why.text, words));
}

#define PROVES(tail, ...)   proves(tail, sizeof(tail) - 1, __VA_ARGS__)
#define DOUBTS(tail, words) doubts(tail, sizeof(tail) - 1, words)

static void test_tail_proved(void **state)
{
	(void)state;
	PROVES(GROW_TAIL, 0x58, 0x48, 0x30, 0x68);
	/* mov rbp, [rsp+0x58]; add rsp, 0x60; ret */
	PROVES("\x48\x8b\x44\x24\x48\x48\x8b\x5c\x24\x38\x48\x8b\x4c\x24\x20"
	       "\x48\x8b\x6c\x24\x58" RELEASE "\xc3",
	       0x48, 0x38, 0x20, 0x60);
	/* sub rsp, -128 */
	PROVES(LOADS "\x48\x83\xec\x80" POP_RET, 0x58, 0x48, 0x30, 0x88);
	/* coverage counters: inc dword [rip+..]; mov dword [rip+..], 1 */
	PROVES("\xff\x05\x10\x20\x30\x40\xc7\x05\x10\x20\x30\x40\x01\x00\x00\x00" GROW_TAIL, 0x58,
	       0x48, 0x30, 0x68);
	/* base by way of rdx; alignment */
	PROVES("\x48\x8b\x54\x24\x58" LOAD_LEN LOAD_CAP "\x48\x89\xd0\x66\x90" RELEASE POP_RET,
	       0x58, 0x48, 0x30, 0x68);
	/* a result loaded when part of the frame is gone: mov rax, [rsp+0x8] */
	PROVES(LOAD_LEN LOAD_CAP "\x48\x83\xc4\x50\x48\x8b\x44\x24\x08\x48\x83\xc4\x10" POP_RET,
	       0x58, 0x48, 0x30, 0x68);
}

static void test_tail_results_doubted(void **state)
{
	(void)state;
	DOUBTS(LOAD_LEN LOAD_CAP RELEASE POP_RET, "result 1 is not loaded");
	DOUBTS(LOAD_BASE LOAD_LEN RELEASE POP_RET, "result 3 is not loaded");
	/* rdx for rcx */
	DOUBTS(LOAD_BASE LOAD_LEN "\x48\x8b\x54\x24\x30" RELEASE POP_RET, "result 3");
	/* len and cap from one slot, then from overlapping ones */
	DOUBTS(LOAD_BASE LOAD_LEN "\x48\x8b\x4c\x24\x48" RELEASE POP_RET, "one place");
	DOUBTS(LOAD_BASE LOAD_LEN "\x48\x8b\x4c\x24\x44" RELEASE POP_RET, "one place");
	/* cap from the return address */
	DOUBTS(LOAD_BASE LOAD_LEN "\x48\x8b\x4c\x24\x68" RELEASE POP_RET, "one place");
	/* overwritten by an unknown: mov rcx, rdi */
	DOUBTS(LOADS "\x48\x89\xf9" RELEASE POP_RET, "result 3");
}

static void test_tail_code_doubted(void **state)
{
	(void)state;
	DOUBTS(LOADS "\x74\x00" RELEASE POP_RET, "branch leads to +0x17");
	DOUBTS("\x74\x02\x90\x90" GROW_TAIL, "branch leads to");
	DOUBTS("\xff\xd0" GROW_TAIL, "more than load");
	DOUBTS("\x50" GROW_TAIL, "more than load");
	DOUBTS("\x48\x89\x44\x24\x58" GROW_TAIL, "more than load");
	DOUBTS("\x48\xff\x44\x24\x58" GROW_TAIL, "more than load");
	DOUBTS("\x31\xc0" GROW_TAIL, "more than load");
	DOUBTS(LOADS "\x48\x8d\x64\x24\x60" POP_RET, "more than load");
	DOUBTS(LOADS "\x48\x89\xec" POP_RET, "more than load");
	DOUBTS(LOADS "\x48\x83\xec\x60" POP_RET, "stack unexpectedly");
	/* below the stack pointer */
	DOUBTS("\x48\x8b\x44\x24\xf8" LOAD_LEN LOAD_CAP RELEASE POP_RET, "result 1 is not loaded");
}

static void test_tail_entered_doubted(void **state)
{
	/* Where the jump goes, from the call on; what comes of it. */
	static const struct {
		size_t offset;
		int err;
	} cases[] = {{0, 0}, {5, -EBADMSG}, {10, -EBADMSG}, {25, -EBADMSG}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct assembly a = {0};
		struct plan_frame frame;
		struct code *code;
		size_t call;

		asm_rel8(&a, 0x74, FUNC_ADDR + 2 + cases[i].offset);
		asm_rel32(&a, "\xe8", MEMMOVE_ADDR);
		ASM(&a, GROW_TAIL);
		code = asm_code(&a);
		assert_int_equal(
			tail_prove(code, code_count(code) - 1, &asm_callees, &call, &frame, NULL),
			cases[i].err);
		code_free(code);
	}
}

/* Base at [rsp], then a frame so large that the return address lies at [rsp+caller]. */
static struct assembly wide_tail(int32_t caller)
{
	struct assembly a = {0};
	int32_t release = caller - 8;

	ASM(&a, "\x48\x8b\x04\x24" LOAD_LEN LOAD_CAP "\x48\x81\xc4");
	asm_put(&a, &release, sizeof(release));
	ASM(&a, POP_RET);
	return a;
}

static void test_tail_frame_size(void **state)
{
	struct assembly fits = wide_tail(SS_FRAME_MAX - 8);
	struct assembly wide = wide_tail(SS_FRAME_MAX);

	(void)state;
	proves(fits.bytes, fits.len, 0, 0x48, 0x30, SS_FRAME_MAX - 8);
	doubts(wide.bytes, wide.len, "bytes apart");
	/* A large frame whose results lie close together is as good as a small one. */
	PROVES("\x48\x81\xc4\x00\x10\x00\x00" GROW_TAIL, 0x1058, 0x1048, 0x1030, 0x1068);
	DOUBTS("\x48\x81\xc4\x00\x00\x20\x00" GROW_TAIL, "stack unexpectedly");
}

static void test_tail_needs_memmove(void **state)
{
	static const struct {
		uint64_t callee;
		int err;
	} cases[] = {{MEMMOVE_ADDR, 0},
		     {WRAPPER_ADDR, 0},
		     {OTHER_FUNC, -EBADMSG},
		     {MEMMOVE_ADDR + 1, -EBADMSG}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct assembly a = {0};
		struct plan_frame frame;
		struct code *code;
		size_t call;

		asm_rel32(&a, "\xe8", cases[i].callee);
		ASM(&a, GROW_TAIL);
		code = asm_code(&a);
		assert_int_equal(
			tail_prove(code, code_count(code) - 1, &asm_callees, &call, &frame, NULL),
			cases[i].err);
		code_free(code);
	}
}

static void put_early_return(struct assembly *a, uint64_t zerobase)
{
	asm_rel32(a, "\x48\x8d\x05", zerobase);
	ASM(a, "\x48\x89\xd9" RELEASE POP_RET);
}

static void put_main_return(struct assembly *a, const char *tail, size_t len)
{
	asm_rel32(a, "\xe8", MEMMOVE_ADDR);
	asm_put(a, tail, len);
}

static int grow_probes(const struct assembly *a, struct probes *probes, struct reason *why)
{
	struct code *code = asm_code(a);
	int err;

	*probes = (struct probes){0};
	err = growslice_probes(code, &asm_callees, probes, why);
	code_free(code);
	return err;
}

static void expect_points(const struct probes *probes, size_t count, const enum plan_point *points)
{
	assert_int_equal(probes->count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(probes->at[i].point, points[i]);
}

static void test_growslice(void **state)
{
	static const enum plan_point points[] = {PLAN_GROW_RET, PLAN_GROW_CALL};
	struct assembly a = {0};
	struct probes probes;

	(void)state;
	put_early_return(&a, ZEROBASE_ADDR);
	put_main_return(&a, GROW_TAIL, sizeof(GROW_TAIL) - 1);
	assert_int_equal(grow_probes(&a, &probes, NULL), 0);
	expect_points(&probes, 2, points);
	assert_int_equal(probes.at[0].insn, 4);
	assert_int_equal(probes.at[1].insn, 5);
	assert_int_equal(probes.zerobase, ZEROBASE_ADDR);
	assert_true(probes.has_frame);
	assert_int_equal(probes.frame.base, 0x58);
	assert_int_equal(probes.frame.caller, 0x68);
	assert_string_equal(probes.note.text, "");
}

static void test_growslice_falls_back(void **state)
{
	static const char tail[] = LOAD_BASE LOAD_LEN RELEASE POP_RET;
	static const enum plan_point points[] = {PLAN_GROW_RET, PLAN_GROW_RET};
	struct assembly a = {0};
	struct probes probes;

	(void)state;
	put_early_return(&a, ZEROBASE_ADDR);
	put_main_return(&a, tail, sizeof(tail) - 1);
	assert_int_equal(grow_probes(&a, &probes, NULL), 0);
	expect_points(&probes, 2, points);
	assert_false(probes.has_frame);
	assert_int_equal(probes.zerobase, ZEROBASE_ADDR);
	assert_non_null(strstr(probes.note.text, "return at +0x24 is probed itself: its result 3"));
}

static void test_growslice_two_tails(void **state)
{
	static const char elsewhere[] = "\x48\x8b\x44\x24\x50" LOAD_LEN LOAD_CAP RELEASE POP_RET;
	static const enum plan_point agree[] = {PLAN_GROW_CALL, PLAN_GROW_CALL};
	static const enum plan_point differ[] = {PLAN_GROW_CALL, PLAN_GROW_RET};
	struct assembly a = {0};
	struct assembly b = {0};
	struct probes probes;

	(void)state;
	put_main_return(&a, GROW_TAIL, sizeof(GROW_TAIL) - 1);
	put_main_return(&a, GROW_TAIL, sizeof(GROW_TAIL) - 1);
	assert_int_equal(grow_probes(&a, &probes, NULL), 0);
	expect_points(&probes, 2, agree);
	assert_int_equal(probes.zerobase, 0);

	put_main_return(&b, GROW_TAIL, sizeof(GROW_TAIL) - 1);
	put_main_return(&b, elsewhere, sizeof(elsewhere) - 1);
	assert_int_equal(grow_probes(&b, &probes, NULL), 0);
	expect_points(&probes, 2, differ);
	assert_int_equal(probes.frame.base, 0x58);
	assert_non_null(strstr(probes.note.text, "lie elsewhere"));
}

static void test_growslice_zerobase(void **state)
{
	struct assembly differ = {0};
	struct assembly overwritten = {0};
	struct assembly entered = {0};
	struct probes probes;

	(void)state;
	put_early_return(&differ, ZEROBASE_ADDR);
	put_early_return(&differ, ZEROBASE_ADDR + 8);
	assert_int_equal(grow_probes(&differ, &probes, NULL), 0);
	assert_int_equal(probes.count, 2);
	assert_int_equal(probes.zerobase, 0);

	asm_rel32(&overwritten, "\x48\x8d\x05", ZEROBASE_ADDR);
	ASM(&overwritten, LOAD_BASE RELEASE POP_RET);
	assert_int_equal(grow_probes(&overwritten, &probes, NULL), 0);
	assert_int_equal(probes.zerobase, 0);

	asm_rel8(&entered, 0x74, FUNC_ADDR + 9);
	put_early_return(&entered, ZEROBASE_ADDR);
	assert_int_equal(grow_probes(&entered, &probes, NULL), 0);
	assert_int_equal(probes.zerobase, 0);
}

static void test_growslice_refused(void **state)
{
	struct assembly none = {0};
	struct assembly many = {0};
	struct probes probes;
	struct reason why;

	(void)state;
	ASM(&none, "\x0f\x0b");
	assert_int_equal(grow_probes(&none, &probes, &why), -EBADMSG);
	assert_string_equal(why.text, "it has no return instruction");
	for (int i = 0; i <= PLAN_SITES_MAX; i++)
		ASM(&many, "\xc3");
	assert_int_equal(grow_probes(&many, &probes, &why), -EBADMSG);
	assert_string_equal(why.text, "it needs more than 128 probes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail_proved),
		cmocka_unit_test(test_tail_results_doubted),
		cmocka_unit_test(test_tail_code_doubted),
		cmocka_unit_test(test_tail_entered_doubted),
		cmocka_unit_test(test_tail_frame_size),
		cmocka_unit_test(test_tail_needs_memmove),
		cmocka_unit_test(test_growslice),
		cmocka_unit_test(test_growslice_falls_back),
		cmocka_unit_test(test_growslice_two_tails),
		cmocka_unit_test(test_growslice_zerobase),
		cmocka_unit_test(test_growslice_refused),
	};

	return cmocka_run_group_tests_name("plan_growslice", tests, NULL, NULL);
}
