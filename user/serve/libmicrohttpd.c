// SPDX-License-Identifier: BSD-2-Clause
#include "serve/libmicrohttpd.h"

#include "serve/library.h"

struct mhd mhd;

int mhd_open(struct reason *why)
{
#define MHD_FIND(name) {"MHD_" #name, (void **)&mhd.name},
	static const struct library_function functions[] = {MHD_FUNCTIONS(MHD_FIND)};

	return library_open("libmicrohttpd.so.12", "libmicrohttpd12", functions,
			    sizeof(functions) / sizeof(functions[0]), why);
}
