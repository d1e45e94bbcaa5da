/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the two text formats a client would rather have, by its Accept header. */
#ifndef SS_SERVE_ACCEPT_H
#define SS_SERVE_ACCEPT_H

#include <stdbool.h>

/* OpenMetrics 1.0.0; accept may be NULL: then no. Of two that it likes as much, the newer one. */
bool accept_openmetrics(const char *accept);

#endif
