// SPDX-License-Identifier: BSD-2-Clause
#include "output/output.h"

#include <string.h>

#include "output/formats.h"

const struct output_format *const output_formats[] = {
	&output_table, &output_json, &output_pprof, &output_folded, NULL,
};

const struct output_format *output_find(const char *name)
{
	for (size_t i = 0; output_formats[i]; i++) {
		if (strcmp(output_formats[i]->name, name) == 0)
			return output_formats[i];
	}
	return NULL;
}

const char *output_view_name(enum output_view view)
{
	static const char *const names[OUTPUT_VIEWS] = {
		[OUTPUT_BY_BASE] = "base", [OUTPUT_BY_SITE] = "site",
		[OUTPUT_BY_TYPE] = "type", [OUTPUT_BY_PROCESS] = "process",
		[OUTPUT_CHAINS] = "chain",
	};

	return names[view];
}
