// SPDX-License-Identifier: BSD-2-Clause
/* Calls in scope at which the base of the call before them is had (bpf/scope.bpf.h), on the host.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scope_calls.h"

#define NEXT   (CALL + 0x20)
#define BEHIND (NEXT - RET)
#define BASE   0xc000004000

static const struct ss_pending_key key = {.g = G, .target = TARGET};

/* The first call's base is in rdx at the second one. */
static int reset(void **state)
{
	int err = reset_calls(state);

	by_site = 0;
	scoped_values[0] = (struct ss_scoped){.form = SS_FORM_MAKE, .behind = BEHIND, .home = 2};
	scoped_values[1] = (struct ss_scoped){.form = SS_FORM_MAKE, .ends_one = 1};
	return err;
}

static struct pt_regs next_make_of(uint64_t len, uint64_t cap)
{
	struct pt_regs ctx = make_of(len, cap);

	ctx.ip = NEXT;
	ctx.dx = BASE;
	return ctx;
}

static void one_ends_where_the_next_begins(void **state)
{
	struct pt_regs first = make_of(3, 5), next = next_make_of(7, 9);
	const struct ss_pending *p;

	(void)state;
	begin(&first, &scoped_values[0]);
	scope_ends_one(&next, 1, TARGET);
	begin(&next, &scoped_values[1]);
	assert_fate(SS_FOLDED);
	assert_int_equal(only_base()->slot_key, SS_SLOT_KEY(BASE, TARGET));
	assert_int_equal(only_base()->len, 3);
	assert_int_equal(only_base()->cap, 5);
	p = bpf_map_lookup_elem(&pending, &key);
	assert_non_null(p);
	assert_int_equal(p->len, 7);
	assert_int_equal(p->ret, NEXT + GO_CALL_BYTES);
}

/* By another goroutine, or code that comes from elsewhere. */
static void one_is_not_ended_by_others(void **state)
{
	struct pt_regs first = make_of(3, 5), next = next_make_of(7, 9);

	(void)state;
	scope_ends_one(&next, 1, TARGET);
	assert_fate(SS_SEEN);
	begin(&first, &scoped_values[0]);
	next.r14 = G + 0x200;
	scope_ends_one(&next, 1, TARGET);
	next.r14 = G;
	next.ip = NEXT + 1;
	scope_ends_one(&next, 1, TARGET);
	assert_fate(SS_SEEN);
	assert_int_equal(((struct ss_pending *)bpf_map_lookup_elem(&pending, &key))->len, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_ends_where_the_next_begins, reset),
		cmocka_unit_test_setup(one_is_not_ended_by_others, reset),
	};

	return cmocka_run_group_tests_name("scope pair", tests, NULL, NULL);
}
