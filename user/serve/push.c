// SPDX-License-Identifier: BSD-2-Clause
#include "serve/push.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock/clock.h"
#include "log/controls.h"
#include "log/log.h"
#include "metrics/otlp.pb-c.h"
#include "serve/push_queue.h"
#include "serve/push_setup.h"
#include "serve/thread.h"

#define WAIT_FIRST_S   0.5
#define WAIT_MOST_S    30.0
#define WAIT_LAST_S    0.25  /* when all is to end soon */
#define WAIT_ASKED_S   300.0 /* a receiver can ask for so much, whatever it says */
#define LATE_S	       2.5 /* for a thread that should have ended: who looks up names can be late */
#define ANSWER_MAX     ((size_t)65536)
#define REJECTED_MAX   1000000 /* more samples than any request has */
#define TOO_MANY       429L
#define BAD_GATEWAY    502L
#define UNAVAILABLE    503L
#define GATEWAY_IS_OUT 504L

enum outcome { TAKEN, AGAIN, REFUSED };

struct push {
	char *url;
	struct push_setup setup;
	pthread_t thread;
	bool started;
	bool abandoned;	      /* the thread is still there, and has all this */
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct push_queue queue;
	struct push_counts counts;
	bool ending;
	double last_s; /* from then on the newest request alone is sent */
	double deadline_s;
	unsigned int seed; /* the rest is the thread's alone */
	enum outcome told;
	bool warned;
	uint8_t answer[ANSWER_MAX];
	size_t answer_size;
	char error[CURL_ERROR_SIZE];
};

/* The lock is held. The totals are in the newest request, which must not wait for others then. */
static bool skips(const struct push *p)
{
	return p->ending && p->queue.n > 0 && clock_now_s() >= p->last_s;
}

/* None is to be begun; or *skipped, the one on its way is to be left for the newest. */
static bool is_over(struct push *p, bool *skipped)
{
	bool over;

	pthread_mutex_lock(&p->lock);
	over = p->ending && clock_now_s() >= p->deadline_s;
	*skipped = skips(p);
	pthread_mutex_unlock(&p->lock);
	return over;
}

static int on_progress(void *ctx, curl_off_t down, curl_off_t down_now, curl_off_t up,
		       curl_off_t up_now)
{
	bool skipped;

	(void)down;
	(void)down_now;
	(void)up;
	(void)up_now;
	return is_over(ctx, &skipped) || skipped;
}

/* More than fits is no answer of a receiver: the status tells what became of the request. */
static size_t on_answer(char *bytes, size_t one, size_t n, void *ctx)
{
	struct push *p = ctx;
	const size_t room = ANSWER_MAX - p->answer_size;
	const size_t taken = n < room ? n : room;

	memcpy(p->answer + p->answer_size, bytes, taken);
	p->answer_size += taken;
	return n * one;
}

static enum outcome outcome_of(long status)
{
	if (status >= 200 && status < 300)
		return TAKEN;
	return status == TOO_MANY || status == BAD_GATEWAY || status == UNAVAILABLE ||
			       status == GATEWAY_IS_OUT
		       ? AGAIN
		       : REFUSED;
}

/* *after_s: it is not to be tried before, where it says so. */
static enum outcome post(struct push *p, const struct push_request *r, curl_off_t *after_s)
{
	long status = 0;
	CURLcode code;

	p->answer_size = 0;
	p->error[0] = '\0';
	curl.easy_setopt(p->setup.curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->size);
	curl.easy_setopt(p->setup.curl, CURLOPT_POSTFIELDS, r->bytes);
	code = curl.easy_perform(p->setup.curl);
	if (code) {
		if (code == CURLE_ABORTED_BY_CALLBACK)
			snprintf(p->error, sizeof(p->error), "no answer in the time that is left");
		else if (!p->error[0])
			snprintf(p->error, sizeof(p->error), "%s", curl.easy_strerror(code));
		return AGAIN;
	}
	curl.easy_getinfo(p->setup.curl, CURLINFO_RESPONSE_CODE, &status);
	curl.easy_getinfo(p->setup.curl, CURLINFO_RETRY_AFTER, after_s);
	snprintf(p->error, sizeof(p->error), "HTTP status %ld", status);
	return outcome_of(status);
}

/* None, and a message: a warning. */
static void tell_rejected(struct push *p, int64_t n, char *message)
{
	controls_hide(message);
	if (n > 0)
		log_warn("%.150s did not take %lld samples: %.150s", p->url, (long long)n, message);
	else if (message[0] && !p->warned)
		log_warn("%.150s takes what is sent, but says: %.150s", p->url, message);
	p->warned = true;
}

/* Samples that it has not taken of a request that it has. */
static uint64_t rejected(struct push *p)
{
	Otlp__Response *response = otlp__response__unpack(NULL, p->answer_size, p->answer);
	int64_t n = 0;

	if (response && response->partial)
		n = response->partial->rejected;
	if (response && response->partial && !p->counts.rejected)
		tell_rejected(p, n, response->partial->message);
	if (response)
		otlp__response__free_unpacked(response, NULL);
	if (n > REJECTED_MAX)
		return REJECTED_MAX;
	return n > 0 ? (uint64_t)n : 0;
}

/* What becomes of requests is told when it is something else than before. */
static void tell(struct push *p, enum outcome outcome)
{
	if (outcome == p->told)
		return;
	p->told = outcome;
	controls_hide(p->error);
	if (outcome == REFUSED)
		log_warn("%.150s refuses what is sent: %s", p->url, p->error);
	else if (outcome == AGAIN)
		log_warn("cannot send to %.150s: %s; tried again and again, %zu snapshots can wait",
			 p->url, p->error, PUSH_QUEUE_MAX);
	else
		log_info("%.150s takes what is sent again", p->url);
}

/* Half of it by chance: many that wait for one receiver must not come at once. */
static double wait_for(struct push *p, unsigned int failures, curl_off_t after_s)
{
	double most = WAIT_FIRST_S;

	while (failures-- > 0 && most < WAIT_MOST_S)
		most *= 2;
	most *= 0.5 + 0.5 * (double)rand_r(&p->seed) / RAND_MAX;
	if ((double)after_s > WAIT_ASKED_S)
		return WAIT_ASKED_S;
	return (double)after_s > most ? (double)after_s : most;
}

static struct timespec timespec_of(double s)
{
	const time_t whole = (time_t)s;

	return (struct timespec){.tv_sec = whole, .tv_nsec = (long)((s - (double)whole) * 1e9)};
}

/* The lock is held. False: that time has come. */
static bool wait_until(struct push *p, double until_s)
{
	const struct timespec until = timespec_of(until_s);

	return !pthread_cond_timedwait(&p->changed, &p->lock, &until);
}

/* Or until all is to end; then what is left has little time. */
static void rest(struct push *p, double wait_s)
{
	const double begin_s = clock_now_s();
	const double until_s = begin_s + wait_s;

	pthread_mutex_lock(&p->lock);
	while (!p->ending && wait_until(p, until_s))
		;
	if (p->ending) {
		const double last_s = clock_now_s() + WAIT_LAST_S;
		const double end_s = until_s < last_s ? until_s : last_s;

		while (wait_until(p, end_s))
			;
	}
	pthread_mutex_unlock(&p->lock);
}

/*
 * The oldest, taken out; near the end the newest. Receivers refuse what is older than what they
 * have: all others go then. False: there is none, and there will be none.
 */
static bool next_request(struct push *p, struct push_request *r)
{
	bool found;

	pthread_mutex_lock(&p->lock);
	while (!p->ending && !p->queue.n)
		pthread_cond_wait(&p->changed, &p->lock);
	if (skips(p))
		p->counts.dropped += push_queue_keep_newest(&p->queue);
	found = push_queue_take(&p->queue, r);
	pthread_mutex_unlock(&p->lock);
	return found;
}

static void settle(struct push *p, struct push_request *r, enum outcome outcome)
{
	const uint64_t samples = outcome == TAKEN ? rejected(p) : 0;

	pthread_mutex_lock(&p->lock);
	p->counts.rejected += samples;
	p->counts.sent += outcome == TAKEN;
	p->counts.dropped += outcome == REFUSED;
	if (outcome == AGAIN) {
		p->counts.retries++;
		p->counts.dropped += push_queue_return(&p->queue, r);
	} else {
		free(r->bytes);
	}
	pthread_mutex_unlock(&p->lock);
}

static void send_all(void *ctx)
{
	struct push *p = ctx;
	struct push_request r;
	unsigned int failures = 0;
	bool skipped;

	while (!is_over(p, &skipped) && next_request(p, &r)) {
		curl_off_t after_s = 0;
		const enum outcome outcome = post(p, &r, &after_s);

		tell(p, outcome);
		settle(p, &r, outcome);
		if (outcome == AGAIN)
			rest(p, wait_for(p, failures++, after_s));
		else
			failures = 0;
	}
}

static bool set_callbacks(struct push *p)
{
	CURL *c = p->setup.curl;

	return !curl.easy_setopt(c, CURLOPT_ERRORBUFFER, p->error) &&
	       !curl.easy_setopt(c, CURLOPT_WRITEFUNCTION, on_answer) &&
	       !curl.easy_setopt(c, CURLOPT_WRITEDATA, p) &&
	       !curl.easy_setopt(c, CURLOPT_NOPROGRESS, 0L) &&
	       !curl.easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress) &&
	       !curl.easy_setopt(c, CURLOPT_XFERINFODATA, p);
}

static void init_locks(struct push *p)
{
	pthread_condattr_t clock;

	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&p->changed, &clock);
	pthread_condattr_destroy(&clock);
}

int push_new(const char *url, struct push **out, struct reason *why)
{
	struct push *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	p->url = strdup(url);
	p->seed = (unsigned int)time(NULL);
	init_locks(p);
	err = p->url ? push_setup_init(&p->setup, p->url, why)
		     : reason_set(why, -ENOMEM, "out of memory");
	if (!err && !set_callbacks(p))
		err = reason_set(why, -ENOMEM, "cannot send metrics: out of memory");
	if (err)
		push_free(p);
	else
		*out = p;
	return err;
}

int push_start(struct push *p, struct reason *why)
{
	int err = thread_start(&p->thread, send_all, p);

	p->started = !err;
	return err ? reason_set(why, err, "cannot send metrics: %s", strerror(-err)) : 0;
}

void push_add(struct push *p, uint8_t *bytes, size_t size)
{
	const struct push_request r = {bytes, size};

	pthread_mutex_lock(&p->lock);
	p->counts.dropped += push_queue_add(&p->queue, &r);
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

struct push_counts push_counts(struct push *p)
{
	struct push_counts counts;

	pthread_mutex_lock(&p->lock);
	counts = p->counts;
	counts.queued = p->queue.n;
	pthread_mutex_unlock(&p->lock);
	return counts;
}

/*
 * libcurl's thread that looks up names ends by the resolver's time alone, and its caller waits for
 * it: that is not waited for.
 */
static void join(struct push *p, double until_s)
{
	const struct timespec until = timespec_of(until_s);

	if (!pthread_clockjoin_np(p->thread, NULL, CLOCK_MONOTONIC, &until))
		return;
	pthread_detach(p->thread);
	p->abandoned = true;
}

struct push_counts push_finish(struct push *p, double patience_s)
{
	const double end_s = clock_now_s() + patience_s;
	struct push_counts counts;

	pthread_mutex_lock(&p->lock);
	p->ending = true;
	p->deadline_s = end_s;
	p->last_s = end_s - patience_s / 2;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
	if (p->started)
		join(p, end_s + LATE_S);
	p->started = false;
	pthread_mutex_lock(&p->lock);
	p->counts.dropped += push_queue_clear(&p->queue) + p->abandoned;
	counts = p->counts;
	pthread_mutex_unlock(&p->lock);
	return counts;
}

void push_free(struct push *p)
{
	if (!p)
		return;
	if (p->started)
		push_finish(p, 0);
	if (p->abandoned)
		return;
	push_queue_clear(&p->queue);
	push_setup_destroy(&p->setup);
	free(p->url);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
