// SPDX-License-Identifier: BSD-2-Clause
/* The calibration in a process of its own. Needs the right to trace; fails without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/wait.h>

#include "session/calibrator.h"

static struct calibrator *new_calibrator(void)
{
	struct reason why = {.text = ""};
	struct calibrator *c = NULL;

	if (calibrator_new(SESSION_BEST, &c, &why))
		fail_msg("%s", why.text);
	return c;
}

/* No process is left behind. */
static void free_calibrator(struct calibrator *c)
{
	calibrator_free(c);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
}

static void tells_the_cost(void **state)
{
	struct calibrator *c = new_calibrator();
	struct reason why = {.text = ""};
	struct calibration cost;

	(void)state;
	calibrator_start(c);
	if (calibrator_result(c, &cost, &why))
		fail_msg("%s", why.text);
	assert_true(cost.emulated_s > 20e-9 && cost.emulated_s < 1e-3);
	assert_true(cost.stepped_s > cost.emulated_s && cost.stepped_s < 1e-3);
	free_calibrator(c);
}

static void ends_unstarted(void **state)
{
	(void)state;
	free_calibrator(new_calibrator());
}

static void ends_unasked(void **state)
{
	struct calibrator *c = new_calibrator();

	(void)state;
	calibrator_start(c);
	free_calibrator(c);
}

static void frees_nothing(void **state)
{
	(void)state;
	calibrator_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_cost),
		cmocka_unit_test(ends_unstarted),
		cmocka_unit_test(ends_unasked),
		cmocka_unit_test(frees_nothing),
	};

	return cmocka_run_group_tests_name("calibrator", tests, NULL, NULL);
}
