// SPDX-License-Identifier: BSD-2-Clause
/* What must be true of every BPF program, whatever it does. Loads nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <bpf/libbpf.h>

#include "plan/plan.h"
#include "slicestat.skel.h"

static bool has_tail_call(const struct bpf_program *prog)
{
	const struct bpf_insn *insns = bpf_program__insns(prog);

	for (size_t i = 0; i < bpf_program__insn_cnt(prog); i++)
		if (insns[i].code == (BPF_JMP | BPF_CALL) && !insns[i].src_reg &&
		    insns[i].imm == BPF_FUNC_tail_call)
			return true;
	return false;
}

/* Without one, threads that preempt each other share a stack: see hit in bpf/probe.bpf.h. */
static void programs_have_tail_calls(void **state)
{
	struct slicestat_bpf *skel = slicestat_bpf__open();
	struct bpf_program *prog;
	int n = 0;

	(void)state;
	assert_non_null(skel);
	bpf_object__for_each_program (prog, skel->obj) {
		if (!has_tail_call(prog))
			fail_msg("%s has none", bpf_program__name(prog));
		n++;
	}
	assert_int_equal(n, PLAN_POINTS);
	slicestat_bpf__destroy(skel);
}

/* The flip of the windows waits only for programs that are not. */
static void programs_do_not_sleep(void **state)
{
	struct slicestat_bpf *skel = slicestat_bpf__open();
	struct bpf_program *prog;

	(void)state;
	assert_non_null(skel);
	bpf_object__for_each_program (prog, skel->obj)
		assert_string_equal(bpf_program__section_name(prog), "uprobe");
	slicestat_bpf__destroy(skel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_have_tail_calls),
		cmocka_unit_test(programs_do_not_sleep),
	};

	return cmocka_run_group_tests_name("programs", tests, NULL, NULL);
}
