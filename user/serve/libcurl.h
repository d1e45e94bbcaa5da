/* SPDX-License-Identifier: BSD-2-Clause */
/* libcurl, once it has been opened: curl.easy_perform(...) is curl_easy_perform(...). */
#ifndef SS_SERVE_LIBCURL_H
#define SS_SERVE_LIBCURL_H

/* The checks are macros that call the functions by their own names. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "log/reason.h"

#define CURL_FUNCTIONS(F)                                                                          \
	F(easy_cleanup)                                                                            \
	F(easy_getinfo)                                                                            \
	F(easy_init)                                                                               \
	F(easy_perform)                                                                            \
	F(easy_setopt)                                                                             \
	F(easy_strerror)                                                                           \
	F(global_init)                                                                             \
	F(slist_append)                                                                            \
	F(slist_free_all)                                                                          \
	F(url)                                                                                     \
	F(url_cleanup)                                                                             \
	F(url_set)                                                                                 \
	F(url_strerror)

struct curl {
#define CURL_DECLARE(name) typeof(curl_##name) *name;
	CURL_FUNCTIONS(CURL_DECLARE)
#undef CURL_DECLARE
};

extern struct curl curl;

/* 0, or -ENOTSUP with why set. */
int curl_open(struct reason *why);

#endif
