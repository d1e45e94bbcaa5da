/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold of every answer, whatever the input: where it does not, the fuzzer has a finding.
 */
#ifndef SS_FUZZ_REQUIRE_H
#define SS_FUZZ_REQUIRE_H

#include <stdio.h>
#include <stdlib.h>

#define require(condition) ((condition) ? (void)0 : require_failed(#condition, __FILE__, __LINE__))

static inline _Noreturn void require_failed(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

#endif
