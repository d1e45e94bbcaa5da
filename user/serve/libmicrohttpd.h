/* SPDX-License-Identifier: BSD-2-Clause */
/* libmicrohttpd, once it has been opened: mhd.run(...) is MHD_run(...). */
#ifndef SS_SERVE_LIBMICROHTTPD_H
#define SS_SERVE_LIBMICROHTTPD_H

#include <microhttpd.h>

#include "log/reason.h"

#define MHD_FUNCTIONS(F)                                                                           \
	F(add_response_header)                                                                     \
	F(create_response_from_buffer)                                                             \
	F(destroy_response)                                                                        \
	F(get_connection_info)                                                                     \
	F(get_daemon_info)                                                                         \
	F(get_timeout)                                                                             \
	F(lookup_connection_value)                                                                 \
	F(queue_response)                                                                          \
	F(run)                                                                                     \
	F(start_daemon)                                                                            \
	F(stop_daemon)

struct mhd {
#define MHD_DECLARE(name) typeof(MHD_##name) *name;
	MHD_FUNCTIONS(MHD_DECLARE)
#undef MHD_DECLARE
};

extern struct mhd mhd;

/* 0, or -ENOTSUP with why set. */
int mhd_open(struct reason *why);

#endif
