// SPDX-License-Identifier: BSD-2-Clause
/*
 * To be preloaded: the wall clock is set an hour on and back again with every look at it. Nobody
 * else's clock changes.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

#define STEP_S 3600

int clock_gettime(clockid_t clock, struct timespec *t);

int clock_gettime(clockid_t clock, struct timespec *t)
{
	static int (*next)(clockid_t, struct timespec *);
	static int looks;
	int err;

	if (!next)
		next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	if (!next)
		abort();
	err = next(clock, t);
	if (!err && clock == CLOCK_REALTIME)
		t->tv_sec += ++looks % 2 ? STEP_S : -STEP_S;
	return err;
}
