/* SPDX-License-Identifier: BSD-2-Clause */
/* libcurl, once it has been opened: curl.easy_perform(...) is curl_easy_perform(...). */
#ifndef SS_SERVE_LIBCURL_H
#define SS_SERVE_LIBCURL_H

/* The checks are macros that call the functions by their own names. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "log/reason.h"

struct curl {
	typeof(curl_easy_cleanup) *easy_cleanup;
	typeof(curl_easy_getinfo) *easy_getinfo;
	typeof(curl_easy_init) *easy_init;
	typeof(curl_easy_perform) *easy_perform;
	typeof(curl_easy_setopt) *easy_setopt;
	typeof(curl_easy_strerror) *easy_strerror;
	typeof(curl_global_init) *global_init;
	typeof(curl_slist_append) *slist_append;
	typeof(curl_slist_free_all) *slist_free_all;
	typeof(curl_url) *url;
	typeof(curl_url_cleanup) *url_cleanup;
	typeof(curl_url_set) *url_set;
	typeof(curl_url_strerror) *url_strerror;
};

extern struct curl curl;

/* 0, or -ENOTSUP with why set. */
int curl_open(struct reason *why);

#endif
