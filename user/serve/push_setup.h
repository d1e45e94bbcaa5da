/* SPDX-License-Identifier: BSD-2-Clause */
/* Where requests are posted to, and with what: by the URL and the environment. */
#ifndef SS_SERVE_PUSH_SETUP_H
#define SS_SERVE_PUSH_SETUP_H

#include "log/reason.h"
#include "serve/libcurl.h"

struct push_setup {
	CURL *curl;
	struct curl_slist *headers;
};

/*
 * For url, which has been checked and is borrowed. 0 or a negative errno with why set. To be
 * destroyed in any case.
 */
int push_setup_init(struct push_setup *s, const char *url, struct reason *why);
void push_setup_destroy(struct push_setup *s);

#endif
