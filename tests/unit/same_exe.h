/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether two targets run the same file. */
#ifndef SS_TESTS_SAME_EXE_H
#define SS_TESTS_SAME_EXE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "target/target.h"

static inline bool same_exe(const struct target *a, const struct target *b)
{
	struct stat x, y;

	return !fstat(target_exe_fd(a), &x) && !fstat(target_exe_fd(b), &y) &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

#endif
