// SPDX-License-Identifier: BSD-2-Clause
#include "cli/publish.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log/log.h"
#include "metrics/collect.h"
#include "serve/http.h"
#include "serve/listen.h"
#include "serve/push.h"
#include "trace/budget.h"
#include "trace/follow.h"
#include "trace/sightings.h"
#include "trace/targets.h"

/* So many intervals without a report, and so many seconds, are too many. */
#define STUCK_INTERVALS 10
#define STUCK_S		60.0

/* Drains wait for names. */
#define NAMING_S 2.0

/* The last scrape is awaited for so long at most: services are given 60 s for their end. */
#define LAST_SCRAPE_S  40.0
#define LAST_SCRAPE_MS 50

/* A service that is told to stop is waited for much longer. */
#define FLUSH_S 10.0

struct publisher {
	const struct options *opts;
	struct collector *collector;
	int listen_fd; /* -1: none, or http's */
	char place[LISTEN_NAME_SIZE];
	struct http *http;
	struct push *push;
	char instance[128];
};

static int open_socket(struct publisher *p, struct reason *why)
{
	bool open = false;

	if (!p->opts->listen)
		return 0;
	p->listen_fd = listen_at(p->opts->listen, &open, why);
	if (p->listen_fd < 0)
		return p->listen_fd;
	listen_name(p->listen_fd, p->place);
	if (open)
		log_warn("whoever reaches %s can read names of functions and files, without a "
			 "password",
			 p->place);
	return 0;
}

int publisher_new(const struct options *opts, struct publisher **out, struct reason *why)
{
	char host[64] = "";
	struct publisher *p;
	int err = http_check(why);

	if (err)
		return err;
	p = calloc(1, sizeof(*p));
	if (!p)
		return reason_set(why, -ENOMEM, "out of memory");
	p->opts = opts;
	p->listen_fd = -1;
	(void)gethostname(host, sizeof(host) - 1);
	snprintf(p->instance, sizeof(p->instance), "%s:%d", host, getpid());
	p->collector = collector_new(opts->top, NAMING_S);
	err = p->collector ? open_socket(p, why) : reason_set(why, -ENOMEM, "out of memory");
	if (!err && opts->otlp)
		err = push_new(opts->otlp, &p->push, why);
	if (err)
		publisher_free(p);
	else
		*out = p;
	return err;
}

static double good_for_s(const struct publisher *p, bool final)
{
	const double intervals_s = STUCK_INTERVALS * p->opts->interval_s;

	if (final)
		return INFINITY;
	return intervals_s > STUCK_S ? intervals_s : STUCK_S;
}

int publisher_start(struct publisher *p, struct reason *why)
{
	int err = 0;

	if (p->listen_fd >= 0) {
		err = http_new(p->listen_fd, good_for_s(p, false), &p->http, why);
		p->listen_fd = -1;
	}
	if (!err && p->opts->otlp)
		err = push_start(p->push, why);
	if (!err && p->push)
		log_info("sending metrics to %s", p->opts->otlp);
	if (!err && p->http)
		log_info("serving http://%s/metrics", p->place);
	return err;
}

bool publisher_serves(const struct publisher *p)
{
	return p && p->http;
}

static struct metrics_own own_of(const struct publisher *p)
{
	struct metrics_own own = {.otlp = p->push != NULL};

	if (p->http) {
		const struct http_counts counts = http_counts(p->http);

		own.scrapes = counts.scrapes;
		own.refused = counts.refused;
	}
	if (p->push) {
		const struct push_counts counts = push_counts(p->push);

		own.otlp_sent = counts.sent;
		own.otlp_dropped = counts.dropped;
		own.otlp_retries = counts.retries;
		own.otlp_rejected = counts.rejected;
		own.otlp_queued = counts.queued;
	}
	return own;
}

static int write_text(const struct metrics *m, enum metrics_text format, struct http_text *text)
{
	FILE *f = open_memstream(&text->bytes, &text->size);
	int err = f ? metrics_write_text(f, format, m) : -ENOMEM;

	if (f && fclose(f) && !err)
		err = -errno;
	return err;
}

static int show(struct publisher *p, const struct metrics *m, bool final)
{
	struct http_text prometheus = {NULL, 0}, openmetrics = {NULL, 0};
	int err = write_text(m, METRICS_PROMETHEUS, &prometheus);

	if (!err)
		err = write_text(m, METRICS_OPENMETRICS, &openmetrics);
	if (!err)
		return http_publish(p->http, prometheus, openmetrics, good_for_s(p, final));
	free(prometheus.bytes);
	free(openmetrics.bytes);
	return err;
}

static int send(struct publisher *p, const struct metrics *m)
{
	size_t size = 0;
	uint8_t *bytes = metrics_pack_otlp(m, p->instance, &size);

	if (!bytes)
		return -ENOMEM;
	push_add(p->push, bytes, size);
	return 0;
}

/* Without a budget all of the time is traced. */
static void fill_cpu_times(const struct trace *trace, double cost_s, struct collect_input *in)
{
	in->cpu_s = trace_cpu_s(trace);
	in->useful_s = trace->budget ? trace_budget_useful_s(trace->budget) : in->cpu_s - cost_s;
	in->traced_s = trace->budget ? trace_budget_traced_s(trace->budget) : in->useful_s;
}

/* False: nobody is looked for. */
static bool fill_missed(const struct trace *trace, struct collect_missed *out)
{
	const struct trace_missed *missed = trace->follow ? trace_follow_missed(trace) : NULL;

	if (missed)
		*out = (struct collect_missed){missed->ended, missed->forbidden, missed->refused};
	return missed != NULL;
}

int publisher_take(struct publisher *p, struct trace *trace, const struct output_options *opts,
		   const struct output_report *r)
{
	struct collect_input in = {
		.report = r,
		.opts = opts,
		.lengths = report_lengths(trace->report),
		.window_fill = session_take_window_fill(trace->session),
		.budget = trace->opts->budget,
		.interval_s = trace->opts->interval_s,
		.own = own_of(p),
	};
	struct collect_missed missed;
	struct metrics *m;
	int err;

	fill_cpu_times(trace, r->cost_s, &in);
	if (fill_missed(trace, &missed))
		in.missed = &missed;
	m = collector_take(p->collector, &in);
	err = m ? 0 : -ENOMEM;
	if (!err && p->http)
		err = show(p, m, r->final);
	if (m && p->push) {
		int failed = send(p, m);

		err = err ? err : failed;
	}
	metrics_free(m);
	return err;
}

void publisher_await_scrape(struct publisher *p, int stop_fd)
{
	struct http_scraping scraping = {0, 0};
	struct pollfd stop = {.fd = stop_fd, .events = POLLIN};
	uint64_t wanted;

	if (p->http)
		scraping = http_scraping(p->http);
	if (!scraping.scrapes)
		return;
	wanted = http_counts(p->http).scrapes + scraping.scrapes;
	log_info("the exact totals are served until they have been asked for, or ^C");
	for (double s = 0; s < scraping.within_s && s < LAST_SCRAPE_S; s += LAST_SCRAPE_MS / 1000.0)
		if (http_counts(p->http).scrapes >= wanted || poll(&stop, 1, LAST_SCRAPE_MS))
			return;
}

void publisher_finish(struct publisher *p)
{
	struct push_counts counts;

	if (!p->push)
		return;
	counts = push_finish(p->push, FLUSH_S);
	log_info("sent %llu snapshots to %s", (unsigned long long)counts.sent, p->opts->otlp);
	if (counts.dropped)
		log_warn("%llu snapshots never came to %s", (unsigned long long)counts.dropped,
			 p->opts->otlp);
}

void publisher_free(struct publisher *p)
{
	if (!p)
		return;
	http_free(p->http);
	push_free(p->push);
	if (p->listen_fd >= 0)
		close(p->listen_fd);
	collector_free(p->collector);
	free(p);
}
