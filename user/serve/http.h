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

/*
 * At this socket, which is its own from here on; good_for_s as for http_publish. 0 or a negative
 * errno with why set.
 */
int http_new(int listen_fd, double good_for_s, struct http **out, struct reason *why);
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
 * Who asks for metrics time and again: so many scrapes will have come within so many seconds, as
 * the last ones tell; 0: nobody does.
 */
struct http_scraping {
	double within_s;
	unsigned int scrapes;
};
struct http_scraping http_scraping(struct http *h);

#endif
