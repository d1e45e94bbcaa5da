// SPDX-License-Identifier: BSD-2-Clause
#include "serve/libcurl.h"

#include "serve/library.h"

struct curl curl;

int curl_open(struct reason *why)
{
#define CURL_FIND(name)                                                                            \
	{                                                                                          \
		"curl_" #name, (void **)&curl.name                                                 \
	}
	static const struct library_function functions[] = {
		CURL_FIND(easy_cleanup), CURL_FIND(easy_getinfo), CURL_FIND(easy_init),
		CURL_FIND(easy_perform), CURL_FIND(easy_setopt),  CURL_FIND(easy_strerror),
		CURL_FIND(global_init),	 CURL_FIND(slist_append), CURL_FIND(slist_free_all),
		CURL_FIND(url),		 CURL_FIND(url_cleanup),  CURL_FIND(url_set),
		CURL_FIND(url_strerror),
	};
	_Static_assert(sizeof(functions) / sizeof(functions[0]) == sizeof(curl) / sizeof(void *),
		       "all of them");

	return library_open("libcurl.so.4", "libcurl4", functions,
			    sizeof(functions) / sizeof(functions[0]), why);
}
