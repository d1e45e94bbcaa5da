/* SPDX-License-Identifier: BSD-2-Clause */
/* The formats, each in a file of its own. */
#ifndef SS_OUTPUT_FORMATS_H
#define SS_OUTPUT_FORMATS_H

#include "output/advice.h"
#include "output/output.h"

extern const struct output_format output_table;
extern const struct output_format output_json;
extern const struct output_format output_pprof;
extern const struct output_format output_folded;

#endif
