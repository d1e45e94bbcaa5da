// SPDX-License-Identifier: BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "cli/completion.h"
#include "cli/verbs.h"
#include "log/log.h"

int verb_completion(const struct options *opts)
{
	if (!strcmp(opts->shell, "bash"))
		completion_bash(stdout);
	else if (!strcmp(opts->shell, "zsh"))
		completion_zsh(stdout);
	else
		completion_fish(stdout);
	if (!ferror(stdout) && !fflush(stdout))
		return 0;
	log_error("cannot write the script: %s", strerror(errno));
	return 1;
}
