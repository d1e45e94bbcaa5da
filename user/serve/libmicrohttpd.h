/* SPDX-License-Identifier: BSD-2-Clause */
/* libmicrohttpd, once it has been opened: mhd.run(...) is MHD_run(...). */
#ifndef SS_SERVE_LIBMICROHTTPD_H
#define SS_SERVE_LIBMICROHTTPD_H

#include <microhttpd.h>

#include "log/reason.h"

struct mhd {
	typeof(MHD_add_response_header) *add_response_header;
	typeof(MHD_create_response_from_buffer) *create_response_from_buffer;
	typeof(MHD_destroy_response) *destroy_response;
	typeof(MHD_get_connection_info) *get_connection_info;
	typeof(MHD_get_daemon_info) *get_daemon_info;
	typeof(MHD_get_timeout) *get_timeout;
	typeof(MHD_lookup_connection_value) *lookup_connection_value;
	typeof(MHD_queue_response) *queue_response;
	typeof(MHD_run) *run;
	typeof(MHD_start_daemon) *start_daemon;
	typeof(MHD_stop_daemon) *stop_daemon;
};

extern struct mhd mhd;

/* 0, or -ENOTSUP with why set. */
int mhd_open(struct reason *why);

#endif
