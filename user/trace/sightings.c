// SPDX-License-Identifier: BSD-2-Clause
#include "trace/sightings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock/clock.h"
#include "trace/comings.h"
#include "trace/refused.h"
#include "log/log.h"
#include "target/exe_link.h"

/* Processes that wait to be looked at; of more than these, a search finds those that still run. */
#define QUEUE_MAX 16384

/* To be looked at without a break, of which each takes some 20 us. */
#define BATCH 64

/* The share of the time that this may take, and that searches alone may. */
#define LOOK_SHARE   0.5
#define SEARCH_SHARE 0.05

/* No two searches are nearer than this. */
#define SEARCH_S 1.0
/* What could not be followed for want of room or the like may be then. */
#define RETRY_S 10.0
/* For those that are there at the beginning. */
#define BEGIN_S 5.0

struct trace_sightings {
	struct trace *trace;
	struct trace_files *files;
	struct follow *kernel;
	struct refused refused;
	pid_t queue[QUEUE_MAX];
	size_t first, waiting;
	int timer;
	bool search; /* there may be processes that nobody has told of */
	/* CLOCK_MONOTONIC: no search before; when to search for what could not be followed, or
	 * INFINITY. */
	double next_s, retry_s;
	bool forbidden; /* that it is not permitted to look into some has been told */
	struct trace_missed missed;
};

static double earlier(double a, double b)
{
	return a < b ? a : b;
}

static double later(double a, double b)
{
	return a > b ? a : b;
}

/* In so many seconds, at least a nanosecond: 0 would turn it off. */
static void set_timer(const struct trace_sightings *s, double wait_s)
{
	const time_t whole = wait_s > 0 ? (time_t)wait_s : 0;
	const double rest = wait_s > 0 ? wait_s - (double)whole : 0;
	const struct itimerspec its = {
		.it_value = {.tv_sec = whole, .tv_nsec = (long)(rest * 1e9) + 1}};

	if (timerfd_settime(s->timer, 0, &its, NULL))
		log_warn("timer: %s", strerror(errno));
}

static void on_sighting(void *ctx, pid_t pid)
{
	struct trace_sightings *s = ctx;

	if (s->waiting == QUEUE_MAX) {
		s->search = true;
		return;
	}
	s->queue[(s->first + s->waiting++) % QUEUE_MAX] = pid;
	if (s->waiting == 1)
		set_timer(s, 0);
}

int trace_sightings_new(struct trace *trace, struct trace_files *files, struct follow *kernel,
			struct trace_sightings **out, struct reason *why)
{
	struct trace_sightings *s = calloc(1, sizeof(*s));

	if (!s)
		return reason_set(why, -ENOMEM, "out of memory");
	s->trace = trace;
	s->files = files;
	s->kernel = kernel;
	s->retry_s = INFINITY;
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->timer < 0) {
		int err = -errno;

		free(s);
		return reason_set(why, err, "cannot make a timer: %s", strerror(-err));
	}
	follow_listen(kernel, on_sighting, s);
	*out = s;
	return 0;
}

void trace_sightings_free(struct trace_sightings *s)
{
	if (!s)
		return;
	close(s->timer);
	free(s);
}

/* What the file is stays; all else may pass. */
static bool lasts(int err)
{
	return err == -ENODATA || err == -ENOEXEC || err == -ENOTSUP;
}

static void refuse(struct trace_sightings *s, pid_t pid, const struct stat *st, int err,
		   const struct reason *why)
{
	const double until_s = lasts(err) ? INFINITY : clock_now_s() + RETRY_S;

	if (refused_add(&s->refused, st, until_s))
		log_warn("pid %d, and what else runs its file, is not traced: %s", pid, why->text);
	s->retry_s = earlier(s->retry_s, until_s);
}

/* Whether that took time. */
static bool follow_file_of(struct trace_sightings *s, pid_t pid, int fd)
{
	struct executable *exe;
	struct reason why;
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return false;
	if (refused_is(&s->refused, &st, clock_now_s())) {
		s->missed.refused++;
		return false;
	}
	err = trace_files_follow(s->files, fd, &exe, &why);
	if (!err && !exe)
		return false;
	if (err) {
		s->missed.refused++;
		refuse(s, pid, &st, err, &why);
		return true;
	}
	trace_comings_find_newcomers(s->trace->comings);
	log_info("following %s as pid %d has it (%s)", exe->path, pid, exe->plan.go);
	return true;
}

/* Those that have another path are none that are looked for. */
static void note_missed(struct trace_sightings *s, pid_t pid, int err)
{
	if (err == -ESRCH)
		s->missed.ended++;
	if (err != -EACCES)
		return;
	s->missed.forbidden++;
	if (s->forbidden)
		return;
	s->forbidden = true;
	log_warn("not permitted to look into process %d, which may run %s, and maybe others: run "
		 "as root or with CAP_SYS_PTRACE",
		 pid, s->trace->opts->exe);
}

static bool look_at(struct trace_sightings *s, pid_t pid)
{
	int fd = exe_link_open(pid, s->trace->opts->exe);
	bool took_time;

	if (fd < 0) {
		note_missed(s, pid, fd);
		return false;
	}
	took_time = follow_file_of(s, pid, fd);
	close(fd);
	return took_time;
}

static bool look_at_next(struct trace_sightings *s)
{
	const pid_t pid = s->queue[s->first];

	s->first = (s->first + 1) % QUEUE_MAX;
	s->waiting--;
	return look_at(s, pid);
}

static int search(struct trace_sightings *s)
{
	const double begin_s = clock_now_s();
	int err;

	s->search = false;
	if (begin_s >= s->retry_s)
		s->retry_s = INFINITY;
	err = follow_search(s->kernel);
	s->next_s = clock_now_s() + later(SEARCH_S, (clock_now_s() - begin_s) / SEARCH_SHARE);
	return err;
}

/* When the next search is due; INFINITY: none is. */
static double due_s(const struct trace_sightings *s)
{
	return s->search ? s->next_s : later(s->next_s, s->retry_s);
}

/* Those that wait have taken so long up to now. */
static void set_next(struct trace_sightings *s, double cost_s)
{
	if (s->waiting)
		set_timer(s, cost_s / LOOK_SHARE - cost_s);
	else if (isfinite(due_s(s)))
		set_timer(s, due_s(s) - clock_now_s());
}

int trace_sightings_begin(struct trace_sightings *s, struct reason *why)
{
	const double begin_s = clock_now_s();
	int err = search(s);

	if (err)
		return reason_set(why, err, "cannot walk over processes: %s", strerror(-err));
	while (s->waiting && clock_now_s() < begin_s + BEGIN_S)
		look_at_next(s);
	set_next(s, 0);
	return 0;
}

int trace_sightings_fd(const struct trace_sightings *s)
{
	return s->timer;
}

void trace_sightings_look(struct trace_sightings *s)
{
	const double begin_s = clock_now_s();
	uint64_t expirations;

	/* Where it has not gone off there is nothing to be read. */
	(void)!read(s->timer, &expirations, sizeof(expirations));
	for (int i = 0; i < BATCH && s->waiting; i++)
		if (look_at_next(s))
			break;
	if (!s->waiting && clock_now_s() >= due_s(s) && search(s))
		log_warn("cannot walk over processes: some may not be found");
	trace_sightings_check(s);
	set_next(s, clock_now_s() - begin_s);
}

void trace_sightings_check(struct trace_sightings *s)
{
	if (!follow_has_missed(s->kernel))
		return;
	log_debug("too many processes came at once: looking for them");
	trace_sightings_again(s);
}

/* Not before the next one is due. */
void trace_sightings_again(struct trace_sightings *s)
{
	s->search = true;
	set_next(s, 0);
}

const struct trace_missed *trace_sightings_missed(const struct trace_sightings *s)
{
	return &s->missed;
}
