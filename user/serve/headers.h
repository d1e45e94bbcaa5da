/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers that the environment names: what is secret stands in no command line and in no log. */
#ifndef SS_SERVE_HEADERS_H
#define SS_SERVE_HEADERS_H

#include "log/reason.h"

/*
 * text is name=value, between commas, values with % as in URLs: as OTEL_EXPORTER_OTLP_HEADERS has
 * them (opentelemetry.io/docs/specs/otel/protocol/exporter). take gets each as "name: value",
 * "name;" where that is empty; it returns 0 or a negative errno. 0, or a negative errno with why
 * set, in which no part of the text stands; variable is its name there.
 */
int headers_read(const char *variable, const char *text, int (*take)(void *ctx, const char *line),
		 void *ctx, struct reason *why);

#endif
