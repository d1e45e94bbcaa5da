// SPDX-License-Identifier: BSD-2-Clause
#include "serve/libcurl.h"

#include "serve/library.h"

struct curl curl;

int curl_open(struct reason *why)
{
#define CURL_FIND(name) {"curl_" #name, (void **)&curl.name},
	static const struct library_function functions[] = {CURL_FUNCTIONS(CURL_FIND)};

	return library_open("libcurl.so.4", "libcurl4", functions,
			    sizeof(functions) / sizeof(functions[0]), why);
}
