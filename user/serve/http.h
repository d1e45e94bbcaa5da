/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /metrics by HTTP, from a thread that knows nothing but the last texts it was given: whoever is
 * slow, or does not read at all, waits for himself. There is also /-/healthy, and nothing else.
 */
#ifndef SS_SERVE_HTTP_H
#define SS_SERVE_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"

struct http;

/* At a time; who comes then waits, for half a second or until one of them leaves. */
#define HTTP_CONNECTIONS_MAX 128
/* Seconds for a request with its answer: then the connection is closed. */
#define HTTP_PATIENCE_S 20

/* To be asked first. 0, or -ENOTSUP with why set: there is no library to serve with. */
int http_check(struct reason *why);

/* At this socket, which is its own from here on. 0 or a negative errno with why set. */
int http_new(int listen_fd, struct http **out, struct reason *why);
void http_free(struct http *h);

struct http_text {
	char *bytes; /* allocated; it is the callee's then */
	size_t size;
};

/*
 * What is served from now on; unless the next comes within good_for_s, which can be INFINITY,
 * /-/healthy says that slicestat is stuck. 0 or -ENOMEM: what was before stays.
 */
int http_publish(struct http *h, struct http_text prometheus, struct http_text openmetrics,
		 double good_for_s);

struct http_counts {
	uint64_t scrapes, refused;
};
struct http_counts http_counts(const struct http *h);

/*
 * Seconds within which somebody will have asked for metrics again, as the last two scrapes tell; 0:
 * nobody does.
 */
double http_next_scrape_s(struct http *h);

#endif
