// SPDX-License-Identifier: BSD-2-Clause
/* In the place of all that takes libraries to be opened: the static slicestat cannot. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "serve/http.h"
#include "serve/push.h"

int http_check(struct reason *why)
{
	return reason_set(why, -ENOTSUP,
			  "this slicestat is linked statically, and cannot open the libraries "
			  "that serve takes: use one that is not");
}

int http_new(int listen_fd, double good_for_s, struct http **out, struct reason *why)
{
	(void)good_for_s;
	close(listen_fd);
	*out = NULL;
	return http_check(why);
}

void http_free(struct http *h)
{
	(void)h;
}

int http_publish(struct http *h, struct http_text prometheus, struct http_text openmetrics,
		 double good_for_s)
{
	(void)h;
	(void)good_for_s;
	free(prometheus.bytes);
	free(openmetrics.bytes);
	return 0;
}

struct http_scraping http_scraping(struct http *h)
{
	(void)h;
	return (struct http_scraping){0, 0};
}

struct http_counts http_counts(const struct http *h)
{
	(void)h;
	return (struct http_counts){0};
}

/* Nothing will be posted anywhere. */
int push_check_url(const char *url, struct reason *why)
{
	(void)url;
	(void)why;
	return 0;
}

int push_check_headers(struct reason *why)
{
	(void)why;
	return 0;
}

int push_new(const char *url, struct push **out, struct reason *why)
{
	(void)url;
	*out = NULL;
	return http_check(why);
}

int push_start(struct push *p, struct reason *why)
{
	(void)p;
	return http_check(why);
}

void push_add(struct push *p, uint8_t *bytes, size_t size)
{
	(void)p;
	(void)size;
	free(bytes);
}

struct push_counts push_counts(struct push *p)
{
	(void)p;
	return (struct push_counts){0};
}

struct push_counts push_finish(struct push *p, double patience_s)
{
	(void)patience_s;
	return push_counts(p);
}

void push_free(struct push *p)
{
	(void)p;
}
