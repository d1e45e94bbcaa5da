// SPDX-License-Identifier: BSD-2-Clause
#include "serve/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "privilege/privilege.h"

struct start {
	void (*fn)(void *ctx);
	void *ctx;
	pthread_mutex_t lock;
	pthread_cond_t tried;
	bool done;
	int err;
};

static void tell(struct start *s, int err)
{
	pthread_mutex_lock(&s->lock);
	s->err = err;
	s->done = true;
	pthread_cond_signal(&s->tried);
	pthread_mutex_unlock(&s->lock);
}

/* What starts it waits: s is its. */
static void *begin(void *arg)
{
	struct start *s = arg;
	void (*fn)(void *ctx) = s->fn;
	void *ctx = s->ctx;
	int err = privilege_drop_thread();

	/* On Linux of this thread alone. Lower is always allowed; who began there stays. */
	if (!err && getpriority(PRIO_PROCESS, 0) < 0 && setpriority(PRIO_PROCESS, 0, 0))
		err = -errno;
	tell(s, err);
	if (!err)
		fn(ctx);
	return NULL;
}

int thread_start(pthread_t *thread, void (*fn)(void *ctx), void *ctx)
{
	struct start s = {.fn = fn,
			  .ctx = ctx,
			  .lock = PTHREAD_MUTEX_INITIALIZER,
			  .tried = PTHREAD_COND_INITIALIZER};
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = -pthread_create(thread, NULL, begin, &s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err)
		return err;
	pthread_mutex_lock(&s.lock);
	while (!s.done)
		pthread_cond_wait(&s.tried, &s.lock);
	pthread_mutex_unlock(&s.lock);
	if (s.err)
		pthread_join(*thread, NULL);
	return s.err;
}
