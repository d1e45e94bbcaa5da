// SPDX-License-Identifier: BSD-2-Clause
#include "trace/libraries.h"

#include <stdio.h>

#include "log/log.h"

struct search {
	struct parser *parser;
	const struct target *target;
	unsigned int found;
	char last[256];
};

static bool warn_of(void *ctx, int fd, const char *path)
{
	struct search *search = ctx;

	if (!parser_is_likely(search->parser, fd))
		return true;
	search->found++;
	log_warn("pid %d: %s, a Go plugin or library, has its own runtime functions, which are not "
		 "probed: slices of its code are not seen",
		 target_pid(search->target), path);
	return true;
}

void libraries_warn(struct parser *parser, const struct target *target,
		    const struct parsed_info *info)
{
	struct search search = {.parser = parser, .target = target};

	if (!target_libraries(target, warn_of, &search) && !search.found && info->opens_plugins)
		log_warn("pid %d: should it open Go plugins, slices of their code are not seen",
			 target_pid(target));
}

void libraries_warn_loaded(struct parser *parser, const struct target *target)
{
	struct search search = {.parser = parser, .target = target};

	target_libraries(target, warn_of, &search);
}

void libraries_warn_file(const char *path, const struct parsed_info *info)
{
	if (info->opens_plugins)
		log_warn("%s: should its processes open Go plugins, slices of their code are not "
			 "seen",
			 path);
}

static bool find(void *ctx, int fd, const char *path)
{
	struct search *search = ctx;

	if (!parser_is_likely(search->parser, fd))
		return true;
	search->found++;
	snprintf(search->last, sizeof(search->last), "%s", path);
	return false;
}

int libraries_explain(struct parser *parser, const struct target *target, int err,
		      struct reason *why)
{
	struct search search = {.parser = parser, .target = target};

	if (target_libraries(target, find, &search) || !search.found)
		return err;
	return reason_set(why, err,
			  "not a Go executable; its Go code lies in %s, but slices of Go libraries "
			  "cannot be traced",
			  search.last);
}
