// SPDX-License-Identifier: BSD-2-Clause
#include "serve/http.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock/clock.h"
#include "serve/accept.h"
#include "serve/libmicrohttpd.h"
#include "serve/thread.h"

/* For a request's headers; larger ones are refused. */
#define REQUEST_MAX ((size_t)16384)
/* Without a byte. */
#define IDLE_S	((unsigned int)10)
#define TICK_MS 1000
/* Scrapes whose distances are kept: more than one may ask, each in its own time. */
#define GAPS 6
/* A scrape may come later than these tell. */
#define SCRAPE_LATE_PART 0.1
#define SCRAPE_LATE_S	 0.5
/* Where others wait for a place: who has had one for so long gives it up. */
#define CROWD_S	 0.5
#define CROWD_MS 50

enum text { TEXT_PROMETHEUS, TEXT_OPENMETRICS, TEXTS };

struct connection {
	int fd;		/* -1: none */
	double since_s; /* it came, or its last request was done */
};

struct http {
	struct MHD_Daemon *daemon;
	pthread_t thread;
	bool started;
	int listen_fd; /* the daemon's */
	int stop_fd;
	pthread_mutex_t lock; /* of what is below, but for other answers and connections */
	struct MHD_Response *metrics[TEXTS];
	double healthy_until_s;
	double scraped_s;  /* the last time, or 0 */
	double gaps[GAPS]; /* between the last scrapes, in any order; 0: not known */
	unsigned int scraped;
	struct MHD_Response *healthy, *stuck, *not_found, *not_allowed, *not_yet;
	struct connection connections[HTTP_CONNECTIONS_MAX];
	atomic_uint_fast64_t scrapes, refused;
};

static enum MHD_Result refuse(struct http *h, struct MHD_Connection *c, unsigned int status,
			      struct MHD_Response *response)
{
	atomic_fetch_add(&h->refused, 1);
	return mhd.queue_response(c, status, response);
}

static enum MHD_Result answer_metrics(struct http *h, struct MHD_Connection *c)
{
	const char *accept =
		mhd.lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
	const enum text text = accept_openmetrics(accept) ? TEXT_OPENMETRICS : TEXT_PROMETHEUS;
	enum MHD_Result result;

	pthread_mutex_lock(&h->lock);
	if (h->metrics[text]) {
		result = mhd.queue_response(c, MHD_HTTP_OK, h->metrics[text]);
	} else {
		result = mhd.queue_response(c, MHD_HTTP_SERVICE_UNAVAILABLE, h->not_yet);
	}
	pthread_mutex_unlock(&h->lock);
	return result;
}

static enum MHD_Result answer_health(struct http *h, struct MHD_Connection *c)
{
	bool healthy;

	pthread_mutex_lock(&h->lock);
	healthy = clock_now_s() < h->healthy_until_s;
	pthread_mutex_unlock(&h->lock);
	return healthy ? mhd.queue_response(c, MHD_HTTP_OK, h->healthy)
		       : mhd.queue_response(c, MHD_HTTP_SERVICE_UNAVAILABLE, h->stuck);
}

/* A body is refused with the request: nothing is ever uploaded. */
static enum MHD_Result answer(void *ctx, struct MHD_Connection *c, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **request)
{
	struct http *h = ctx;

	(void)version;
	(void)upload;
	(void)upload_size;
	if (strcmp(url, "/metrics") != 0 && strcmp(url, "/-/healthy") != 0)
		return refuse(h, c, MHD_HTTP_NOT_FOUND, h->not_found);
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return refuse(h, c, MHD_HTTP_METHOD_NOT_ALLOWED, h->not_allowed);
	if (!strcmp(url, "/-/healthy"))
		return answer_health(h, c);
	if (!strcmp(method, MHD_HTTP_METHOD_GET))
		*request = h->metrics;
	return answer_metrics(h, c);
}

/* Connections are counted by MHD: there is always a place. */
static void on_connection(void *ctx, struct MHD_Connection *c, void **place,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http *h = ctx;
	const union MHD_ConnectionInfo *info;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*place)
			((struct connection *)*place)->fd = -1;
		return;
	}
	info = mhd.get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	for (size_t i = 0; i < HTTP_CONNECTIONS_MAX && info; i++) {
		if (h->connections[i].fd >= 0)
			continue;
		h->connections[i] = (struct connection){info->connect_fd, clock_now_s()};
		*place = &h->connections[i];
		return;
	}
}

static void note_scrape(struct http *h)
{
	const double now_s = clock_now_s();

	pthread_mutex_lock(&h->lock);
	if (h->scraped_s > 0)
		h->gaps[h->scraped++ % GAPS] = now_s - h->scraped_s;
	h->scraped_s = now_s;
	pthread_mutex_unlock(&h->lock);
	atomic_fetch_add(&h->scrapes, 1);
}

/* *request is set by one for metrics, which counts when it has been answered. */
static void on_completed(void *ctx, struct MHD_Connection *c, void **request,
			 enum MHD_RequestTerminationCode code)
{
	const union MHD_ConnectionInfo *info =
		mhd.get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct connection *connection = info ? info->socket_context : NULL;

	if (*request && code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		note_scrape(ctx);
	if (connection)
		connection->since_s = clock_now_s();
}

static void close_older(const struct http *h, double than_s)
{
	const double now_s = clock_now_s();

	for (size_t i = 0; i < HTTP_CONNECTIONS_MAX; i++)
		if (h->connections[i].fd >= 0 && now_s - h->connections[i].since_s > than_s)
			shutdown(h->connections[i].fd, SHUT_RDWR);
}

static bool is_full(const struct http *h)
{
	for (size_t i = 0; i < HTTP_CONNECTIONS_MAX; i++)
		if (h->connections[i].fd < 0)
			return false;
	return true;
}

/*
 * A byte now and then would hold a connection, and a text, for ever. Where all places are taken,
 * the daemon does not accept, and who waits is seen here alone. How long to wait at most, in ms.
 */
static int close_slow(const struct http *h)
{
	struct pollfd waiting = {.fd = h->listen_fd, .events = POLLIN};

	close_older(h, HTTP_PATIENCE_S);
	if (!is_full(h))
		return TICK_MS;
	if (poll(&waiting, 1, 0) == 1)
		close_older(h, CROWD_S);
	return CROWD_MS;
}

static void serve(void *ctx)
{
	struct http *h = ctx;
	const union MHD_DaemonInfo *info = mhd.get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd fds[] = {{.fd = info ? info->epoll_fd : -1, .events = POLLIN},
			       {.fd = h->stop_fd, .events = POLLIN}};

	while (!fds[1].revents) {
		const MHD_UNSIGNED_LONG_LONG most_ms = (MHD_UNSIGNED_LONG_LONG)close_slow(h);
		MHD_UNSIGNED_LONG_LONG wait_ms = most_ms;

		if (mhd.get_timeout(h->daemon, &wait_ms) != MHD_YES || wait_ms > most_ms)
			wait_ms = most_ms;
		if (poll(fds, 2, (int)wait_ms) < 0 && errno != EINTR)
			return;
		mhd.run(h->daemon);
	}
}

static struct MHD_Response *fixed(char *text)
{
	struct MHD_Response *r =
		mhd.create_response_from_buffer(strlen(text), text, MHD_RESPMEM_PERSISTENT);

	if (r)
		mhd.add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
	return r;
}

static bool make_fixed(struct http *h)
{
	h->healthy = fixed("slicestat is healthy\n");
	h->stuck = fixed("slicestat is stuck: nothing new has come for long\n");
	h->not_found = fixed("there is /metrics and /-/healthy\n");
	h->not_allowed = fixed("there is GET and HEAD\n");
	h->not_yet = fixed("nothing is counted yet\n");
	return h->healthy && h->stuck && h->not_found && h->not_allowed && h->not_yet &&
	       mhd.add_response_header(h->not_allowed, MHD_HTTP_HEADER_ALLOW, "GET, HEAD") ==
		       MHD_YES;
}

/* What clients do wrong is no message of ours. */
static void ignore(void *ctx, const char *fmt, va_list ap)
{
	(void)ctx;
	(void)fmt;
	(void)ap;
}

static struct MHD_Daemon *start_daemon(struct http *h, int listen_fd)
{
	return mhd.start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, answer, h,
				MHD_OPTION_EXTERNAL_LOGGER, ignore, NULL, MHD_OPTION_LISTEN_SOCKET,
				listen_fd, MHD_OPTION_CONNECTION_LIMIT,
				(unsigned int)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
				IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, REQUEST_MAX,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_END);
}

int http_check(struct reason *why)
{
	return mhd_open(why);
}

int http_new(int listen_fd, double good_for_s, struct http **out, struct reason *why)
{
	struct http *h = calloc(1, sizeof(*h));
	int err = -ENOMEM;

	if (h) {
		pthread_mutex_init(&h->lock, NULL);
		h->listen_fd = listen_fd;
		h->healthy_until_s = clock_now_s() + good_for_s;
		for (size_t i = 0; i < HTTP_CONNECTIONS_MAX; i++)
			h->connections[i].fd = -1;
		h->stop_fd = eventfd(0, EFD_CLOEXEC);
		h->daemon = make_fixed(h) && h->stop_fd >= 0 ? start_daemon(h, listen_fd) : NULL;
	}
	if (h && h->daemon)
		err = thread_start(&h->thread, serve, h);
	if (err) {
		if (!h || !h->daemon)
			close(listen_fd);
		http_free(h);
		return reason_set(why, err, "cannot serve metrics: %s", strerror(-err));
	}
	h->started = true;
	*out = h;
	return 0;
}

static void forget(struct MHD_Response *r)
{
	if (r)
		mhd.destroy_response(r);
}

void http_free(struct http *h)
{
	const uint64_t one = 1;

	if (!h)
		return;
	if (h->started && write(h->stop_fd, &one, sizeof(one)) == sizeof(one))
		pthread_join(h->thread, NULL);
	if (h->daemon)
		mhd.stop_daemon(h->daemon);
	for (size_t i = 0; i < TEXTS; i++)
		forget(h->metrics[i]);
	forget(h->healthy);
	forget(h->stuck);
	forget(h->not_found);
	forget(h->not_allowed);
	forget(h->not_yet);
	if (h->stop_fd >= 0)
		close(h->stop_fd);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

static struct MHD_Response *response_of(struct http_text text, const char *type)
{
	struct MHD_Response *r =
		mhd.create_response_from_buffer(text.size, text.bytes, MHD_RESPMEM_MUST_FREE);

	if (!r)
		free(text.bytes);
	else
		mhd.add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	return r;
}

int http_publish(struct http *h, struct http_text prometheus, struct http_text openmetrics,
		 double good_for_s)
{
	struct MHD_Response *next[TEXTS] = {
		[TEXT_PROMETHEUS] =
			response_of(prometheus, "text/plain; version=0.0.4; charset=utf-8"),
		[TEXT_OPENMETRICS] =
			response_of(openmetrics, "application/openmetrics-text; version=1.0.0; "
						 "charset=utf-8"),
	};
	const bool whole = next[TEXT_PROMETHEUS] && next[TEXT_OPENMETRICS];

	pthread_mutex_lock(&h->lock);
	if (whole)
		h->healthy_until_s = clock_now_s() + good_for_s;
	for (size_t i = 0; i < TEXTS && whole; i++) {
		struct MHD_Response *before = h->metrics[i];

		h->metrics[i] = next[i];
		next[i] = before;
	}
	pthread_mutex_unlock(&h->lock);
	/* Those that are being read stay until they have been. */
	for (size_t i = 0; i < TEXTS; i++)
		forget(next[i]);
	return whole ? 0 : -ENOMEM;
}

struct http_counts http_counts(const struct http *h)
{
	return (struct http_counts){.scrapes = atomic_load(&h->scrapes),
				    .refused = atomic_load(&h->refused)};
}

struct http_scraping http_scraping(struct http *h)
{
	struct http_scraping out = {0, 0};
	double longest = 0, next_s;
	unsigned int n = 0, rounds = 0;

	pthread_mutex_lock(&h->lock);
	for (size_t i = 0; i < GAPS; i++)
		longest = h->gaps[i] > longest ? h->gaps[i] : longest;
	for (size_t i = 0; i < GAPS; i++) {
		n += h->gaps[i] > 0;
		rounds += h->gaps[i] > longest / 2;
	}
	next_s = h->scraped_s + longest - clock_now_s();
	pthread_mutex_unlock(&h->lock);
	if (!rounds || next_s < -longest)
		return out;
	out.within_s = (next_s > 0 ? next_s : 0) + SCRAPE_LATE_PART * longest + SCRAPE_LATE_S;
	out.scrapes = (n + rounds - 1) / rounds;
	return out;
}
