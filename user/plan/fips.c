// SPDX-License-Identifier: BSD-2-Clause
#include "plan/fips.h"

static uint64_t func_addr(const struct gobin *bin, const char *name)
{
	struct gobin_func func;

	return gobin_find_func(bin, name, &func) ? 0 : func.addr;
}

struct fips_text fips_text_of(const struct gobin *bin)
{
	return (struct fips_text){
		.start = func_addr(bin, "go:textfipsstart"),
		.end = func_addr(bin, "go:textfipsend"),
	};
}

/* Where only one end of the range can be told, everything may lie in it. */
bool fips_holds(const struct fips_text *fips, uint64_t start, uint64_t end)
{
	if (!fips->start || !fips->end)
		return fips->start || fips->end;
	return start < fips->end && end > fips->start;
}
