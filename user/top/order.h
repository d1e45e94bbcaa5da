/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_TOP_ORDER_H
#define SS_TOP_ORDER_H

#include "top/fields.h"

/* By the field, largest first, or reversed; ties by events and key, so that rows do not jump. */
void top_order(struct top_row *rows, size_t n, enum top_field field, double interval_s,
	       bool reversed);

#endif
