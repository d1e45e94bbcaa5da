// SPDX-License-Identifier: BSD-2-Clause
/* As exporters of OpenTelemetry do it: opentelemetry.io/docs/specs/otel/protocol/exporter. */
#include "serve/push_setup.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "serve/headers.h"
#include "serve/push.h"

#define VARIABLE   "OTEL_EXPORTER_OTLP_"
#define CONNECT_MS 5000L
#define REQUEST_MS 10000L

/* What is said of metrics goes before what is said of all; "" is as if nothing were. */
static const char *environment(const char *of_metrics, const char *of_all, const char **name)
{
	const char *text = getenv(of_metrics);

	*name = of_metrics;
	if (!text || !*text) {
		text = getenv(of_all);
		*name = of_all;
	}
	return text && *text ? text : NULL;
}

/* A command line is read by others, and by who reads logs. */
static int parse_url(const char *url, struct reason *why)
{
	CURLU *parts = curl.url();
	CURLUcode code;

	if (!parts)
		return reason_set(why, -ENOMEM, "out of memory");
	code = curl.url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER);
	curl.url_cleanup(parts);
	if (code == CURLUE_USER_NOT_ALLOWED)
		return reason_set(why, -EINVAL,
				  "--otlp: a user or password does not belong in the URL: name it "
				  "by " VARIABLE "HEADERS, see slicestat(8)");
	if (code)
		return reason_set(why, -EINVAL, "--otlp: '%.80s': %s", url,
				  curl.url_strerror(code));
	return 0;
}

/* What libcurl takes for a URL is known to it alone; that it is missing is told when it is needed.
 */
int push_check_url(const char *url, struct reason *why)
{
	struct reason missing;

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return reason_set(why, -EINVAL, "--otlp: '%.80s' is no http:// or https:// URL",
				  url);
	return curl_open(&missing) ? 0 : parse_url(url, why);
}

static int take_none(void *ctx, const char *line)
{
	(void)ctx;
	(void)line;
	return 0;
}

int push_check_headers(struct reason *why)
{
	const char *name;
	const char *text = environment(VARIABLE "METRICS_HEADERS", VARIABLE "HEADERS", &name);

	return text ? headers_read(name, text, take_none, NULL, why) : 0;
}

static int take_header(void *ctx, const char *line)
{
	struct push_setup *s = ctx;
	struct curl_slist *longer = curl.slist_append(s->headers, line);

	if (!longer)
		return -ENOMEM;
	s->headers = longer;
	return 0;
}

/* Without "Expect", which curl adds to a large request, a receiver that does not know it is as
 * fast. */
static int make_headers(struct push_setup *s, struct reason *why)
{
	const char *name;
	const char *text = environment(VARIABLE "METRICS_HEADERS", VARIABLE "HEADERS", &name);

	if (take_header(s, "Content-Type: application/x-protobuf") || take_header(s, "Expect:"))
		return reason_set(why, -ENOMEM, "out of memory");
	return text ? headers_read(name, text, take_header, s, why) : 0;
}

static bool set_options(const struct push_setup *s, const char *url)
{
	const char *name;
	const char *authorities =
		environment(VARIABLE "METRICS_CERTIFICATE", VARIABLE "CERTIFICATE", &name);
	CURL *c = s->curl;

	return !curl.easy_setopt(c, CURLOPT_URL, url) &&
	       !curl.easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       !curl.easy_setopt(c, CURLOPT_POST, 1L) &&
	       !curl.easy_setopt(c, CURLOPT_HTTPHEADER, s->headers) &&
	       (!authorities || !curl.easy_setopt(c, CURLOPT_CAINFO, authorities)) &&
	       !curl.easy_setopt(c, CURLOPT_USERAGENT, "slicestat/" SLICESTAT_VERSION) &&
	       !curl.easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
	       !curl.easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) &&
	       !curl.easy_setopt(c, CURLOPT_TIMEOUT_MS, REQUEST_MS);
}

int push_setup_init(struct push_setup *s, const char *url, struct reason *why)
{
	int err = curl_open(why);

	*s = (struct push_setup){.curl = NULL};
	if (err)
		return err;
	err = make_headers(s, why);
	if (err)
		return err;
	if (!curl.global_init(CURL_GLOBAL_DEFAULT))
		s->curl = curl.easy_init();
	if (!s->curl || !set_options(s, url))
		return reason_set(why, -ENOMEM, "cannot send metrics: out of memory");
	return 0;
}

void push_setup_destroy(struct push_setup *s)
{
	if (s->curl)
		curl.easy_cleanup(s->curl);
	if (s->headers)
		curl.slist_free_all(s->headers);
}
