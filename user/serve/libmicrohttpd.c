// SPDX-License-Identifier: BSD-2-Clause
#include "serve/libmicrohttpd.h"

#include "serve/library.h"

struct mhd mhd;

int mhd_open(struct reason *why)
{
#define MHD_FIND(name)                                                                             \
	{                                                                                          \
		"MHD_" #name, (void **)&mhd.name                                                   \
	}
	static const struct library_function functions[] = {
		MHD_FIND(add_response_header),
		MHD_FIND(create_response_from_buffer),
		MHD_FIND(destroy_response),
		MHD_FIND(get_connection_info),
		MHD_FIND(get_daemon_info),
		MHD_FIND(get_timeout),
		MHD_FIND(lookup_connection_value),
		MHD_FIND(queue_response),
		MHD_FIND(run),
		MHD_FIND(start_daemon),
		MHD_FIND(stop_daemon),
	};
	_Static_assert(sizeof(functions) / sizeof(functions[0]) == sizeof(mhd) / sizeof(void *),
		       "all of them");

	return library_open("libmicrohttpd.so.12", "libmicrohttpd12", functions,
			    sizeof(functions) / sizeof(functions[0]), why);
}
