// SPDX-License-Identifier: BSD-2-Clause
#include <string.h>

#include "cli/option_words.h"
#include "cli/options.h"

static error_t parse_completion(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	char known[OPTION_KNOWN_SIZE];
	size_t i = 0;

	switch (key) {
	case ARGP_KEY_ARG:
		while (option_shells[i] && strcmp(option_shells[i], arg) != 0)
			i++;
		if (o->shell || !option_shells[i])
			argp_error(state, "'%s' is not a shell; known are %s", arg,
				   option_known(known, option_shells));
		o->shell = option_shells[i];
		return 0;
	case ARGP_KEY_END:
		if (!o->shell)
			argp_error(state, "name a shell: %s", option_known(known, option_shells));
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp options_completion = {
	.parser = parse_completion,
	.args_doc = "completion bash|zsh|fish",
	.doc = "Print a script that completes slicestat's command lines in that shell.",
};
