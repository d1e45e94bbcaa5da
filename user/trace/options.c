// SPDX-License-Identifier: BSD-2-Clause
#include "trace/options.h"

bool options_scoped(const struct options *opts)
{
	return opts->scope.nin || opts->scope.nnot_in;
}

bool options_served(const struct options *opts)
{
	return opts->listen || opts->otlp;
}
